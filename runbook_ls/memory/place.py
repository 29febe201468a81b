"""The place of the journal's file: who may read it, what lies under it, and setting a damaged one aside."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runbook_ls.values import RunbookError

# Shared folders of virtual machines are here too: like network file systems they do not share memory maps,
# which the index of a write-ahead log needs (https://www.sqlite.org/wal.html, "Use of WAL without shared memory").
_NETWORK_TYPES = """
    9p acfs afpfs afs beegfs ceph cifs coda drvfs
    fuse.ceph fuse.glusterfs fuse.davfs2 fuse.rclone fuse.s3fs fuse.sshfs fuse.vmhgfs-fuse glusterfs gpfs lustre macfuse ncpfs nfs nfs3 nfs4 orangefs osxfuse
    prl_fs pvfs2 smb2 smb3 smbfs vboxsf virtiofs vmhgfs webdav
"""


def prepare_directory(directory: Path) -> None:
    """Make `directory`, for its owner's eyes only (0700). One that is there keeps its mode.

    Raises RunbookError if it cannot be made or written.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunbookError(f"cannot make the data directory {directory}: {reason}; {_ADVICE}") from None
    if not os.access(directory, os.W_OK | os.X_OK):
        raise RunbookError(f"cannot write to the data directory {directory}; {_ADVICE}")


_ADVICE = "change its permissions or set RUNBOOK_LS_HOME to a directory that can be written"


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Hold back every other process that opens the journal at `path`, until the block ends.

    Switching a new file to WAL and setting a damaged one aside are not safe side by side. The lock is on a file of
    its own (0600), and dies with the process. Raises RunbookError where another one (stopped by Ctrl-Z, say) does not
    let go of it.
    """
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _lock(descriptor):
            raise RunbookError(f"the journal {path} is busy: another process is opening it; try again")
        yield
    finally:
        os.close(descriptor)


_OPENING_SECONDS = 30.0
_ASK_AGAIN_SECONDS = 0.01


def _lock(descriptor: int) -> bool:
    """False if another process holds the lock all the time that one waits for it."""
    import fcntl

    end = time.monotonic() + _OPENING_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(_ASK_AGAIN_SECONDS)
        except OSError:
            return True  # a file system without locks: opening at the same instant is all that is at stake
        else:
            return True


def set_aside(path: Path) -> Path:
    """Rename a damaged journal, with its log, out of the way: `journal.db.corrupt-20260131-235959`. Nothing is
    overwritten. Returns the new path."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.corrupt-{stamp}")
    attempt = 1
    while target.exists():
        attempt += 1
        target = path.with_name(f"{path.name}.corrupt-{stamp}-{attempt}")
    path.rename(target)
    for suffix in ("-wal", "-shm", "-journal"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(target.with_name(target.name + suffix))
    return target


def on_network(directory: Path) -> bool:
    """True if `directory` lies on a network file system or a virtual machine's shared folder."""
    try:
        if sys.platform == "linux":
            table = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape")
        else:
            table = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=5).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    return file_system(directory.resolve(), table) in _NETWORK_TYPES.split()


def file_system(path: Path, table: str) -> str:
    """The type of the file system that holds the absolute `path`: "ext4", "nfs4"; "" if unknown.

    `table` is the text of Linux's /proc/self/mountinfo (proc(5)) or of what `mount` prints on macOS and the BSDs.
    Of mounts on top of each other the last one counts.
    """
    best, found = -1, ""
    for line in table.splitlines():
        mounted = _mountinfo(line) if " - " in line else _mount_output(line)
        if mounted is None:
            continue
        point, kind = mounted
        depth = len(point.parts)
        if depth >= best and (path == point or point in path.parents):
            best, found = depth, kind
    return found


def _mountinfo(line: str) -> tuple[Path, str] | None:
    left, _, right = line.partition(" - ")
    fields, kinds = left.split(" "), right.split(" ")
    if len(fields) < 5:
        return None
    point = fields[4]
    for octal, character in ((r"\040", " "), (r"\011", "\t"), (r"\012", "\n"), (r"\134", "\\")):
        point = point.replace(octal, character)
    return Path(point), kinds[0]


def _mount_output(line: str) -> tuple[Path, str] | None:
    _, on, rest = line.partition(" on ")
    point, bracket, options = rest.rpartition(" (")
    if not (on and bracket):
        return None
    return Path(point), options.split(",")[0].rstrip(")")
