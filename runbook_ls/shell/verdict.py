"""How risky a command is: the words that the risk tables and readers share."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from runbook_ls.values import Span


class Risk(IntEnum):
    """What a command may do. Ordered: the worst part of a script decides for the whole."""

    READ_ONLY = 0
    CHANGING = 1  # changes something, but loses nothing by it as a rule
    UNKNOWN = 2  # nobody can tell: a computed command, an unknown program, any doubt of the parser
    DESTRUCTIVE = 3  # can lose what cannot be had back

    @property
    def word(self) -> str:
        """The word for people: `read-only`, `changing`, `unknown` or `destructive`."""
        return self.name.lower().replace("_", "-")


class Verdict(NamedTuple):
    """The risk of one command, and why, as a clause: `git push --force overwrites history`."""

    risk: Risk
    reason: str

    def at_least(self, risk: Risk, reason: str) -> Verdict:
        """This verdict, or the other where that is worse."""
        return self if self.risk >= risk else Verdict(risk, reason)


class Finding(NamedTuple):
    """A verdict and the span of the text that it is about."""

    span: Span
    risk: Risk
    reason: str


class Assessment(NamedTuple):
    """What a whole script may do.

    `findings` has one for every command and every redirection or expansion that matters, in the order of the text,
    the harmless ones too. `programs` are the names that were taken to be the programs of that name: whether they
    are is a fact of the environment (`execute.consent` looks).
    """

    risk: Risk
    findings: tuple[Finding, ...]
    programs: frozenset[str] = frozenset()

    def above(self, risk: Risk) -> tuple[Finding, ...]:
        """The findings that are worse than `risk`."""
        return tuple(finding for finding in self.findings if finding.risk > risk)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first of the riskiest; read-only if there are none."""
    return max(verdicts, key=lambda verdict: verdict.risk, default=Verdict(Risk.READ_ONLY, "does nothing"))
