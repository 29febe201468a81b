"""The complete output on disk: private, redacted, bounded."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from runbook_ls.execute.output_file import OutputFile, prune

from .conftest import Cells


def redact(text: str) -> str:
    return text.replace("hunter2", "[redacted]")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outputs" / "1.txt"


def test_both_streams_in_their_order(cells: Cells, path: Path):
    execution = cells.run("echo out; echo err >&2", output_file=path)

    assert execution.output_file == path
    assert sorted(path.read_text().splitlines()) == ["err", "out"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_it_is_complete_where_memory_is_not(cells: Cells, path: Path):
    execution = cells.run("seq 200000", output_file=path)

    assert execution.truncated
    assert path.read_text() == "".join(f"{n}\n" for n in range(1, 200001))


def test_secrets_never_reach_the_disk(cells: Cells, path: Path):
    execution = cells.run(
        "printf 'password: hun'; sync; printf 'ter2\\nend'", output_file=path, redact=redact
    )

    assert execution.stdout == "password: hunter2\nend"
    assert path.read_text() == "password: [redacted]\nend"


def test_a_secret_in_pieces(path: Path):
    file = OutputFile(path, 1000, redact)
    for piece in ("a hun", "ter", "2 b\nhun"):
        file.write("stdout", piece)
    file.write("stderr", "hunter2\n")
    file.write("stdout", "ter2")
    file.close()

    assert path.read_text() == "a [redacted] b\n[redacted]\n[redacted]"


def test_a_private_key_is_redacted_as_a_whole(path: Path):
    key = "-----BEGIN RSA PRIVATE KEY-----\nabc\ndef\n-----END RSA PRIVATE KEY-----\n"
    seen: list[str] = []
    file = OutputFile(path, 1000, lambda text: seen.append(text) or text)  # type: ignore[func-returns-value]
    for line in ("before\n" + key + "after\n").splitlines(keepends=True):
        file.write("stdout", line)
    file.close()

    assert any(key in piece for piece in seen)


def test_a_line_without_end_is_written_in_pieces(path: Path):
    file = OutputFile(path, 10_000_000, redact)
    for _ in range(20):
        file.write("stdout", "x" * 60_000)
    assert file._begun == {} or len(file._begun["stdout"]) <= 1 << 16
    file.close()

    assert path.stat().st_size == 1_200_000


def test_it_is_full_at_its_limit(cells: Cells, path: Path):
    cells.run("seq 100000", output_file=path, output_limit=1000)

    assert path.stat().st_size < 1100
    assert path.read_text().endswith("… the output file is full …\n")


def test_a_full_disk_does_not_end_the_cell(cells: Cells, tmp_path: Path):
    if not Path("/dev/full").exists():
        pytest.skip("this machine has no /dev/full")
    file = OutputFile(tmp_path / "out", 1000, None)
    file._file.close()
    file._file = open("/dev/full", "wb", buffering=0)  # noqa: SIM115
    file.write("stdout", "text")
    file.write("stdout", "more")
    file.close()

    assert file.failed == "No space left on device"


def test_what_was_printed_is_on_the_disk_at_once(path: Path):
    """So that it can be read when this process is killed."""
    file = OutputFile(path, 1000, redact)
    file.write("stdout", "evicting pod 1\n")

    assert path.read_text() == "evicting pod 1\n"
    file.close()


def test_where_no_file_can_be_made_the_cell_runs(cells: Cells, tmp_path: Path):
    (tmp_path / "outputs").write_text("no folder")
    execution = cells.run("echo hi", output_file=tmp_path / "outputs" / "1")

    assert (execution.exit_code, execution.output_file) == (0, None)
    assert execution.output_failed == "File exists"


def test_an_existing_file_or_link_is_never_written_to(cells: Cells, path: Path, tmp_path: Path):
    path.parent.mkdir()
    (tmp_path / "precious").write_text("precious")
    path.symlink_to(tmp_path / "precious")
    execution = cells.run("echo hi", output_file=path)

    assert (execution.exit_code, execution.output_file) == (0, None)
    assert execution.output_failed == "File exists"
    assert (tmp_path / "precious").read_text() == "precious"

    assert (tmp_path / "precious").read_text() == "precious"


def test_old_and_too_many_files_go(tmp_path: Path):
    for age, name in ((0, "new"), (100, "middle"), (200, "old"), (10_000, "ancient")):
        file = tmp_path / name
        file.write_bytes(b"x" * 100)
        os.utime(file, (file.stat().st_mtime - age,) * 2)
    prune(tmp_path, max_age=5_000, max_bytes=1_000)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["middle", "new", "old"]

    prune(tmp_path, max_age=5_000, max_bytes=250)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["middle", "new"]
    prune(tmp_path / "nowhere", max_age=1, max_bytes=1)
