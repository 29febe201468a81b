"""What a run leaves besides its row in the journal: the state for later cells, hints for the user, and nothing secret."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from runbook_ls.execute.dotenv import forbidden
from runbook_ls.execute.execution import OnOutput, Stream
from runbook_ls.execute.output import without_colours
from runbook_ls.execute.state import Change, State, Step
from runbook_ls.shell.secrets import redact
from runbook_ls.shell.syntax import parse as parse_shell
from runbook_ls.workbench import environment
from runbook_ls.workbench.plan import Plan
from runbook_ls.workbench.session import Session


class Outlet:
    """Passes output on. When its reader has gone, the cell is cancelled, and still journalled."""

    def __init__(self, on_output: OnOutput, cancel: threading.Event) -> None:
        self.on_output = on_output
        self.cancel = cancel
        self.failed: Exception | None = None

    def __call__(self, stream: Stream, text: str) -> None:
        if self.failed is None:
            try:
                self.on_output(stream, text)
            except Exception as error:
                self.failed = error
                self.cancel.set()


# What a later cell can name: the last output, and that of a cell with such a name.
_LAST_OUTPUT = re.compile(r"\$(?:__\b|\{__\b)")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def state_after(plan: Plan, step: Step) -> State:
    """The state after the cell, with what it printed as `$__` where the runbook reads that, and as the variable that
    the cell is named after (Runme). What was too long to be kept as a whole is not carried."""
    if step.execution.truncated:
        return step.state
    text = without_colours(step.execution.stdout).rstrip("\n")
    found = dict.fromkeys(_carried_names(plan, step), text)
    return step.state.with_variables(found) if found else step.state


def _carried_names(plan: Plan, step: Step) -> tuple[str, ...]:
    if plan.background:
        return ()
    cell = plan.cell
    names = ("__",) if _LAST_OUTPUT.search(plan.runbook.text) else ()
    named = cell.explicit_name and _VARIABLE.fullmatch(cell.name) and not forbidden(cell.name)
    return (*names, cell.name) if named and step.execution.exit_code == 0 else names


def hints(session: Session, plan: Plan, step: Step) -> tuple[str, ...]:
    """What else to say about how a cell ended: each one clause."""
    execution = step.execution
    found: list[str] = []
    if execution.output_failed:
        found.append(f"its output is not kept as a whole: {execution.output_failed}")
    if execution.ended_by == "timeout":
        found.append(f"ended after its time of {plan.timeout:g} s")
    if execution.truncated and (names := _carried_names(plan, step)):
        found.append(f"it printed too much to be carried as ${names[-1]}")
    if execution.exit_code == 127 and plan.interpreter.is_shell:
        path = step.state.environment.get("PATH")
        words = dict.fromkeys(command.name for command in parse_shell(plan.inputs.script).commands)
        for name in filter(None, words):
            if place := environment.where_login_finds(session, name, path):
                found.append(
                    f"{name} is not on the PATH of this program, but your login shell finds {place}: start it from a "
                    'terminal, or leave the setting shell.env at "login"'
                )
    return tuple(found)


def redacted(change: Change, plan: Plan) -> Change:
    """The change without the secrets in its values."""

    def shown(value: str | None) -> str | None:
        if value is None:
            return None
        if change.name in plan.inputs.secrets:
            return "«redacted:input»"
        return redact(f"{change.name}={value}").text.partition("=")[2]

    return Change(change.name, shown(change.before), shown(change.after))


_SHORTEST_SECRET = 4  # characters; a shorter text would be found everywhere


def hiding(plan: Plan) -> Callable[[str], str]:
    """What takes secrets out of text that is written to disk: those of known shapes, and the secret inputs."""
    environment = plan.state.environment
    values = {environment.get(name, "") for name in plan.inputs.secrets}
    values = {value for value in values if len(value) >= _SHORTEST_SECRET}

    def hide(text: str) -> str:
        for value in values:
            text = text.replace(value, "«redacted:input»")
        return redact(text).text

    return hide
