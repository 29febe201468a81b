"""Which file system a path lies on, from the tables that systems print."""

from __future__ import annotations

from pathlib import Path

import pytest

from runbook_ls.memory.place import file_system, on_network, opening
from runbook_ls.values import RunbookError

LINUX = r"""22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
40 22 0:45 / /home rw,relatime shared:20 - nfs4 files.example.com:/home rw,vers=4.2
41 40 0:46 / /home/me/local\040disk rw - xfs /dev/vdb rw
42 22 0:47 / /mnt/sshfs rw,nosuid shared:3 master:2 - fuse.sshfs me@example.com: rw
43 22 0:48 / /over rw - ext4 /dev/vdc rw
44 22 0:49 / /over rw - cifs //files/over rw
"""
MACOS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
//me@files.example.com/home on /Volumes/home (smbfs, nodev, nosuid, mounted by me)
"""


@pytest.mark.parametrize(
    ("table", "path", "expected"),
    [
        (LINUX, "/var/lib", "ext4"),
        (LINUX, "/home/me/.local/share/runbook-ls", "nfs4"),
        (LINUX, "/homeless", "ext4"),
        (LINUX, "/home/me/local disk/data", "xfs"),
        (LINUX, "/mnt/sshfs", "fuse.sshfs"),
        (LINUX, "/over/it", "cifs"),  # what was mounted last lies on top
        (MACOS, "/Users/me/Library", "apfs"),
        (MACOS, "/Volumes/home/data", "smbfs"),
        ("", "/home", ""),
        ("no table - at all\non (\n", "/home", ""),
    ],
)
def test_file_system(table: str, path: str, expected: str) -> None:
    assert file_system(Path(path), table) == expected


def test_this_one_is_local(tmp_path: Path) -> None:
    assert on_network(tmp_path) is False


def test_one_who_does_not_let_go_of_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runbook_ls.memory.place._OPENING_SECONDS", 0.0)
    with (
        opening(tmp_path / "journal"),
        pytest.raises(RunbookError, match="is busy: another process is opening it"),
        opening(tmp_path / "journal"),
    ):
        pass
    with opening(tmp_path / "journal"):
        pass
