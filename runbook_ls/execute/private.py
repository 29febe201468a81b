"""A private directory (0700) of this process, for what must be a file for a moment: cell files, state in transfer."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from runbook_ls.values import RunbookError

_PREFIX = "runbook-ls-run-"
_lock = threading.Lock()
_made: dict[int, Path] = {}  # by process id: a forked child must not use its parent's
_numbers = count(1)


def directory() -> Path:
    """The private directory of this process, made when first asked for and removed at exit.

    What a killed process of the same user left behind is removed too. Raises RunbookError if none can be made.
    """
    process = os.getpid()
    with _lock:
        found = _made.get(process)
        if found is None or not found.is_dir():
            parent = _parent()
            if found is None:
                sweep(parent)
            try:
                found = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{process}-", dir=parent))
            except OSError as error:
                raise RunbookError(
                    f"cannot make a private directory in {parent}: {error.strerror}"
                ) from error
            _made[process] = found
            atexit.register(_remove, process, found)
        return found


def _parent() -> Path:
    """In memory where there is such a place: cells and their variables hold secrets, and it is faster."""
    for place in (os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm"):  # noqa: S108
        if (
            place
            and Path(place).is_absolute()
            and Path(place).is_dir()
            and os.access(place, os.W_OK | os.X_OK)
        ):
            return Path(place)
    return Path(tempfile.gettempdir())


@contextlib.contextmanager
def file(name: str, content: bytes) -> Iterator[Path]:
    """A new file (0600) of that content, removed at the end of the context. `name` ends its name.

    Raises RunbookError if it cannot be written.
    """
    path = unused(name)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise RunbookError(f"cannot write the cell's file {path}: {error.strerror}") from error
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def nameless(content: Callable[[int], bytes]) -> Iterator[int]:
    """The descriptor of a new file without a name, at its beginning; it holds what `content` makes of its number.

    Raises RunbookError if it cannot be written.
    """
    where = directory()
    with contextlib.ExitStack() as closing:
        try:
            opened = closing.enter_context(tempfile.TemporaryFile(dir=where, buffering=0))
            left = memoryview(content(opened.fileno()))
            while left:
                left = left[opened.write(left) :]
            opened.seek(0)
        except OSError as error:
            raise RunbookError(f"cannot write a file of the cell in {where}: {error.strerror}") from error
        yield opened.fileno()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A new empty folder (0700), removed with its content at the end of the context.

    Raises RunbookError if it cannot be made.
    """
    made = unused("folder")
    try:
        made.mkdir(mode=0o700)
    except OSError as error:
        raise RunbookError(f"cannot make the cell's folder {made}: {error.strerror}") from error
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def unused(name: str) -> Path:
    """A path in the private directory that nothing has: numbered, and ending in `name`."""
    return directory() / f"{next(_numbers)}-{name}"


def sweep(parent: Path) -> None:
    """Remove the private directories in `parent` whose process is gone. Those of other users are left alone."""
    for entry in parent.glob(f"{_PREFIX}*"):
        owner = entry.name[len(_PREFIX) :].partition("-")[0]
        with contextlib.suppress(OSError, ValueError):
            if entry.lstat().st_uid == os.getuid() and not entry.is_symlink() and not _lives(int(owner)):
                shutil.rmtree(entry, ignore_errors=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(process: int, path: Path) -> None:
    if os.getpid() == process:
        shutil.rmtree(path, ignore_errors=True)
