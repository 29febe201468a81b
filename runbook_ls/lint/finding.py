"""A problem of a file, as lint reports it."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_ls.values import Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` as the path was given; `source` is the line of the text in which the problem begins."""

    file: str
    problem: Problem
    source: str = ""
