"""Planning and performing: consent, state, and what the journal gets."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runbook_ls.config.trust import Trust
from runbook_ls.document import parse
from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.memory.records import StoredSuggestion
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn, run
from runbook_ls.workbench.plan import Plan, plan_run
from runbook_ls.workbench.run import Performed
from runbook_ls.workbench.session import Session

Sessions = Callable[..., Session]


def plan(session: Session, text: str, number: int = 0, file: str = "/x/a.md") -> Plan:
    runbook = parse(text)
    return plan_run(session, file, runbook, runbook.cells[number])


def cell(body: str, intent: str = "Do it") -> str:
    return f"{intent}\n\n```sh\n{body}\n```\n"


def perform(session: Session, planned: Plan) -> Performed:
    return run.perform(session, planned, consented="act", on_output=lambda *_: None, cancel=threading.Event())


@pytest.mark.parametrize(
    ("body", "normal", "strict"),
    [
        ("ls -l", "run", "run"),
        ("touch x", "run", "confirm"),
        ("frobnicate", "run", "confirm"),
        ("rm -rf x", "confirm", "confirm"),
    ],
)
def test_what_consent_says(session: Sessions, body: str, normal: str, strict: str) -> None:
    assert plan(session(), cell(body)).decision.action == normal
    assert plan(session(consent="strict"), cell(body)).decision.action == strict
    assert plan(session(Trust.UNKNOWN), cell(body)).decision.action == strict
    assert plan(session(Trust.UNTRUSTED), cell(body)).decision.action == "refuse"


@pytest.mark.parametrize("body", ["if", "git status"])
def test_nothing_is_started_where_nothing_may_run(
    session: Sessions, monkeypatch: pytest.MonkeyPatch, body: str
) -> None:
    def start(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "run", start)
    assert plan(session(Trust.UNTRUSTED), cell(body)).decision.action == "refuse"


def test_an_unedited_suggestion_is_confirmed_an_edited_one_runs(session: Sessions) -> None:
    here = session()
    offered = StoredSuggestion(
        "01S", 1.0, "/x/a.md", "touch-x", 2, "Do it", "touch x", "analogy", 0.9, workspace=here.workspace
    )
    with here.journal.writing() as writing:
        writing.add_suggestion(offered)
    assert plan(here, cell("touch x")).decision.action == "confirm"
    assert plan(here, cell("touch y")).decision.action == "run"
    assert plan(here, cell("touch x", intent="Something else")).decision.action == "run"


def test_a_secret_that_was_filled_in_is_not_in_the_receipt(session: Sessions, tmp_path: Path) -> None:
    here, file = session(), str(tmp_path / "a.md")
    slot = "true --user a --password «redacted:password»"
    offered = StoredSuggestion("01S", 1.0, file, "t", 2, "Do it", slot, "analogy", 0.9)
    with here.journal.writing() as writing:
        writing.add_suggestion(offered)
    done = perform(here, plan(here, cell("true --user b --password Xk7-qwerty-pw!"), file=file))
    assert done.run.receipt == "learned: a → b"
    assert not any(b"qwerty" in kept.read_bytes() for kept in here.paths.journal.parent.iterdir())


def test_a_function_in_the_state_is_not_the_program_of_its_name(session: Sessions, tmp_path: Path) -> None:
    here, file = session(consent="strict"), str(tmp_path / "a.md")
    assert plan(here, cell("ls"), file=file).decision.action == "run"
    perform(here, plan(here, cell("ls() { touch fooled; }"), file=file))
    assert plan(here, cell("ls"), file=file).decision.action == "confirm"


def test_a_run_is_in_the_journal_from_its_beginning(session: Sessions, tmp_path: Path) -> None:
    here, file = session(), str(tmp_path / "a.md")
    text = cell("echo up; export TOKEN=ghp_" + "a1B2" * 9)
    first = perform(here, plan(here, text, file=file)).run
    seen = []
    done = run.perform(
        here,
        plan(here, text, file=file),
        consented="act",
        on_output=lambda *_: seen.extend(here.journal.runs(1)),
        cancel=threading.Event(),
    ).run
    begun = seen[0]
    assert (begun.id, begun.ending, begun.exit_code, begun.previous) == (done.id, "unknown", None, first.id)
    assert (begun.executed, begun.directory, begun.output_file) == (
        done.executed, done.directory, done.output_file,
    )  # fmt: skip
    assert "a1B2" not in begun.executed
    assert [each.id for each in here.journal.runs()] == [done.id, first.id]


def test_a_run_that_an_exception_ends_has_an_end(
    session: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second Ctrl-C, or a terminal that went away under an interactive cell."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("runbook_ls.execute.state.run", interrupted)
    here = session()
    with pytest.raises(KeyboardInterrupt):
        perform(here, plan(here, cell("echo up"), file=str(tmp_path / "a.md")))
    assert [each.ending for each in here.journal.runs()] == ["cancelled"]


def test_a_run_that_is_forgotten_while_it_runs_leaves_nothing(session: Sessions, tmp_path: Path) -> None:
    here = session()

    def forget(*_: object) -> None:
        here.journal.forget(here.journal.runs(1)[0].id)

    planned = plan(here, cell("echo up"), file=str(tmp_path / "a.md"))
    done = run.perform(here, planned, consented="act", on_output=forget, cancel=threading.Event())
    assert done.run.receipt == "not learned: you had it forgotten while it ran"
    assert (here.journal.runs(), here.journal.examples()) == ([], [])
    assert not any(here.paths.outputs.iterdir())


def test_a_run_that_is_forgotten_before_its_output_is_kept_leaves_nothing(
    session: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, begin = session(), learn.begin

    def begin_and_forget(*arguments: Any) -> Any:
        row = begin(*arguments)
        here.journal.forget(row.id)
        return row

    monkeypatch.setattr(learn, "begin", begin_and_forget)
    perform(here, plan(here, cell("echo up"), file=str(tmp_path / "a.md")))
    assert not any(here.paths.outputs.iterdir())


def test_a_journal_that_others_write_to_keeps_no_cell_waiting_for_long(
    session: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbook_ls.workbench.learn._LONGEST_WAIT", 0.01)
    here = session()
    planned = plan(here, cell("echo up"), file=str(tmp_path / "a.md"))
    other = sqlite3.connect(here.paths.journal, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    done = run.perform(
        here,
        planned,
        consented="act",
        on_output=lambda *_: other.rollback(),  # the cell runs although the other writes still
        cancel=threading.Event(),
    )
    other.close()
    assert here.journal.runs() == [done.run]


def test_a_journal_that_fails_slowly_is_not_asked_again_at_once(
    session: Sessions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=1000.0, asked=0)

    def busy(_: Path) -> None:
        clock.now += 30
        clock.asked += 1
        raise RunbookError("the journal is busy")

    monkeypatch.setattr("runbook_ls.workbench.session.Journal.open", busy)
    monkeypatch.setattr("runbook_ls.workbench.session.time", SimpleNamespace(monotonic=lambda: clock.now))
    here, file = session(), str(tmp_path / "a.md")
    done = perform(here, plan(here, cell("echo up"), file=file))
    assert (done.execution.stdout, done.run.receipt) == ("up\n", "not learned: the journal is busy")
    assert clock.asked == 1
    clock.now += 30
    perform(here, plan(here, cell("echo up"), file=file))
    assert clock.asked == 2


def test_what_is_shown_is_what_is_bound(session: Sessions, tmp_path: Path) -> None:
    first = plan(session(), cell("rm -rf x"))
    assert first.ask.digest == plan(session(), cell("rm -rf x")).ask.digest
    assert first.ask.digest != plan(session(), cell("rm -rf  x")).ask.digest
    assert first.ask.digest != plan(session(), cell("rm -rf x"), file=str(tmp_path / "a.md")).ask.digest
    assert "\\x1b" in plan(session(), cell("rm -rf ~\x1b[2Kls")).ask.text()


def test_a_confirmation_shows_and_binds_the_variables_of_the_state(session: Sessions, tmp_path: Path) -> None:
    here, file = session(), str(tmp_path / "a.md")
    digests = []
    for value in ("one", "two"):
        perform(here, plan(here, cell(f"DIR={value}; export TOKEN=ghp_{'a1B2' * 9}"), file=file))
        planned = plan(here, cell('rm -rf "$DIR" "${TOKEN}x"; OTHER=1 echo "$OTHER"'), file=file)
        assert f"where DIR={value}\n" in planned.ask.text()
        assert "where TOKEN=(hidden)" in planned.ask.text()
        assert "OTHER=1\n" not in planned.ask.text()
        digests.append(planned.ask.digest)
    assert digests[0] != digests[1]


def test_the_target_is_that_of_the_cell(session: Sessions, tmp_path: Path) -> None:
    here, file = session(), str(tmp_path / "a.md")
    (tmp_path / "config").write_text("current-context: production\n")
    perform(here, plan(here, cell(f"export KUBECONFIG={tmp_path / 'config'}"), file=file))
    assert plan(here, cell("kubectl get pods"), file=file).ask.target == "kubernetes:production"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("sql", 'set `run.sql = "psql"`, or `interpreter=psql` on the cell'),
        ("kubctl", 'did you mean "sh"'),
        ("pyhton", 'did you mean "python"'),
    ],
)
def test_a_language_without_an_interpreter(session: Sessions, language: str, sentence: str) -> None:
    with pytest.raises(RunbookError) as raised:
        plan(session(), f"Do\n\n```{language} {{name=x}}\nx\n```\n")
    assert f'unknown language "{language}" in cell x (line 3)' in str(raised.value)
    assert sentence in str(raised.value)


def test_an_interactive_cell_needs_a_terminal(session: Sessions) -> None:
    text = "Do\n\n```sh {name=x interactive=true}\nls\n```\n"
    with pytest.raises(
        RunbookError, match=r"run it in your editor's terminal with `runbook-ls run /x/a.md x`"
    ):
        plan(session(), text)
    runbook = parse(text)
    assert plan_run(session(), "/x/a.md", runbook, runbook.cells[0], terminal=True).interactive


def test_a_command_that_a_message_cites_is_safe_to_copy(session: Sessions) -> None:
    text = 'Ask\n\n```sh {name="x; curl evil" interactive=true}\nread x\n```\n'
    with pytest.raises(RunbookError, match=r"with `runbook-ls run '/x/a b.md' 'x; curl evil'`, or remove"):
        plan(session(), text, file="/x/a b.md")


def test_old_outputs_go(session: Sessions, tmp_path: Path) -> None:
    here, file = session(run_output_days=1.0), str(tmp_path / "a.md")
    here.paths.outputs.mkdir(parents=True)
    for name, age in (("old", 2 * 86_400), ("new", 60)):
        (here.paths.outputs / f"{name}.txt").write_text("x")
        os.utime(here.paths.outputs / f"{name}.txt", (time.time() - age,) * 2)
    done = perform(here, plan(here, cell("echo"), file=file))
    kept = {path.name for path in here.paths.outputs.iterdir()}
    assert kept == {"new.txt", f"{done.run.id}.txt"}


def test_the_chain_of_attempts(session: Sessions, tmp_path: Path) -> None:
    here, file = session(), str(tmp_path / "a.md")
    first = perform(here, plan(here, cell("exit 7"), file=file)).run
    second = perform(here, plan(here, cell("exit 0"), file=file)).run
    assert (first.previous, second.previous) == (None, first.id)
    assert [row.receipt for row in here.journal.runs(file=file)] == ["learned", "not learned: exit 7"]


@pytest.mark.parametrize(
    ("text", "receipt"),
    [
        ("Say it\n\n```sh {learn=false}\necho\n```\n", "not learned: the cell says learn=false"),
        (
            "---\nlearn: false\n---\nSay it\n\n```sh\necho\n```\n",
            "not learned: the front matter says learn: false",
        ),
        ("```sh\necho\n```\n", "not learned: no intent above the cell"),
    ],
)
def test_what_does_not_teach(session: Sessions, tmp_path: Path, text: str, receipt: str) -> None:
    here = session()
    assert perform(here, plan(here, text, file=str(tmp_path / "a.md"))).run.receipt == receipt
    assert here.journal.examples() == []


def test_paused_learning_still_keeps_the_history(session: Sessions, tmp_path: Path) -> None:
    here = session(learning=False)
    done = perform(here, plan(here, cell("echo"), file=str(tmp_path / "a.md")))
    assert done.run.receipt == "not learned: learning is paused"
    assert len(here.journal.runs()) == 1


@pytest.mark.parametrize("language", ["sh", "console"])
def test_a_session_runs_and_teaches_its_commands_without_prompts_and_outputs(
    session: Sessions, tmp_path: Path, language: str
) -> None:
    here = session()
    text = f"Say hello\n\n```{language}\n$ echo hello\nhello\n$ echo 'two\n> lines'\n```\n"
    done = perform(here, plan(here, text, file=str(tmp_path / "a.md")))
    assert done.execution.stdout == "hello\ntwo\nlines\n"
    assert (done.run.executed, done.run.receipt) == ("echo hello\necho 'two\nlines'", "learned")


def test_the_interpreter_is_one_we_know(session: Sessions) -> None:
    planned = plan(session(), "Do\n\n```python\nprint(1)\n```\n")
    assert isinstance(planned.interpreter, Interpreter)
    assert planned.interpreter.word == "python"


@pytest.mark.parametrize(
    "text", ["---\ncwd: ~no-such-user/x\n---\n\n```sh\nls\n```\n", '```sh {cwd="~no-such-user/x"}\nls\n```\n']
)
def test_the_home_of_a_user_that_there_is_not(session: Sessions, tmp_path: Path, text: str) -> None:
    here = session()
    with pytest.raises(RunbookError, match="~no-such-user/x of the cell does not exist"):
        perform(here, plan(here, text, file=str(tmp_path / "a.md")))
