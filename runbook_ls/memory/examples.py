"""Examples, and the one place that decides which runs teach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from runbook_ls.values import Problem, Severity

Source = Literal["corrected", "confirmed", "hand-written", "taught", "documented"]

RUN: frozenset[Source] = frozenset({"corrected", "confirmed", "hand-written"})
"""Where an example comes from that somebody has run."""


@dataclass(frozen=True, slots=True)
class Example:
    """A (Q, A′) pair that may be shown to a generator or adapted, with where it came from.

    `time` is in seconds since the epoch; `line` is 0-based, -1 if unknown; `file` and `workspace` are absolute
    paths, "" if unknown. `confirmations` counts the later runs that proved it right. `origin` is the file or the
    server that a team's example came through, "" for this user's own; `author` is who learned it.
    """

    id: str
    intent: str
    command: str
    source: Source = "taught"
    workspace: str = ""
    file: str = ""
    line: int = -1
    time: float = 0.0
    confirmations: int = 0
    author: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example recalled for an intent. `similarity` is the cosine of the two intents' vectors (-1 to 1; 0 when
    there is no embedder); `words` is their word overlap (0 to 1). `instead_of` is the suggestion (A) that the example
    corrected, "" if it corrected none that is known here."""

    example: Example
    similarity: float
    words: float
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a run teaches. `reason` is what its receipt says after "not learned: ", "" if it teaches."""

    teaches: bool
    reason: str = ""


def judge(
    *,
    exit_code: int | None,
    intent: str,
    command: str,
    problems: Iterable[Problem] = (),
    is_shell: bool = True,
    user: bool | None = None,
    paused: bool = False,
    cell: bool | None = None,
    front_matter: bool | None = None,
) -> Verdict:
    """Decide whether a run teaches. This is the only place that does.

    A run teaches when it succeeded (exit code 0; None: it never started or was cancelled), its cell has an intent
    and holds shell commands (only cells for those are ever filled), and the guard found no error in it:
    `kubectl -n <namespace> get pods` exits 0. The user overrules, the nearer word counting more: *Learn this run* and
    *Do not learn this run* (`user`), *Pause learning* (`paused`), `learn=…` on the cell, `learn:` in the front matter.
    `learn=true` only lifts what stands further off; *Learn this run* also lifts the rules, except that there must be an
    intent and a command.
    """
    if not command.strip():
        return Verdict(False, "nothing was run")
    if not intent.strip():
        return Verdict(False, "no intent above the cell")
    if user is not None:
        return Verdict(user, "" if user else "as you asked")
    if paused:
        return Verdict(False, "learning is paused")
    if cell is False:
        return Verdict(False, "the cell says learn=false")
    if front_matter is False and cell is None:
        return Verdict(False, "the front matter says learn: false")
    if exit_code is None:
        return Verdict(False, "it did not finish")
    if exit_code != 0:
        return Verdict(False, f"exit {exit_code}")
    if not is_shell:
        return Verdict(False, "only shell commands are")
    error = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
    if error is not None:
        return Verdict(False, error.message.rstrip("."))
    return Verdict(True)
