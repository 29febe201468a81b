"""Somebody at the terminal: questions, interactive cells, Ctrl-C; and a server that nobody speaks to."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from runbook_ls.cli import run_face
from runbook_ls.cli.run import _interruptible
from runbook_ls.cli.run_face import CommandLine
from runbook_ls.shell.risk import Risk
from runbook_ls.workbench.plan import Plan

from .conftest import Cli
from .terminal import terminal

INTERACTIVE = """\
Set up

```sh {name=before}
export GREETING=hello
```

Ask

```sh {name=ask interactive=true}
test -t 0 && test -t 1 && stty size
read -r -p 'Who? ' who
echo "$GREETING $who"; export WHO=$who
```

Use

```sh {name=use}
echo "it was $WHO"
```
"""


def test_an_interactive_cell_has_the_terminal_and_the_state(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(INTERACTIVE)
    with terminal("run", "a.md", "--all", cwd=tmp_path) as screen:
        screen.until("Who? ")
        screen.type("bob\r")
        assert screen.end() == 0, screen.shown
    assert "40 100" in screen.shown
    assert "hello bob" in screen.shown
    assert "it was bob" in screen.shown
    assert "[2/3] a.md: ask" in screen.shown
    rows = json.loads(cli("history", "--json").stdout)
    assert [row["cell"] for row in rows] == ["use", "ask", "before"]


def test_an_interactive_cell_without_a_terminal_is_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(INTERACTIVE)
    done = cli("run", "a.md", "--all")
    assert (done.returncode, done.stdout) == (2, "")
    assert (
        "cell ask (line 9) is interactive and needs a terminal: run it in your editor's terminal"
        in done.stderr
    )


QUESTIONS = """\
---
inputs:
  - {name: REGION, prompt: Which region, choices: [eu, us]}
  - {name: PIN, prompt: Your PIN, secret: true}
---

Show

```sh
export NAME=<your name>
echo "$REGION $NAME ${#PIN}"
```

Remove

