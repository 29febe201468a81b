"""What `runbook-ls run` asks and tells: consent, values of inputs, live output, the line a cell."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import warn
from runbook_ls.document.runbook import Cell
from runbook_ls.execute.consent import escape
from runbook_ls.execute.execution import Stream
from runbook_ls.execute.inputs import Input
from runbook_ls.shell.risk import Risk
from runbook_ls.values import RunbookError
from runbook_ls.workbench import explain
from runbook_ls.workbench.plan import Plan
from runbook_ls.workbench.sequence import Result

_NAMED = 5  # changed variables
_HELD = 1 << 20  # characters of a cell's output that wait for its end


def can_ask() -> bool:
    """True where somebody can answer a question: a terminal, and not CI."""
    return sys.stdin.isatty() and os.environ.get("CI", "").lower() in ("", "0", "false")


@dataclass
class _Held:
    """The beginning of a cell's output, until the cell has ended."""

    room: int = _HELD
    pieces: list[tuple[Stream, str]] = field(default_factory=list)

    def add(self, stream: Stream, text: str) -> None:
        if self.room > 0:
            self.room -= len(text)
            self.pieces.append((stream, text))


@dataclass
class CommandLine:
    """The face of one invocation; safe in several threads.

    `main` are the files that were named: consent to another one (a prerequisite) is strict. `held`: several files
    run at once, so a cell's output comes when it has ended. `total` cells are to run, all files together.
    """

    main: frozenset[str]
    yes: bool
    yes_changing: bool
    as_json: bool
    checks: bool
    held: bool
    total: int = 0
    terminal: bool = field(default_factory=lambda: can_ask() and sys.stdout.isatty())
    begun: int = 0
    kept: dict[tuple[str, int], _Held] = field(default_factory=dict)
    running: bool = False
    asking: bool = False
    interrupted: bool = False  # by a Ctrl-C at a question
    line_open: bool = False  # the last output on the terminal had no line end
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.terminal = self.terminal and not self.held  # there is one for all of them

    def ask(self, cell: Cell, wanted: Sequence[Input]) -> dict[str, str]:
        if not can_ask():
            return {}
        answers: dict[str, str] = {}
        for one in wanted:
            answers[one.name] = click.prompt(
                escape(one.prompt),
                default=one.default,
                type=click.Choice(one.choices) if one.choices else str,
                hide_input=one.secret,
                show_default=not one.secret,
                err=True,
            )
        return answers

    def consent(self, plan: Plan) -> str:
        decision = plan.decision
        where = f"{plan.where} of {shown.path(plan.file)}"
        if decision.action == "refuse":
            raise RunbookError(f"{where}: {decision.why}.")
        prerequisite = plan.file not in self.main
        why = decision.why
        if decision.action == "run":
            if not prerequisite or decision.risk is Risk.READ_ONLY:
                return "act"
            why = f"{why}, and it is a prerequisite that you did not name"
        if self.yes or (self.yes_changing and decision.risk is not Risk.DESTRUCTIVE):
            return "--yes"
        nothing = "" if self.running else " Nothing was run."
        among_others = self.held and self.running  # a question would stand in the middle of their output
        if among_others or self.yes_changing or not can_ask():
            or_else = ", or run without --jobs to be asked" if among_others and can_ask() else ""
            raise RunbookError(f"{where} needs your consent ({why}); say --yes to give it{or_else}.{nothing}")
        with self.lock:
            self.asking = True  # before anything is shown: a Ctrl-C that answers it must not come too early
            click.echo(_question(plan), err=True)
            agreed = click.confirm(f"Run {shown.line(where)}?", err=True)
            self.asking = False
            if self.interrupted:
                raise KeyboardInterrupt
            if not agreed:
                raise RunbookError(f"{where} was refused.{nothing}")
        return "confirmed"

    def started(self, plan: Plan) -> None:
        with self.lock:
            self.begun += 1
            if sys.stderr.isatty() and not self.held:
                count = f"[{self.begun}/{self.total}] " if self.total > 1 else ""
                click.secho(
                    shown.line(f"{count}{shown.path(plan.file)}: {plan.cell.name}"), dim=True, err=True
                )

    def output(self, plan: Plan, stream: Stream, text: str) -> None:
        if self.as_json:
            return
        if self.held:
            self.kept.setdefault((plan.file, plan.cell.start_line), _Held()).add(stream, text)
            return
        click.echo(text, nl=False, err=stream == "stderr")
        self.line_open = not text.endswith("\n")

    def finished(self, result: Result) -> None:
        with self.lock:
            held = self.kept.pop((result.file, result.cell.start_line), _Held())
            for stream, text in held.pieces:
                click.echo(text, nl=False, err=stream == "stderr")
            if held.room <= 0 and result.done is not None:
                warn(f"there is more output in {result.done.run.output_file}")
            if self.line_open and sys.stdout.isatty() and sys.stderr.isatty():
                click.echo(err=True)
            self.line_open = False
            self._tell(result)
            if self.as_json:
                click.echo(json.dumps(as_json(result), ensure_ascii=False))

    def _tell(self, result: Result) -> None:
        cell, done = result.cell, result.done
        name = (
            cell.name
            if len(self.main) == 1 and result.file in self.main
            else f"{shown.path(result.file)}: {cell.name}"
        )
        if done is None:
            warn(f"{name} (line {cell.start_line + 1}): {result.why}")
            return
        for note in done.notes:
            warn(f"{name}: {note}")
        ended = f"{explain.outcome(done.run)} in {done.execution.duration_ms} ms"
        if result.status == "passed" and result.why:  # a background cell
            ended = f"{result.why} after {done.execution.duration_ms} ms"
        if done.changes:
            names = [change.name for change in done.changes]
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            ended += f"; changed {', '.join(names[:_NAMED])}{more}"
        if self.checks and result.verdict is not None:
            line = cell.start_line if result.verdict.line is None else result.verdict.line
            said = "as expected" if result.verdict.line is not None else "ran"
            told = said if result.verdict.passed else f"FAILED (line {line + 1}): {result.why}"
            warn(f"{name}: {told}; {ended}; {done.run.receipt}")
            if result.verdict.diff:
                click.echo(_coloured(result.verdict.diff), nl=False, err=True)
        else:
            warn(f"{name}: {ended}; {done.run.receipt}")


