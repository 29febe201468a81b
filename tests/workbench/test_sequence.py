"""Several cells in order: what is asked, what runs, what stops, and what becomes of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import pytest

from runbook_ls.document import parse
from runbook_ls.document.lines import apply_edits
from runbook_ls.document.runbook import Cell
from runbook_ls.execute.execution import Stream
from runbook_ls.execute.inputs import Input
from runbook_ls.values import RunbookError
from runbook_ls.workbench import check, choose, junit, sequence
from runbook_ls.workbench.cells import kept
from runbook_ls.workbench.plan import Plan
from runbook_ls.workbench.sequence import Mode, Result
from runbook_ls.workbench.session import Session

Sessions = Callable[..., Session]


@dataclass
class Somebody:
    """Says yes to everything, and remembers what was asked and shown."""

    answers: dict[str, str] = field(default_factory=dict)
    terminal: bool = False
    asked: list[str] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    shown: str = ""
    done: list[Result] = field(default_factory=list)
    on_output: Callable[[str], None] = lambda text: None

    def ask(self, cell: Cell, wanted: Sequence[Input]) -> dict[str, str]:
        self.asked += [one.name for one in wanted]
        return self.answers

    def consent(self, plan: Plan) -> str:
        self.consents.append(plan.decision.action)
        return "confirmed"

    def started(self, plan: Plan) -> None:
        pass

    def output(self, plan: Plan, stream: Stream, text: str) -> None:
        self.shown += text
        self.on_output(text)

    def finished(self, result: Result) -> None:
        self.done.append(result)


@dataclass
class Runner:
    """Runs a whole runbook of a test."""

    session: Session
    file: Path
    somebody: Somebody = field(default_factory=Somebody)
    cancel: threading.Event = field(default_factory=threading.Event)

    def run(self, text: str, mode: Mode = Mode()) -> list[tuple[str, str]]:  # noqa: B008
        runbook = parse(text)
        cells = choose.every(self.session, runbook, str(self.file)).cells
        settled = sequence.settle(self.session, str(self.file), runbook, cells, self.somebody)
        self.results = sequence.perform(self.session, settled, self.somebody, mode, self.cancel)
        return [(result.cell.name, result.status) for result in self.results]


@pytest.fixture
def runner(session: Sessions, tmp_path: Path) -> Runner:
    return Runner(session(), tmp_path / "a.md")


def cells(*bodies: str, attributes: str = "") -> str:
    """A runbook with these cells, called c0, c1 …"""
    fences = (f"Do\n\n```sh {{name=c{i}{attributes}}}\n{body}\n```\n" for i, body in enumerate(bodies))
    return "\n".join(fences)


def test_the_first_failure_stops_unless_it_is_to_go_on(runner: Runner) -> None:
    text = cells("echo 1", "exit 3", "echo 2")
    assert runner.run(text) == [("c0", "passed"), ("c1", "failed"), ("c2", "skipped")]
    assert [result.why for result in runner.results] == [
        "",
        "exit 3",
        "a cell before it failed or was cancelled",
    ]
    assert runner.run(text, Mode(keep_going=True)) == [("c0", "passed"), ("c1", "failed"), ("c2", "passed")]


def test_a_cell_that_cannot_run_is_an_error(runner: Runner) -> None:
    assert runner.run("Do\n\n```sh {name=c0 cwd=nowhere}\necho\n```\n") == [("c0", "error")]
    assert "the directory" in runner.results[0].why
    (row,) = runner.session.journal.runs()
    assert (row.exit_code, row.ending, row.receipt) == (None, "not started", "not learned: it did not finish")


def test_cancelling_ends_the_cell_and_begins_no_other(runner: Runner) -> None:
    runner.somebody.on_output = lambda text: runner.cancel.set()
    assert runner.run(cells("echo up; sleep 1000", "echo 2")) == [("c0", "cancelled"), ("c1", "skipped")]
    assert [row.exit_code for row in runner.session.journal.runs()] == [None]


def test_a_reader_that_goes_away_ends_the_cell_and_the_run_is_kept(runner: Runner) -> None:
    def gone(text: str) -> None:
        raise BrokenPipeError

    runner.somebody.on_output = gone
    with pytest.raises(BrokenPipeError):
        runner.run(cells("echo up; sleep 1000"))
    assert [row.exit_code for row in runner.session.journal.runs()] == [None]


@pytest.mark.parametrize(
    ("said", "status", "why"),
    [("200ms", "failed", "it took longer than 0.2 s"), ("0", "passed", ""), ("1m", "passed", "")],
)
def test_a_timeout(runner: Runner, said: str, status: str, why: str) -> None:
    body = "sleep 1000" if status == "failed" else "true"
    runner.run(cells(body, attributes=f" timeout={said}"))
    assert [(result.status, result.why) for result in runner.results] == [(status, why)]
    (row,) = runner.session.journal.runs()
    assert (row.exit_code, row.ending) == ((None, "timed out") if status == "failed" else (0, ""))


def test_a_timeout_that_is_none(runner: Runner) -> None:
    with pytest.raises(RunbookError, match=r"cell c0 \(line 3\) has timeout=soon, which is no duration"):
        runner.run(cells("true", attributes=" timeout=soon"))


def test_consent_is_asked_anew_where_an_earlier_cell_changes_what_would_run(runner: Runner) -> None:
    text = cells("mkdir -p x; cd x; DIR=y", 'rm -rf "$DIR"')
    runner.run(text)
    assert runner.somebody.consents == ["run", "confirm", "confirm"]


def test_a_background_cell_runs_beside_the_others_and_ends_with_them(runner: Runner) -> None:
    text = (
        cells("mkfifo pipe; echo made")
        + "\nServe\n\n```sh {name=serve background=true}\necho hi > pipe; sleep 1000\n```\n"
    )
    text += "\nUse\n\n```sh {name=use}\ncat pipe\n```\n"
    assert runner.run(text) == [("c0", "passed"), ("use", "passed"), ("serve", "passed")]
    assert runner.results[-1].why == "ended with the run"
    assert "hi\n" in runner.somebody.shown


def test_a_background_cell_that_fails_by_itself(runner: Runner) -> None:
    text = cells("mkfifo pipe") + "\nServe\n\n```sh {name=serve background=true}\nexec 9>pipe; exit 4\n```\n"
    text += "\nUse\n\n```sh {name=use}\ncat pipe\n```\n"
    assert runner.run(text)[1:] == [("use", "passed"), ("serve", "failed")]


def test_a_background_cell_whose_reader_has_gone_ends_as_others_do(runner: Runner) -> None:
    def gone(_: str) -> None:
        raise BrokenPipeError

    runner.somebody.on_output = gone
    with pytest.raises(BrokenPipeError):
        runner.run(cells("echo up; sleep 1000", attributes=" background=true"))


def test_only_background_cells_run_until_they_are_cancelled(runner: Runner) -> None:
    runner.somebody.on_output = lambda text: runner.cancel.set()
    assert runner.run(cells("echo up; sleep 1000", attributes=" background=true")) == [("c0", "passed")]


INPUTS = "---\ninputs:\n  - {name: REGION, default: eu}\n  - {name: PIN, secret: true}\n---\n\n"


def test_inputs_are_asked_once_for_all_cells(runner: Runner) -> None:
    runner.somebody.answers = {"REGION": "us", "PIN": "12345", "NAME": "eve"}
    text = INPUTS + cells(
        'echo "$REGION" $PIN', 'export NAME=<name>\necho "$NAME"; export REGION=mars', "echo $REGION"
    )
    assert runner.run(text) == [("c0", "passed"), ("c1", "passed"), ("c2", "passed")]
    assert runner.somebody.asked == ["PIN", "REGION", "NAME"]
    assert runner.somebody.shown == "us 12345\neve\nmars\n"
    runs = runner.session.journal.runs()
    assert runs[1].executed == 'export NAME="<name>"\necho "$NAME"; export REGION=mars'
    assert all("12345" not in Path(run.output_file or "").read_text() for run in runs)


def test_what_was_asked_for_is_kept_and_taught_as_it_is_written(runner: Runner) -> None:
    runner.somebody.answers = {"DIR": "/etc", "CITY": "bonn's", "PASSWORD": "hunter2"}
    text = cells(
        'export DIR=<path> # where\nls "$DIR" > /dev/null',
        "export CITY=rome\ntrue $CITY",
        "export PASSWORD=''\ntrue $PASSWORD",
        attributes=" promptEnv=yes",
    )
    assert runner.run(text) == [("c0", "passed"), ("c1", "passed"), ("c2", "passed")]
    password, city, folder = (run.executed for run in runner.session.journal.runs())
    assert folder == 'export DIR="<path>" # where\nls "$DIR" > /dev/null'
    assert city == "export CITY='bonn'\"'\"'s'\ntrue $CITY"  # what stands there is not what it was run with
    assert password == "export PASSWORD\ntrue $PASSWORD"
    assert all(run.teaching != "none" for run in runner.session.journal.runs())

    runbook = parse(text)
    assert [cell.name for cell in runbook.cells if kept(cell) in (folder, city, password)] == ["c0"]


def test_a_cell_in_another_language_is_kept_to_the_letter(runner: Runner) -> None:
    body = 'print("""\nexport DIR=<path>\n""")'
    assert runner.run(f"Do\n\n```python {{name=c0}}\n{body}\n```\n") == [("c0", "passed")]
    (run,) = runner.session.journal.runs()
    assert run.executed == body


def test_the_default_of_an_input_is_enough(runner: Runner) -> None:
    assert runner.run("---\ninputs: {REGION: eu}\n---\n\n" + cells("echo $REGION")) == [("c0", "passed")]
    assert runner.somebody.shown == "eu\n"
    with pytest.raises(
        RunbookError, match=r"cell c0 \(line 9\) needs a value for PIN: give it with --var PIN="
    ):
        runner.run(INPUTS + cells("echo"))


def test_skip_prompts(runner: Runner) -> None:
    runner.run("---\nskipPrompts: true\ninputs: {REGION: eu}\n---\n\n" + cells("echo $REGION"))
    assert runner.somebody.asked == []


def test_the_last_output_and_that_of_a_cell_with_a_variables_name(runner: Runner) -> None:
    text = "Do\n\n```sh {name=VERSION}\nprintf '1.2\\n3\\n\\n'\n```\n\n" + cells(
        'echo "$__"; echo "[$VERSION]"', 'echo "[$__]"; python3 -V >/dev/null'
    )
    runner.run(text)
    assert runner.somebody.shown == "1.2\n3\n\n1.2\n3\n[1.2\n3]\n[1.2\n3\n[1.2\n3]]\n"


def test_an_output_that_is_too_long_is_not_carried(runner: Runner) -> None:
    runner.run(
        "Do\n\n```sh {name=BIG}\nhead -c 200000 /dev/zero | tr '\\0' x\n```\n\n" + cells('echo "[$BIG]"')
    )
    assert runner.somebody.shown.endswith("x[]\n")
    assert runner.results[0].done is not None
    assert runner.results[0].done.notes == ("it printed too much to be carried as $BIG",)


def test_a_cell_cannot_be_named_to_set_what_programs_run(runner: Runner) -> None:
    runner.run("Do\n\n```sh {name=PATH}\necho /evil\n```\n\n" + cells("echo $PATH"))
    assert runner.somebody.shown != "/evil\n/evil\n"


def test_what_a_cell_changed_is_told_without_secrets(runner: Runner) -> None:
    runner.run(cells("export REGION=eu API_TOKEN=ghp_" + "a1B2" * 9 + "; cd /; plain=1"))
    assert runner.results[0].done is not None
    changes = {change.name: change.after for change in runner.results[0].done.changes}
    assert changes.pop("API_TOKEN").startswith("«redacted:")  # type: ignore[union-attr]
    assert changes == {"REGION": "eu", "plain": "1", "PWD": "/"}


CHECKED = (
    cells("echo 1; echo 22 ms")
    + "\n```output\n1\n... ms\n```\n\n"
    + "Do\n\n```sh {name=bad}\necho new; echo more\n```\n\n```output\nold\nmore\n```\n\nText\n\n- Do\n\n  ```sh {name=inner}\n  echo in\n  ```\n\n  ```output\n  ```\n"
)


def test_a_check(runner: Runner) -> None:
    assert runner.run(CHECKED, Mode(keep_going=True, checks=True)) == [
        ("c0", "passed"), ("bad", "failed"), ("inner", "failed"),
    ]  # fmt: skip
    verdict = runner.results[1].verdict
    assert verdict is not None
    assert verdict.line == 17
    assert "-old\n+new\n more\n" in verdict.diff


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_an_update_changes_the_expected_output_and_nothing_else(runner: Runner, ending: str) -> None:
    text = CHECKED.replace("\n", ending)
    runner.file.write_bytes(text.encode())
    runner.run(text, Mode(updates=True))
    edits = {result.cell.start_line: result.edits for result in runner.results}
    assert check.write(runner.file, text, edits)
    after = CHECKED.replace("old\nmore", "new\nmore").replace(
        "  ```output\n  ```", "  ```output\n  in\n  ```"
    )
    assert runner.file.read_bytes() == after.replace("\n", ending).encode()
    runner.run(after, Mode(checks=True))
    assert {result.status for result in runner.results} == {"passed"}
    with pytest.raises(RunbookError, match="was changed while its cells ran"):
        check.write(runner.file, text, edits)
    assert list(runner.file.parent.glob(".a.md*")) == []


def test_an_update_writes_no_secret(runner: Runner) -> None:
    secret = "ghp_" + "a1B2" * 9
    text = INPUTS + cells(f"echo {secret} $PIN") + "\n```output\n```\n"
    runner.somebody.answers = {"PIN": "98765"}
    runner.run(text, Mode(updates=True))
    after = apply_edits(text, runner.results[0].edits)
    assert "```output\n«redacted:github-token» «redacted:input»\n```" in after
    assert runner.run(after, Mode(checks=True)) == [("c0", "passed")]


def test_a_failing_cell_is_not_updated(runner: Runner) -> None:
    runner.run(cells("echo x; exit 1") + "\n```output\ny\n```\n", Mode(updates=True))
    assert (runner.results[0].status, runner.results[0].edits) == ("failed", ())


def test_a_comment_that_cannot_be_understood_is_an_error(runner: Runner) -> None:
    assert runner.run(cells("echo") + "\n<!-- expected_results=1 -->\n```\nx\n```\n", Mode(checks=True)) == [
        ("c0", "error")
    ]
    assert "expected_results is no tag" in runner.results[0].why


def test_junit(runner: Runner) -> None:
    runner.run(CHECKED + "\n" + cells("printf 'a\\001b<&>'; exit 7"), Mode(keep_going=True, checks=True))
    suite = ElementTree.fromstring(junit.render(runner.results))[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4", "failures": "3", "errors": "0", "skipped": "0",
    }  # fmt: skip
    failed = suite[3]
    assert failed.get("name") == "c0-2 (line 36)"
    assert (failed[0].get("message"), failed[1].text) == ("exit 7", "ab<&>")