```sh
rm -rf nothing
```
"""


def test_questions_are_asked_once_and_secrets_are_not_kept(cli: Cli, tmp_path: Path, home: Path) -> None:
    (tmp_path / "a.md").write_text(QUESTIONS)
    with terminal("run", "a.md", "--all", cwd=tmp_path) as screen:
        screen.until("Which region (eu, us): ")
        screen.type("mars\r")
        screen.until("is not one of")
        screen.type("us\r")
        screen.until("Your PIN: ")
        screen.type("98765\r")
        screen.until("NAME (your name): ")
        screen.type("eve\r")
        screen.until("where PIN=(hidden)")
        screen.until("[y/N]: ")
        screen.type("y\r")
        assert screen.end() == 0, screen.shown
    assert "us eve 5" in screen.shown
    assert "98765" not in screen.shown
    assert not any(b"98765" in file.read_bytes() for file in home.rglob("*") if file.is_file())


def test_in_ci_nothing_is_asked(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(QUESTIONS)
    with terminal("run", "a.md", "--all", cwd=tmp_path, CI="true") as screen:
        assert screen.end() == 2
    assert "needs a value for Which region: give it with --var REGION=…" in screen.shown.replace("\r\n", "")


def test_no_is_no(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("First\n\n```sh\ntouch made\n```\n\nRemove\n\n```sh\nrm -rf keep\n```\n")
    (tmp_path / "keep").mkdir()
    with terminal("run", "a.md", "--all", cwd=tmp_path) as screen:
        screen.until("[y/N]: ")
        screen.type("n\r")
        assert screen.end() == 2
    assert "was refused. Nothing was run." in screen.shown
    assert not (tmp_path / "made").exists()


def test_control_c_cancels_the_cell_and_the_run_is_kept(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "Wait\n\n```sh {name=wait}\necho waiting; sleep 1000\n```\n\nThen\n\n```sh\necho never\n```\n"
    )
    with terminal("run", "a.md", "--all", cwd=tmp_path) as screen:
        screen.until("waiting")
        screen.type("\x03")
        assert screen.end() == 130
    assert "\nnever" not in screen.shown
    assert "not run: echo-never" in screen.shown
    (row,) = json.loads(cli("history", "--json").stdout)
    assert (row["cell"], row["exit_code"], row["receipt"]) == ("wait", None, "not learned: it did not finish")


def test_control_c_at_a_question_gives_up(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Set\n\n```sh\nDIR=$PWD/keep\n```\n\nRemove\n\n```sh\nrm -rf $DIR\n```\n")
    (tmp_path / "keep").mkdir()
    with terminal("run", "a.md", "--all", cwd=tmp_path) as screen:
        screen.until("[y/N]: ")
        screen.type("y\r")
        screen.until("changed DIR")
        seen = screen.shown.index("changed DIR")
        screen.until("where DIR=", since=seen)  # another command than the one that was confirmed
        screen.until("[y/N]: ", since=seen)
        # Python hears of a signal that comes between its prompt and its read only when the read ends: by the Enter.
        screen.type("\x03\r")
        assert screen.end() == 130
    assert (tmp_path / "keep").exists()


def test_a_control_c_that_python_drops_gives_up_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def confirm(*_: object, **__: object) -> bool:
        with suppress(KeyboardInterrupt):  # as `input` does while it flushes the prompt
            signal.raise_signal(signal.SIGINT)
        return True

    monkeypatch.setattr(run_face, "can_ask", lambda: True)
    monkeypatch.setattr(run_face, "_question", lambda _: "")
    monkeypatch.setattr(run_face.click, "confirm", confirm)
    face = CommandLine(
        frozenset({"a.md"}), yes=False, yes_changing=False, as_json=False, checks=False, held=False
    )
    decision = SimpleNamespace(action="confirm", why="", risk=Risk.DESTRUCTIVE)
    with _interruptible(face), pytest.raises(KeyboardInterrupt):
        face.consent(cast(Plan, SimpleNamespace(decision=decision, where="cell b", file="a.md")))


def test_of_a_long_cell_the_lines_that_matter_are_shown_last(tmp_path: Path) -> None:
    body = "rm -rf keep\n" + "echo all is well\n" * 200
    (tmp_path / "a.md").write_text(f"Look\n\n```sh {{name=look}}\n{body}```\n")
    with terminal("run", "a.md", "look", cwd=tmp_path) as screen:
        screen.until("Run cell look")
        assert "look at:\r\n> rm -rf keep\r\nRun cell look" in screen.shown
        screen.type("n\r")
        assert screen.end() == 2


def test_a_server_on_a_terminal_says_what_it_waits_for(tmp_path: Path) -> None:
    with terminal("serve", cwd=tmp_path) as screen:
        screen.until("waiting for an editor to speak on stdin; Ctrl-C ends it.")
        screen.type("\x03")
        assert screen.end() != 0


def test_where_several_files_run_at_once_nothing_is_asked_in_between(tmp_path: Path) -> None:
    text = "Go\n\n```sh\nmkdir -p d; cd d\n```\n\nRemove\n\n```sh\nrm -rf gone\n```\n"
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(text)
    with terminal("run", "a.md", "b.md", "--all", "--jobs", "2", cwd=tmp_path) as screen:
        screen.until("of a.md? [y/N]: ")
        screen.type("y\r")
        screen.until("of b.md? [y/N]: ")
        screen.type("y\r")
        assert screen.end() == 2
    assert "say --yes to give it, or run without --jobs to be asked." in screen.shown.replace("\r\n", "")


def test_no_color_is_heeded(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Say\n\n```sh {name=say}\nprintf '\\033[31mred\\033[0m\\n'\n```\n")
    with terminal("run", "a.md", "--all", cwd=tmp_path, NO_COLOR="1") as screen:
        assert screen.end() == 0
    assert "a.md: say" in screen.shown
    assert "\x1b" not in screen.shown