_SCREEN = 24  # lines


def _question(plan: Plan) -> str:
    """What is asked. Of a text that is longer than a screen, the lines that matter stand at its end once more, where
    they cannot have scrolled away."""
    lines = plan.ask.text().split("\n")
    risky = [line for line in lines[1:] if line.startswith(">")]
    if len(lines) > _SCREEN and risky:
        more = [f"… {len(risky) - _SCREEN} more"] if len(risky) > _SCREEN else []
        lines += [f"of these {len(lines)} lines look at:", *risky[:_SCREEN], *more]
    return "\n".join(lines)


def as_json(result: Result) -> dict[str, object]:
    """One object a cell, as DESIGN §8 has it, and where it stands and what it changed."""
    row: dict[str, object] = {
        "name": result.cell.name,
        "file": result.file,
        "line": result.cell.start_line + 1,
        "status": result.status,
    }
    if result.why:
        row["why"] = result.why
    if result.done is not None:
        run, execution = result.done.run, result.done.execution
        row |= {
            "exit_code": run.exit_code,
            "duration_ms": execution.duration_ms,
            "stdout": execution.stdout,
            "stderr": execution.stderr,
            "truncated": execution.truncated,
            "receipt": run.receipt,
            "output_file": run.output_file,
            "changed": {change.name: change.after for change in result.done.changes},
            "notes": list(result.done.notes),
        }
    if result.verdict is not None and result.verdict.diff:
        row["diff"] = result.verdict.diff
    return row


def _coloured(diff: str) -> str:
    if not sys.stderr.isatty():
        return shown.lines(diff)
    colours = {"+": "green", "-": "red", "@": "cyan"}
    return "".join(
        click.style(line, fg=colours.get(line[:1])) for line in shown.lines(diff).splitlines(keepends=True)
    )
