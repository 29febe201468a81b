"""Reading files that somebody else put there (a repository can hold a link to `/dev/zero`, or a named pipe), and
replacing files that somebody needs."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read as a whole."""


def read_regular(path: str | Path, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file of at most `largest` bytes, or of a pipe that a shell handed over (`<(…)`).

    Raises OSError, whose `strerror` says what it is instead; nothing waits for a writer and nothing reads for ever.
    """
    mode = os.stat(path).st_mode  # noqa: PTH116 (half the time, for each of a thousand files)
    handed_over = stat.S_ISFIFO(mode) and str(path).startswith(("/dev/", "/proc/"))
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
    if not (stat.S_ISREG(mode) or handed_over):
        raise OSError(errno.EINVAL, "It is a device or a pipe, not a file", str(path))
    with open(path, "rb") as file:  # noqa: PTH123
        data = file.read(largest + 1)
    if len(data) > largest:
        raise OSError(errno.EFBIG, f"It has more than {largest // 1024 // 1024} MB", str(path))
    return data


def replace_file(path: Path, data: bytes) -> None:
    """Make `data` the content of a file that exists, at once or not at all: a full disk leaves it as it was. Its mode
    is kept, and a link stays a link. Raises OSError."""
    place = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(data)
        Path(name).chmod(place.stat().st_mode & 0o7777)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
