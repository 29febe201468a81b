"""Planning a run: what running a cell would mean now, and whether to ask first.

A face asks for what `inputs.wanted` names, plans, asks the user where the plan's decision says so, plans again, and
performs only if the digest of what was confirmed is still the same: what was shown is what runs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.config.trust import Trust
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.execute import consent, interpreters
from runbook_ls.execute.consent import Ask, Decision, Surroundings
from runbook_ls.execute.interpreters import Interpreter
from runbook_ls.execute.state import State
from runbook_ls.feedback.diff import Diff
from runbook_ls.feedback.origin import origin
from runbook_ls.files import expanded
from runbook_ls.memory.records import StoredSuggestion
from runbook_ls.shell.secrets import redact
from runbook_ls.values import RunbookError
from runbook_ls.workbench import environment, inputs, surroundings
from runbook_ls.workbench.choose import command_line
from runbook_ls.workbench.inputs import Resolved
from runbook_ls.workbench.session import Session


@dataclass(frozen=True, slots=True)
class Plan:
    """A cell as it would run now. `ask` is what a confirmation shows and binds.

    `timeout` is in seconds, None for none. A `background` cell runs until it is cancelled: perform it in a thread of
    its own and go on. `interactive`: it gets the terminal of whoever runs it.
    """

    file: str
    runbook: Runbook
    cell: Cell
    interpreter: Interpreter
    directory: Path
    state: State
    decision: Decision
    ask: Ask
    origin: tuple[StoredSuggestion, Diff] | None
    inputs: Resolved
    timeout: float | None = None
    background: bool = False
    interactive: bool = False

    @property
    def where(self) -> str:
        """The cell, named for people; its line is 1-based."""
        return _where(self.cell)


def plan_run(session: Session, file: str, runbook: Runbook, cell: Cell, *, terminal: bool = False) -> Plan:
    """What running `cell` of `file` (an absolute path) would mean. `terminal`: an interactive cell can have one.

    Raises RunbookError if it cannot run: not runnable, empty, no interpreter, not parseable, an input without a
    value, or interactive without a terminal.
    """
    where = _where(cell)
    if not cell.runnable:
        raise RunbookError(
            f"{where} of {file} is not runnable: its language is {cell.language or 'not said'}."
        )
    if not cell.script.strip():
        raise RunbookError(f"{where} of {file} has no command: write one, or generate it.")
    interactive = _is_true(cell, "interactive")
    if interactive and not terminal:
        raise RunbookError(
            f"{where} is interactive and needs a terminal: run it in your editor's terminal with "
            f"`{command_line(file, [cell.name])}`, or remove `interactive=true`."
        )
    front_matter = runbook.front_matter.data if runbook.front_matter else {}
    resolved = inputs.resolve(session, file, runbook, cell)
    if resolved.missing:
        names = " ".join(f"--var {one.name}=…" for one in resolved.missing)
        raise RunbookError(f"{where} needs a value for {resolved.missing[0].prompt}: give it with {names}.")
    interpreter = _interpreter(session, cell, front_matter, resolved.script, where)
    before = session.states.get(file) or environment.first_state(session, file)
    before = before.with_variables(resolved.values)
    trusted = {Trust.TRUSTED: True, Trust.UNKNOWN: None, Trust.UNTRUSTED: False}[session.trust]
    if trusted is not False:  # there not even `bash -n` is started, nor git asked
        consent.check_syntax(resolved.script, interpreter, before.environment, where)
    folder = surroundings.folder_of(file, session.workspace)
    directory = _directory(folder, before.directory, front_matter.get("cwd"), cell.attributes.get("cwd"))
    source, known = _origin(session, file, cell)
    assessment = consent.assess_cell(resolved.script, interpreter)
    workspace = Path(session.workspace) if session.workspace else None
    decision = consent.decide(
        assessment,
        unedited_suggestion=not known or (source is not None and not source[1].changes),
        strict=session.settings.consent == "strict",
        trusted=trusted,
        doubts=()
        if trusted is False
        else consent.doubts(
            assessment,
            Surroundings(
                before.environment,
                directory,
                workspace,
                environment.of_user(session).get("PATH"),
                names=before.names,
            ),
        ),
    )
    variables = {**before.named_in(resolved.script), **resolved.values}
    ask = Ask(
        resolved.script,
        interpreter,
        directory,
        decision.why,
        decision.lines,
        variables=variables,
        target=surroundings.target(before.environment),
        hidden=frozenset(
            name for name in variables if name in resolved.secrets or _tells_a_secret(name, variables)
        ),
    )
    return Plan(
        file,
        runbook,
        cell,
        interpreter,
        directory,
        before,
        decision,
        ask,
        source,
        resolved,
        _timeout(session, cell, where),
        _is_true(cell, "background"),
        interactive,
    )


def _where(cell: Cell) -> str:
    return f"cell {cell.name or '(unnamed)'} (line {cell.start_line + 1})"


def _is_true(cell: Cell, attribute: str) -> bool:
    return cell.attributes.get(attribute, "").lower() in ("true", "yes", "1")


def _interpreter(
    session: Session, cell: Cell, front_matter: Mapping[str, object], script: str, where: str
) -> Interpreter:
    shell = front_matter.get("shell")
    interpreter = cell.attributes.get("interpreter")
    if cell.language in interpreters.SQL and not interpreter and session.settings.run_sql:
        interpreter = session.settings.run_sql
    return interpreters.resolve(
        cell.language,
        shell=shell if isinstance(shell, str) else None,
        interpreter=interpreter,
        body=script,
        path=environment.of_user(session).get("PATH"),
        where=where,
    )


_DURATION = re.compile(r"(\d+(?:\.\d+)?)[ ]*(ms|s|sec|m|min|h|)")
_SECONDS = {"ms": 0.001, "": 1.0, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}


def _timeout(session: Session, cell: Cell, where: str) -> float | None:
    """Seconds: the cell's `timeout` (`30s`, `5m`, plain seconds; 0 for none), else the setting."""
    said = cell.attributes.get("timeout")
    if said is None:
        return session.settings.run_timeout or None
    found = _DURATION.fullmatch(said.strip().lower())
    if found is None:
        raise RunbookError(f"{where} has timeout={said}, which is no duration: write 30s, 5m or 1h.")
    return float(found[1]) * _SECONDS[found[2]] or None


def _tells_a_secret(name: str, variables: Mapping[str, str]) -> bool:
    return bool(redact(f"{name}={variables[name]}").found)


def _origin(session: Session, file: str, cell: Cell) -> tuple[tuple[StoredSuggestion, Diff] | None, bool]:
    """The suggestion that the cell grew from, if any; and whether that is known. A journal that cannot be read
    blocks no run, but then the cell may be an unedited suggestion and is treated as one."""
    try:
        return origin(cell.script, cell.intent, session.journal.suggestions_for(file)), True
    except RunbookError:
        return None, False


def _directory(folder: Path, left: Path | None, front_matter: object, attribute: str | None) -> Path:
    """Where a cell runs: where the cell before it `left` off. The first cell, and one with a `cwd`, starts from the
    runbook's `folder`, joined with front matter `cwd` and then the cell's. Whether it exists is seen when it runs:
    an earlier cell may make it."""
    if left is not None and attribute is None:
        return left
    directory = folder
    for part in (front_matter, attribute):
        if isinstance(part, str) and part:
            directory = directory / expanded(part)
    return Path(os.path.normpath(directory))
