"""Running cells: what comes back, in which order, and how they end."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from runbook_ls.execute import private, processes, watchdog
from runbook_ls.execute.processes import KEPT_CHARACTERS
from runbook_ls.execute.watchdog import Watchdog
from runbook_ls.values import RunbookError

from .conftest import Cells, Life


def test_what_a_cell_writes_and_how_it_ends(cells: Cells):
    execution = cells.run("echo out; echo err >&2; exit 3")

    assert (execution.stdout, execution.stderr, execution.exit_code) == ("out\n", "err\n", 3)
    assert (execution.ended_by, execution.truncated, execution.group) == (None, False, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("true", 0),
        ("false", 1),
        ("exit 42", 42),
        ("kill -9 $$", 137),
        ("kill $$", 143),
        ("nowhere-to-be-found", 127),
    ],
)
def test_exit_codes_are_a_shells(cells: Cells, body: str, code: int):
    assert cells.run(body).exit_code == code


@pytest.mark.parametrize(
    ("language", "body"),
    [("python", "print('hi')"), ("node", "console.log('hi')"), ("perl", 'print "hi\\n"'), ("sh", "echo hi")],
)
def test_other_interpreters(tmp_path: Path, language: str, body: str):
    try:
        cells = Cells(tmp_path, language)
        cells.request(body)
    except RunbookError as error:
        pytest.skip(str(error))

    assert cells.run(body).stdout == "hi\n"


def test_the_streams_keep_their_order(cells: Cells, tmp_path: Path):
    # Each line is written only after the one before it has been seen.
    os.mkfifo(tmp_path / "go")
    go = os.open(tmp_path / "go", os.O_RDWR)
    cells.on_text = lambda text: os.write(go, b"\n") and None
    cells.run("exec 8<go; n() { read -r -u 8; }; echo 1; n; echo 2 >&2; n; echo 3; n; echo 4; n; echo 5 >&2")
    os.close(go)

    assert cells.order == [("stdout", "1\n"), ("stderr", "2\n"), ("stdout", "3\n4\n"), ("stderr", "5\n")]


def test_output_comes_while_the_cell_still_runs(cells: Cells, tmp_path: Path):
    os.mkfifo(tmp_path / "go")
    go = os.open(tmp_path / "go", os.O_RDWR)
    cells.on_text = lambda text: os.write(go, b"go on\n") and None
    execution = cells.run("echo first; read -r answer < go; echo $answer")
    os.close(go)

    assert execution.stdout == "first\ngo on\n"


def test_standard_input_is_empty(cells: Cells):
    assert cells.run("cat; read -r line || echo end").stdout == "end\n"


def test_line_numbers_and_the_name_are_the_cells(cells: Cells):
    execution = cells.run("\n\necho $LINENO ${0##*/}\nnowhere-to-be-found", name="deploy to prod")

    assert execution.stdout.startswith("3 ")
    assert execution.stdout.rstrip().endswith("deploy-to-prod.sh")
    assert "line 4" in execution.stderr


def test_the_cell_file_is_private_and_gone_afterwards(cells: Cells):
    execution = cells.run('stat -c "%a %n" "$0" "${0%/*}" 2>/dev/null || stat -f "%Lp %N" "$0" "${0%/*}"')
    (file_mode, file), (folder_mode, folder) = (line.split() for line in execution.stdout.splitlines())

    assert (file_mode, folder_mode) == ("600", "700")
    assert not Path(file).exists()
    assert list(private.directory().iterdir()) == []
    assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700


def test_nothing_is_left_in_the_users_folder(cells: Cells):
    cells.run("echo hi; cd /; exit 1")

    assert list(cells.directory.iterdir()) == []


def test_no_descriptor_of_ours_is_inherited(cells: Cells):
    with open(os.devnull) as ours:
        os.set_inheritable(ours.fileno(), True)
        listed = cells.run(f"[ -e /dev/fd/{ours.fileno()} ] && echo leaked").stdout

    assert listed == ""


def test_bytes_that_are_no_text_are_visible(cells: Cells):
    assert cells.run("printf 'a\\377b\\303\\251c'").stdout == "a\\xffbéc"


def test_the_body_is_run_byte_for_byte(cells: Cells):
    assert cells.run("cat <<'E'\n\té 😀 \\n \\\n$x\r\nE").stdout == "\té 😀 \\n \\\n$x\r\n"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"directory": Path("/nowhere/at/all")}, "/nowhere/at/all of the cell does not exist"),
        ({"body": "echo \ud800"}, "character 6 is half a surrogate pair"),
        ({"environment": {"A": "a\0b"}}, "cannot start .*bash"),
    ],
)
def test_what_cannot_run_says_why(cells: Cells, changes: dict[str, object], message: str):
    with pytest.raises(RunbookError, match=message):
        cells.run(changes.pop("body", "true"), **changes)


def test_a_missing_program_says_why(cells: Cells, tmp_path: Path):
    from dataclasses import replace

    request = cells.request("true")
    gone = replace(request.interpreter, program=str(tmp_path / "gone"))
    with pytest.raises(RunbookError, match=r"cannot start .*/gone in .*: No such file"):
        cells.run("true", interpreter=gone)


# Ending


def test_cancel_ends_the_whole_group(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    execution = cells.run(f'exec 9>"{life.path}"; (sleep 1000 & sleep 1000) & echo ready; wait', grace=60)

    assert (execution.ended_by, execution.exit_code, execution.group) == ("cancel", 143, None)
    assert life.wait() == b""


def test_what_ignores_term_is_killed_after_the_grace(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    execution = cells.run(f'exec 9>"{life.path}"; trap "" TERM; echo ready; sleep 1000 & wait', grace=0.1)

    assert (execution.ended_by, execution.exit_code) == ("cancel", 137)
    assert life.wait() == b""


def test_a_cell_may_clean_up_on_term(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    execution = cells.run(
        f'exec 9>"{life.path}"; trap "echo cleaned >&9; exit 5" TERM; echo ready; sleep 1000 9>&- & wait',
        grace=60,
    )

    assert (execution.ended_by, execution.exit_code) == ("cancel", 5)
    assert life.wait() == b"cleaned\n"


def test_a_timeout_ends_it(cells: Cells, life: Life):
    execution = cells.run(f'exec 9>"{life.path}"; sleep 1000', timeout=0.1, grace=60)

    assert (execution.ended_by, execution.exit_code) == ("timeout", 143)
    assert life.wait() == b""


def test_job_control_and_double_forks_do_not_escape(cells: Cells, life: Life):
    cells.on_text = lambda text: cells.cancel.set()
    cells.run(
        f'exec 9>"{life.path}"; set -m; sleep 1000 & ( ( sleep 1000 & ) & ) ; (trap "" HUP; sleep 1000) & echo ready; wait',
        grace=0.1,
    )

    assert life.wait() == b""


def test_a_failing_listener_leaves_nothing_running(cells: Cells, life: Life):
    def fail(text: str) -> None:
        raise ConnectionError("the editor is gone")

    cells.on_text = fail
    with pytest.raises(ConnectionError):
        cells.run(f'exec 9>"{life.path}"; echo ready; sleep 1000')

    assert life.wait() == b""


# Background children


def test_a_background_child_does_not_hold_the_cell(cells: Cells, life: Life):
    execution = cells.run(f'exec 9>"{life.path}"; sleep 1000 & echo started')

    assert (execution.stdout, execution.exit_code) == ("started\n", 0)
    assert execution.group is not None
    assert watchdog.lives(execution.group)
    processes.end_group(execution.group, grace=5)
    assert life.wait() == b""


def test_a_background_child_may_go_on_writing(cells: Cells, life: Life):
    os.mkfifo(cells.directory / "go")
    execution = cells.run(
        f"""
        exec 9>"{life.path}"
        {{ read -r < go; for i in {{1..20000}}; do echo "line $i"; done; echo "wrote all" >&9; }} &
        echo started
        """
    )
    (cells.directory / "go").write_text("\n")

    assert life.wait() == b"wrote all\n"
    assert execution.stdout == "started\n"


class Told(Watchdog):
    """A watchdog without a process, which remembers what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.messages = ""

    def _tell(self, message: str) -> None:
        self.messages += message


