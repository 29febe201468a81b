"""What a repository can put in the way of a reader (devices, pipes, what has no end), and replacing a file whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_ls.files import read_regular, replace_file

RUNBOOK = "Say hello\n\n```sh\necho hello\n```\n"


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a\0\xff")
    assert read_regular(tmp_path / "a") == b"a\0\xff"
    with pytest.raises(OSError, match="It has more than 0 MB"):
        read_regular(tmp_path / "a", 2)


def test_a_pipe_that_a_shell_hands_over_is_read(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.write(write, b"handed over")
    os.close(write)
    try:
        assert read_regular(f"/dev/fd/{read}") == b"handed over"
    finally:
        os.close(read)


@pytest.mark.parametrize("hostile", ["device", "pipe"])
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("b.md", ("lint", ".")),
        ("b.md", ("ls", ".")),
        ("b.md", ("learn", ".")),
        ("b.md", ("run", "b.md", "--all")),
        (".gitignore", ("lint", ".")),
        (".env", ("run", "a.md", "--all")),
        ("pyproject.toml", ("lint", "a.md")),
        ("runbook-ls.toml", ("run", "a.md", "--all")),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_what_is_no_file_is_not_read(
    tmp_path: Path, home: Path, hostile: str, name: str, command: tuple[str, ...]
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.md").write_text(RUNBOOK)
    if hostile == "device":
        (tmp_path / name).symlink_to("/dev/zero")
    else:
        os.mkfifo(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-m", "runbook_ls", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    if name in (".gitignore", ".env"):
        assert done.returncode == 0
    else:
        assert "it is a device or a pipe, not a file" in done.stderr


def test_a_file_is_replaced_with_its_mode_and_behind_its_link(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o640)
    (tmp_path / "link").symlink_to("a")
    replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "a").read_text() == "new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "link"]


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_root_replaces_a_file_for_its_owner(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    os.chown(tmp_path / "a", 1234, 1235)
    (tmp_path / "a").chmod(0o2640)
    replace_file(tmp_path / "a", b"new")
    status = (tmp_path / "a").stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (1234, 1235, 0o2640)


def test_where_the_disk_is_full_a_fix_leaves_the_runbook_as_it_was(tmp_path: Path, home: Path) -> None:
    text = "List\n\n```sh\n$ ls\n```\n" + "word " * 40_000
    (tmp_path / "a.md").write_text(text)
    full = "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{full} runpy.run_module('runbook_ls', run_name='__main__')",
            "lint",
            "a.md",
            "--fix",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "the fixes cannot be written" in done.stderr
    assert (tmp_path / "a.md").read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
