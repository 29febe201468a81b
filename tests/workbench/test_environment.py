"""What a runbook's first cell sees: the user's environment, `.env` files where the workspace is trusted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_ls.config.trust import Trust
from runbook_ls.workbench import environment, inputs
from runbook_ls.workbench.session import Session

Sessions = Callable[..., Session]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    (folder / "sub").mkdir(parents=True)
    (folder / ".env").write_text("A=env\nB=env\nC=env\nHERE=env\nGIT_DIR=x\n")
    (folder / ".env.local").write_text("B=local\n")
    (folder / "sub" / ".env").write_text("C=sub\nD=$A${A}\nnonsense\n")
    monkeypatch.setenv("HERE", "mine")
    for name in ("A", "B", "C", "D"):
        monkeypatch.delenv(name, raising=False)
    return folder


def test_values_of_env_files(session: Sessions, workspace: Path) -> None:
    found = environment.of_file(session(workspace=workspace), str(workspace / "sub" / "a.md"))
    assert [found.variables[name] for name in ("A", "B", "C", "D", "HERE")] == [
        "env",
        "local",
        "sub",
        "$Aenv",
        "mine",
    ]
    assert "GIT_DIR" not in found.variables
    assert found.sources == {
        "A": str(workspace / ".env"),
        "B": str(workspace / ".env.local"),
        "C": str(workspace / "sub" / ".env"),
        "D": str(workspace / "sub" / ".env"),
    }
    assert found.notes == (
        f"{workspace / '.env'} may not set GIT_DIR: ignored",
        f"{workspace / 'sub' / '.env'}: line 3 is no NAME=value: ignored",
    )
    assert not any(note == "env" for note in found.notes)


@pytest.mark.parametrize("trust", [Trust.UNKNOWN, Trust.UNTRUSTED])
def test_without_trust_no_env_file_is_read(session: Sessions, workspace: Path, trust: Trust) -> None:
    found = environment.of_file(session(trust, workspace=workspace), str(workspace / "a.md"))
    assert found == environment.Environment(os.environ)


def login(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A login shell that finds a program which this process does not; the program."""
    program = home / "tools" / "frobnicate"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (home / ".profile").write_text("export PATH=$PATH:$HOME/tools\n")
    monkeypatch.setenv("SHELL", "/bin/sh")
    return program


def test_a_server_that_no_shell_started_asks_the_login_shell(
    session: Sessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = login(home, monkeypatch)
    monkeypatch.delenv("SHLVL", raising=False)
    assert str(program.parent) in environment.of_user(session())["PATH"].split(":")
    assert environment.of_user(session(shell_env="inherit")) is os.environ
    monkeypatch.setenv("SHLVL", "1")
    assert environment.of_user(session()) is os.environ


def test_a_login_shell_that_does_not_answer_is_told(
    session: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SHLVL", raising=False)
    monkeypatch.setenv("SHELL", "/bin/false")
    here = session()
    assert environment.of_user(here) == dict(os.environ)
    environment.of_user(here)
    assert capsys.readouterr().out.count("cannot be asked for its environment") == 1


def test_where_the_login_shell_finds_a_program(
    session: Sessions, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = login(home, monkeypatch)
    path = os.environ["PATH"]
    here = session()
    assert environment.where_login_finds(here, "frobnicate", path) == str(program)
    assert environment.where_login_finds(here, "ls", path) is None
    assert environment.where_login_finds(here, "no-such-program", path) is None


def test_reset_forgets_state_and_answers_and_reads_again(session: Sessions, workspace: Path) -> None:
    here, file = session(workspace=workspace), str(workspace / "a.md")
    inputs.give(here, file, {"X": "1"}, "you")
    here.states[file] = environment.first_state(here, file)
    assert here.states[file].environment["X"] == "1"
    (workspace / ".env").write_text("A=new\n")
    environment.reset(here, file)
    assert environment.first_state(here, file).environment["A"] == "new"
    assert "X" not in environment.first_state(here, file).environment
