"""Cells that behave badly: the result is clear, and whoever runs them goes on."""

from __future__ import annotations

import os
import resource
import signal
from pathlib import Path

import pytest

from runbook_ls.execute import private, state
from runbook_ls.execute.processes import KEPT_CHARACTERS
from runbook_ls.values import RunbookError

from .conftest import Cells, Life


def test_much_output_without_a_line_end_in_little_memory(cells: Cells, tmp_path: Path):
    cells.take = lambda stream, text: None  # type: ignore[method-assign]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    execution = cells.run(
        "head -c 200000000 /dev/zero | tr '\\0' x",
        output_file=tmp_path / "outputs" / "1",
        output_limit=1_000_000,
        redact=str.upper,
    )
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before

    assert (execution.exit_code, execution.truncated) == (0, True)
    assert len(execution.stdout) < 3 * KEPT_CHARACTERS
    assert (tmp_path / "outputs" / "1").stat().st_size < 1_000_100
    assert kilobytes < 64 * 1024


def test_a_cell_that_closes_its_output_is_waited_for(cells: Cells):
    os.mkfifo(cells.directory / "go")
    go = os.open(cells.directory / "go", os.O_RDWR)
    os.write(go, b"x\n")
    execution = cells.run("exec >&- 2>&-; read -r < go; exit 4")
    os.close(go)

    assert execution.exit_code == 4


def test_a_cell_that_writes_for_ever_in_the_background(cells: Cells, life: Life):
    execution = cells.run(f'exec 9>"{life.path}"; yes & echo started')
    assert execution.group is not None
    from runbook_ls.execute.processes import end_group

    end_group(execution.group)
    assert life.wait() == b""
    assert execution.exit_code == 0


def test_a_cell_that_leaves_its_group(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    cells.run(
        f"""exec 9>"{life.path}"; python3 -c '
import os, time
os.setpgid(0, 0)
print("ready", flush=True)
time.sleep(1000)'""",
        grace=0.1,
    )

    assert life.wait() == b""


def test_a_cell_that_removes_its_directory(cells: Cells):
    directory = cells.directory / "here"
    directory.mkdir()
    execution = cells.run('rm -r "$PWD"; echo still here', directory=directory)

    assert (execution.stdout, execution.exit_code) == ("still here\n", 0)
    with pytest.raises(RunbookError, match="does not exist"):
        cells.run("true", directory=directory)


@pytest.mark.parametrize("locale", ["C", "POSIX", "tr_TR.ISO-8859-9", "no-such-locale"])
def test_a_cell_that_changes_its_locale(cells: Cells, locale: str):
    step = state.run(
        state.initial(os.environ),
        cells.request(f"export LANG={locale} LC_ALL={locale}; X=é; echo é"),
        cells.take,
        cells.cancel,
    )

    assert step.execution.stdout == "é\n"
    after = state.run(step.state, cells.request('echo "$X"'), cells.take, cells.cancel)
    assert after.execution.stdout == "é\n"


def test_a_cell_that_takes_the_private_directory_away(cells: Cells):
    step = state.run(
        state.initial(os.environ), cells.request('rm -rf "${0%/*}"; X=1'), cells.take, cells.cancel
    )

    assert step.execution.exit_code == 0
    assert len(step.notes) == 1
    assert cells.run("echo on").stdout == "on\n"


def test_a_full_disk_under_the_private_directory(cells: Cells, monkeypatch: pytest.MonkeyPatch):
    real_open = os.open

    def full(path: object, flags: int, *rest: int, **more: int) -> int:
        if str(path).startswith(str(private.directory())):
            raise OSError(28, "No space left on device", str(path))
        return real_open(path, flags, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(RunbookError, match=r"cannot write the cell's file .*: No space left on device"):
        cells.run("true")


def test_a_full_disk_under_the_shell_state(cells: Cells):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    environment = {**os.environ, "LARGE": "x" * 100_000}
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(RunbookError, match=r"cannot write a file of the cell in .*: File too large"):
            state.run(state.initial(environment), cells.request("true"), cells.take, cells.cancel)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_cell_that_sends_signals_to_its_group(cells: Cells):
    execution = cells.run("trap '' INT TERM; kill -INT 0; kill -TERM 0; kill -USR1 0; echo never")

    assert execution.exit_code == 128 + signal.SIGUSR1


def test_a_cell_that_stops_itself_can_be_cancelled(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    execution = cells.run(f'exec 9>"{life.path}"; echo ready; kill -STOP $$', grace=0.1)

    # TERM may come before it stops, else KILL ends it.
    assert execution.ended_by == "cancel"
    assert execution.exit_code in (137, 143)
    assert life.wait() == b""


def test_many_cells_leave_no_descriptors_open(cells: Cells):
    def open_descriptors() -> int:
        return len(os.listdir("/dev/fd"))

    cells.run("true")
    before = open_descriptors()
    for _ in range(20):
        cells.run("echo hi")
        state.run(state.initial(os.environ), cells.request("X=1"), cells.take, cells.cancel)

    assert open_descriptors() == before
