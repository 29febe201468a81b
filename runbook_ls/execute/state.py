"""What later cells of a runbook see of earlier ones: environment, directory, and the shell's own state.

A state is a value: running a cell takes one and gives the next. It is held in memory; what passes between this
process and a shell is in a private directory only while the cell runs.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from runbook_ls.execute import carry_bash, carry_others, private, processes
from runbook_ls.execute.carry_bash import BashState
from runbook_ls.execute.carry_others import ZshState
from runbook_ls.execute.execution import Execution, OnOutput, Request
from runbook_ls.execute.watchdog import MARK

_NAMED = re.compile(r"\$\{?[#!]?([A-Za-z_]\w*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class State:
    """The state between two cells of one runbook. `directory` is None until a cell has run."""

    environment: Mapping[str, str]
    directory: Path | None = None
    bash: BashState = field(default_factory=BashState)
    zsh: ZshState = field(default_factory=ZshState)

    @property
    def names(self) -> frozenset[str]:
        """The functions and aliases that stand before programs of the same name: what consent asks for."""
        return self.bash.names | self.zsh.names

    def named_in(self, script: str) -> dict[str, str]:
        """The values of the variables that a shell text names with `$` and does not set itself."""
        found: dict[str, str] = {}
        for name in dict.fromkeys(_NAMED.findall(script)):
            if re.search(rf"\b{name}=", script):
                continue
            if name in self.environment:
                found[name] = self.environment[name]
            elif name in self.bash.variables:
                found[name] = carry_bash.shown(self.bash.variables[name])
        return found

    def with_variables(self, variables: Mapping[str, str]) -> State:
        """The state with these variables exported: inputs, `.env`, `$__`, the output of an UPPER_CASE cell."""
        left = {name: text for name, text in self.bash.variables.items() if name not in variables}
        return replace(
            self, environment={**self.environment, **variables}, bash=replace(self.bash, variables=left)
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A variable or the directory that a cell changed. None as a value: not set. Values are as they are: redact."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One cell run in a state: its execution, the state after it, what changed, and `notes` for the user."""

    execution: Execution
    state: State
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()


def initial(environment: Mapping[str, str]) -> State:
    """The state before a runbook's first cell."""
    return State(dict(environment))


def run(state: State, request: Request, on_output: OnOutput, cancel: threading.Event) -> Step:
    """Run a cell in a state, as `processes.run` does, and take over what it leaves.

    `request.directory` is where it runs (the state's directory, or what `cwd` says); its environment is replaced by
    the state's. The state is saved after success, failure and `exit`. Where it could not be (a kill signal, `exec`,
    `set -n`), the state before the cell stays and a note says so. A cell that is no shell changes nothing.

    Raises RunbookError as `processes.run` does.
    """
    kind = request.interpreter.carries
    environment = {**state.environment, "PWD": str(request.directory)}
    if kind is None:
        return Step(processes.run(replace(request, environment=environment), on_output, cancel), state)
    after: State | None
    dropped: tuple[str, ...] = ()
    if kind == "bash":
        execution, saved = _run_bash(state, replace(request, environment=environment), on_output, cancel)
        after = State(saved.environment, saved.directory, saved.bash, state.zsh) if saved else None
        dropped = saved.dropped if saved else ()
    else:
        with private.folder() as folder:
            execution = processes.run(_prepared(kind, state, request, environment, folder), on_output, cancel)
            left = carry_others.read_zsh(folder) if kind == "zsh" else carry_others.read_exports(folder)
        after = State(left.environment, left.directory, state.bash, left.zsh or state.zsh) if left else None
    if after is None:
        return Step(execution, state, (), (_not_saved(execution),))
    after = replace(after, environment=_without_own(after.environment, state.environment))
    notes = tuple(
        f"{name} holds more than {carry_bash.LARGEST_VALUE // 1024} KB and is not carried to the next cell"
        for name in dropped
    )
    return Step(execution, after, _changes(state, after, request.directory), notes)


def _run_bash(
    state: State, request: Request, on_output: OnOutput, cancel: threading.Event
) -> tuple[Execution, carry_bash.Saved | None]:
    # Bash reads the text through a descriptor of a file that has no name any more.
    with (
        private.file("scratch", b"") as scratch,
        private.file("state", b"") as saved,
        private.nameless(
            lambda number: carry_bash.restoring(state.bash, request.environment, scratch, saved, number)
        ) as descriptor,
    ):
        environment = carry_bash.environment_of(request.environment, f"/dev/fd/{descriptor}")
        prepared = replace(request, environment=environment, descriptors=(descriptor,))
        execution = processes.run(prepared, on_output, cancel)
        return execution, carry_bash.read(saved, request.environment)


def _prepared(
    kind: str, state: State, request: Request, environment: dict[str, str], folder: Path
) -> Request:
    interpreter = request.interpreter
    if kind == "zsh":
        carry_others.write_zshenv(state.zsh, environment, folder)
        # `-f` would skip .zshenv as well; `-d` leaves out the global files but /etc/zshenv.
        interpreter = replace(interpreter, arguments=("-d",))
        environment = {**environment, "ZDOTDIR": str(folder)}
    elif kind == "fish":
        interpreter = replace(interpreter, arguments=carry_others.fish_arguments(folder, environment))
    else:
        interpreter = replace(
            interpreter, arguments=carry_others.posix_arguments(interpreter.program, folder, environment)
        )
    return replace(request, interpreter=interpreter, environment=environment)


# A shell counts and remembers in these, and the watchdog marks; nobody set them.
_SHELLS_OWN = frozenset({"SHLVL", "PWD", "_", MARK})


def _without_own(after: Mapping[str, str], before: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in after.items() if name not in _SHELLS_OWN}
    return kept | {name: before[name] for name in _SHELLS_OWN if name in before}


def _changes(before: State, after: State, directory: Path) -> tuple[Change, ...]:
    def value(state: State, name: str) -> str | None:
        if name in state.environment:
            return state.environment[name]
        text = state.bash.variables.get(name)
        return None if text is None else carry_bash.shown(text)

    old, new = before.bash.variables, after.bash.variables
    names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    first, second = before.environment, after.environment
    names |= {name for name in {*first, *second} if first.get(name) != second.get(name)}
    found = [
        Change(name, value(before, name), value(after, name))
        for name in sorted(names - _SHELLS_OWN - {"OLDPWD"})
        if value(before, name) != value(after, name)
    ]
    if after.directory != directory:
        found.append(Change("PWD", str(directory), str(after.directory)))
    return tuple(found)


def _not_saved(execution: Execution) -> str:
    ended = execution.ended_by or execution.exit_code >= 128
    why = "it was ended" if ended else "it ended by `exec`, `set -n` or a trap of its own"
    return f"the shell state of this cell was not saved ({why}); later cells see the state before it"