def test_a_cell_is_told_before_it_starts_while_it_runs_and_at_its_end(cells: Cells):
    told = Told()
    cells.run("echo $$ $RUNBOOK_LS_CELL", watched_by=told)

    session, mark = cells.order[0][1].split()
    assert told.messages.split() == [f"+{mark}", f"+{session}", f"-{mark}", f"-{session}"]


def test_a_cell_that_cannot_be_started_is_forgotten(cells: Cells):
    told = Told()
    with pytest.raises(RunbookError):
        cells.run("true", watched_by=told, environment={"A": "\0"})

    first, last = told.messages.split()
    assert (first[0], last[0], first[1:]) == ("+", "-", last[1:])


def test_a_session_with_children_is_not_told_to_have_ended(cells: Cells):
    told = Told()
    execution = cells.run("sleep 1000 &", watched_by=told)
    assert execution.group is not None
    processes.end_group(execution.group)

    assert f"-{execution.group}\n" not in told.messages


# A kernel without pidfd, and macOS


def test_without_process_descriptors_all_is_the_same(
    cells: Cells, life: Life, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    assert cells.run("echo hi; exit 3").exit_code == 3
    cells.on_text = lambda text: cells.cancel.set()

    assert cells.run(f'exec 9>"{life.path}"; echo ready; sleep 1000').ended_by == "cancel"
    assert life.wait() == b""


def test_without_proc_sessions_are_found_too(cells: Cells, life: Life, monkeypatch: pytest.MonkeyPatch):
    if not Path("/bin/ps").exists():
        pytest.skip("this machine has no /bin/ps")
    listed = os.listdir

    def no_proc(path: object = ".") -> list[str]:
        if path == "/proc":
            raise FileNotFoundError(path)
        return listed(path)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "listdir", no_proc)
    cells.on_text = lambda text: cells.cancel.set()
    cells.run(f'exec 9>"{life.path}"; set -m; sleep 1000 & echo ready; wait')

    assert life.wait() == b""


# Much output


def test_head_and_tail_of_much_output(cells: Cells):
    execution = cells.run("head -c 1000000 /dev/zero | tr '\\0' a; printf END")

    assert execution.truncated
    assert execution.stdout.startswith("a" * KEPT_CHARACTERS)
    assert execution.stdout.endswith("aEND")
    assert len(execution.stdout) < 3 * KEPT_CHARACTERS
    assert sum(len(text) for _, text in cells.pieces) == 1_000_003
