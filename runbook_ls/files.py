"""Naming files as editors do, reading those that somebody else put there (a repository can hold a link to `/dev/zero`,
or a named pipe), and replacing those that somebody needs."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is read as a whole."""


def absolute(path: str | Path) -> Path:
    """The path from the root, without `..`, so that a file has one name from wherever it is named.

    `Path.absolute` keeps `..`, and what then looks like a folder above (`/repo` of `/repo/../other`) is none.
    """
    return Path(os.path.abspath(path))  # noqa: PTH100


def expanded(path: str) -> Path:
    """The path with a leading `~` or `~user` spelled out; as it is where there is no such user or home, for which
    `Path.expanduser` raises."""
    return Path(os.path.expanduser(path))  # noqa: PTH111


def read_regular(path: str | Path, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file of at most `largest` bytes, or of a pipe that a shell handed over (`<(…)`).

    Raises OSError, whose `strerror` says what it is instead; nothing waits for a writer and nothing reads for ever.
    """
    status = os.stat(path)  # noqa: PTH116 (half the time, for each of a thousand files)
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", str(path))
    is_file = stat.S_ISREG(status.st_mode)
    if not is_file and not (stat.S_ISFIFO(status.st_mode) and str(path).startswith(("/dev/", "/proc/"))):
        raise OSError(errno.EINVAL, "It is a device or a pipe, not a file", str(path))
    if status.st_size <= largest:
        with open(path, "rb", buffering=0 if is_file else -1) as file:  # noqa: PTH123
            data = file.read() if is_file else file.read(largest + 1)
        if len(data) <= largest:
            return data
    raise OSError(errno.EFBIG, f"It has more than {largest // 1024 // 1024} MB", str(path))


def replace_file(path: Path, data: bytes) -> None:
    """Make `data` the content of a file that exists, at once or not at all: a full disk leaves it as it was. Its mode
    and owner are kept, and a link stays a link. Raises OSError."""
    import tempfile  # `lint` of one file can do without

    place = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(data)
        before = place.stat()
        with suppress(PermissionError):  # only root gives files away: on a colleague's behalf, with `sudo`
            os.chown(name, before.st_uid, before.st_gid)
        Path(name).chmod(before.st_mode & 0o7777)  # after that: a change of owner takes bits away
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
