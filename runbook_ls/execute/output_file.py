"""The complete output of a cell on disk: private, redacted before it is written, bounded in size and age."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

_LONGEST = 1 << 16  # characters; a longer line, or a longer key, is redacted and written in pieces
_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY")
_KEY_ENDS = re.compile(r"-----END [A-Z0-9 ]*PRIVATE KEY")


class OutputFile:
    """An output file being written. Both streams go into it in the order they come, line by line.

    Each piece is on its way to the disk at once: what a killed process had of it can be read. A disk that is full does
    not end the cell: `failed` then says why the rest is missing. `path` is None where no file could be made.
    """

    def __init__(self, path: Path, limit: int, redact: Callable[[str], str] | None) -> None:
        """Create `path` (0600, its folder 0700). `limit` is in bytes."""
        self.path: Path | None = None
        self.failed: str | None = None
        self._file: IO[bytes] | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            self.failed = error.strerror
        else:
            self.path, self._file = path, os.fdopen(descriptor, "wb")
        self._room = limit
        self._redact = redact
        self._begun: dict[str, str] = {}

    def write(self, stream: str, text: str) -> None:
        """Add text of a stream. What is no complete line yet waits for its end."""
        if self._room <= 0 or self.failed:
            return
        if self._redact is None:
            self._put(text)
            return
        text = self._begun.pop(stream, "") + text
        end = text.rfind("\n") + 1
        if begun := list(_KEY_BEGINS.finditer(text)):
            last = text.rfind("\n", 0, begun[-1].start()) + 1
            if not _KEY_ENDS.search(text, last):
                end = last  # a key is redacted as a whole
        if len(text) - end > _LONGEST:
            end = len(text)
        if end < len(text):
            self._begun[stream] = text[end:]
        if end:
            self._put(self._redact(text[:end]))

    def close(self) -> None:
        """Write what is left, and close."""
        for text in self._begun.values():
            self._put(self._redact(text) if self._redact else text)
        self._begun.clear()
        if self._file is None:
            return
        try:
            self._file.close()
        except OSError as error:
            self.failed = self.failed or error.strerror

    def _put(self, text: str) -> None:
        if self._file is None or self._room <= 0 or self.failed:
            return
        data = text.encode("utf-8", "backslashreplace")
        if len(data) > self._room:
            data = data[: self._room] + b"\n\xe2\x80\xa6 the output file is full \xe2\x80\xa6\n"
        self._room -= len(data)
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            self.failed = error.strerror


def prune(folder: Path, *, max_age: float, max_bytes: int) -> None:
    """Remove output files in `folder` older than `max_age` seconds, and the oldest beyond `max_bytes` in all."""
    kept = 0
    for entry in sorted(_files(folder), key=lambda found: -found[1]):
        path, modified, size = entry
        kept += size
        if kept > max_bytes or time.time() - modified > max_age:
            with contextlib.suppress(OSError):
                path.unlink()


def _files(folder: Path) -> list[tuple[Path, float, int]]:
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                status = path.lstat()
                if path.is_file() and not path.is_symlink():
                    found.append((path, status.st_mtime, status.st_size))
    return found
