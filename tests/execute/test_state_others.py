"""State between cells of the other shells, and of different shells in one runbook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from runbook_ls.execute import state
from runbook_ls.execute.interpreters import resolve
from runbook_ls.execute.state import State, Step
from runbook_ls.values import RunbookError

from .conftest import Cells


class Notebook:
    """Runs (shell, body) pairs, each in the state that the one before left."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.state: State = state.initial(os.environ)

    def run(self, shell: str, body: str) -> Step:
        try:
            interpreter = resolve(shell, interpreter=shell)
        except RunbookError as error:
            pytest.skip(str(error))
        directory = self.state.directory or self.cells.directory
        request = self.cells.request(body, directory=directory, interpreter=interpreter)
        step = state.run(self.state, request, self.cells.take, self.cells.cancel)
        self.state = step.state
        return step

    def out(self, shell: str, *bodies: str) -> str:
        """Run them all; what the last one wrote to both streams."""
        for body in bodies:
            step = self.run(shell, body)
        return step.execution.stdout + step.execution.stderr


@pytest.fixture
def notebook(cells: Cells) -> Notebook:
    return Notebook(cells)


POSIX = ["sh", "dash", "ksh"]


@pytest.mark.parametrize("shell", [*POSIX, "zsh"])
def test_exports_and_the_directory_are_carried(notebook: Notebook, shell: str):
    assert (
        notebook.out(
            shell,
            "export A='x y'; export N='a\nb'; unset SHELLTEST; cd /usr",
            'echo "$A|$N|${SHELLTEST-unset}"; pwd',
        )
        == "x y|a\nb|unset\n/usr\n"
    )


def test_fish_carries_exports_and_the_directory(notebook: Notebook):
    assert notebook.out("fish", "set -x A 'x y'; set B 2; cd /usr", 'echo "$A|$B"; pwd') == "x y|\n/usr\n"


@pytest.mark.parametrize("shell", [*POSIX, "zsh"])
@pytest.mark.parametrize(("ending", "code"), [("exit 3", 3), ("false", 1), ("set -e; false; echo never", 1)])
def test_the_state_is_saved_however_the_cell_ends(notebook: Notebook, shell: str, ending: str, code: int):
    step = notebook.run(shell, f"export A=saved\n{ending}")

    assert (step.execution.exit_code, step.notes) == (code, ())
    assert notebook.out(shell, "echo $A") == "saved\n"


@pytest.mark.parametrize("shell", [*POSIX, "zsh", "fish"])
def test_a_killed_cell_leaves_the_state_before_it(notebook: Notebook, shell: str):
    notebook.run(shell, "true")
    step = notebook.run(shell, "kill -9 %self" if shell == "nothing" else "sh -c 'kill -9 $PPID'")

    assert step.execution.exit_code == 137
    assert "it was ended" in step.notes[0]


@pytest.mark.parametrize("shell", [*POSIX, "zsh"])
def test_the_name_and_the_lines_are_the_cells(notebook: Notebook, shell: str):
    shown = notebook.out(shell, '\necho "${0##*/} $LINENO"')

    assert shown.split()[0].endswith(("cell.sh", "cell.zsh"))
    assert shown.split()[1:] in (["2"], [])  # dash may be built without line numbers


@pytest.mark.parametrize("shell", POSIX)
def test_a_trap_of_its_own_is_said_to_lose_the_state(notebook: Notebook, shell: str):
    step = notebook.run(shell, "trap 'echo bye' EXIT; export A=1")

    assert step.execution.stdout == "bye\n"
    assert "a trap of its own" in step.notes[0]


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("B='x  y'", 'echo "$B"', "x  y\n"),
        ("arr=(1 'a b')", 'echo "$arr[2]"', "a b\n"),
        ("typeset -A m; m=(k v)", "echo $m[k]", "v\n"),
        ("typeset -i n=4", "n=n+1; echo $n", "5\n"),
        ("f() { echo f:$1 }", "f z", "f:z\n"),
        ("alias hi='echo hello'", "hi", "hello\n"),
        (
            "setopt extendedglob; unsetopt nomatch",
            "[[ -o extendedglob && ! -o nomatch ]] && echo kept",
            "kept\n",
        ),
        ("readonly R=1; typeset -r S=2", "R=3; S=4; echo $R$S", "34\n"),
        ("trap 'echo bye' EXIT; C=1", "echo $C", "1\n"),
        ("path=(/opt/x $path)", "echo ${PATH%%:*}", "/opt/x\n"),
        ("f() { local x=1; exit 3 }; x=global; f", "echo $x", "global\n"),
    ],
)
def test_zsh_carries_its_own_state(notebook: Notebook, first: str, second: str, shown: str):
    assert notebook.out("zsh", first, second) == shown


def test_zsh_functions_and_aliases_are_known_to_consent(notebook: Notebook):
    notebook.run("zsh", "ls() { echo mine }; alias gs='git status'")

    assert {"ls", "gs"} <= notebook.state.names


def test_zsh_leaves_the_users_zdotdir_alone(notebook: Notebook):
    assert notebook.out("zsh", "echo ${ZDOTDIR-unset}") == "unset\n"
    notebook.run("zsh", "export ZDOTDIR=/somewhere")
    assert notebook.out("zsh", "echo $ZDOTDIR") == "/somewhere\n"


def test_shells_in_one_runbook_share_exports_and_the_directory(notebook: Notebook):
    notebook.run("bash", "export A=bash; B=plain; f() { echo f; }; cd /usr")
    assert notebook.out("sh", "echo $A ${B-none}; pwd; export A=sh; cd /") == "bash none\n/usr\n"
    assert notebook.out("bash", "echo $A $B; f; pwd") == "sh plain\nf\n/\n"


def test_nothing_stays_on_disk(notebook: Notebook, tmp_path: Path):
    from runbook_ls.execute import private

    for shell in ("sh", "zsh"):
        notebook.run(shell, "export SECRET=hunter2")

    assert list(private.directory().iterdir()) == []
