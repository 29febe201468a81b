"""A problem of a file, as lint reports it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from runbook_ls.values import Problem


class Finding(NamedTuple):
    """`file` as the path was given; `source` is the line of the text in which the problem begins."""

    file: str
    problem: Problem
    source: str = ""


def fingerprints(findings: Sequence[Finding], folder: Path | None = None) -> list[str]:
    """A name for each finding that stays the same when lines are added or removed elsewhere: 64 hex digits.

    Made of file, code, message and source line; equal ones are numbered in order. The file is named as seen from
    `folder`, so that the names are the same wherever the program was started; without one, as it was given.
    """
    from hashlib import sha256

    seen: Counter[str] = Counter()
    names: list[str] = []
    for finding in findings:
        problem = finding.problem
        file = os.path.relpath(finding.file, folder) if folder else finding.file.removeprefix("./")
        what = f"{Path(file).as_posix()}:{problem.code}:{problem.message}:{finding.source.strip()}"
        seen[what] += 1
        names.append(sha256(f"{what}:{seen[what]}".encode("utf-8", "replace")).hexdigest())
    return names
