"""What only the surroundings of a runbook can tell: the files that its links lead to, the programs on PATH.

The rules for these are pure and suspect: RB408 every relative link, RB113 every program, with a span that covers
the link's target or the program's name and nothing else. What turns out to be there is dropped here, after the
cache, because files come and go while the text stays the same.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable
from functools import lru_cache

from runbook_ls.files import read_regular
from runbook_ls.lint.finding import Finding
from runbook_ls.lint.slug import anchor_of

PROGRAM = "RB113"
LINK = "RB408"


def confirm(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without the suspicions that the surroundings do not bear out. A program is told once."""
    told: set[str] = set()
    kept: list[Finding] = []
    for finding in findings:
        if finding.problem.code == PROGRAM:
            name = _subject(finding)
            if name in told or not is_missing(name):
                continue
            told.add(name)
        elif finding.problem.code == LINK and not leads_nowhere(_subject(finding), finding.file):
            continue
        kept.append(finding)
    return tuple(kept)


def is_missing(program: str) -> bool:
    """True if no folder of PATH has a program of this name."""
    return not _which(program, os.environ.get("PATH", ""), int(time.monotonic() // _FRESH))


def leads_nowhere(target: str, file: str) -> bool:
    """True if the relative link `target` in `file` leads to a file that does not exist, or to an anchor that the
    markdown file there does not have."""
    from urllib.parse import unquote

    path, _, anchor = re.sub(_ESCAPE, "", target).partition("#")
    there = os.path.join(os.path.dirname(file), unquote(path))  # noqa: PTH118, PTH120 (hundreds of links)
    try:
        status = os.stat(there)  # noqa: PTH116
        if not anchor:
            return False
        return stat.S_ISREG(status.st_mode) and unquote(anchor).lower() not in _anchors(
            there, status.st_mtime_ns
        )
    except (OSError, ValueError):  # it is not there, or no file can have such a name
        return not anchor


_ESCAPE = r"\\(?=[!-/:-@\[-`{-~])"  # of markdown: `a\_b.md`
_FRESH = 10.0  # seconds for which a program is taken to be where it was


@lru_cache(maxsize=1024)
def _which(program: str, path: str, _: int) -> bool:
    from shutil import which

    return which(program, path=path) is not None


def _subject(finding: Finding) -> str:
    span = finding.problem.span
    return finding.source[span.start.column : span.end.column] if span else ""


@lru_cache(maxsize=256)
def _anchors(file: str, _: int) -> frozenset[str]:
    """All that may be an anchor of a markdown file: more rather than less, and without parsing it."""
    text = read_regular(file).decode("utf-8", "replace")
    found = {match[1].lower() for match in re.finditer(_ID, text)}
    for match in re.finditer(_HEADING, text):
        written = match["atx"] or match["setext"]
        for title in (
            written,
            re.sub(_LINK_MARKUP, r"\1", written),
            re.sub(r"\s*\{[^}]*\}\s*$", "", written),
        ):
            name = anchor_of(re.sub(r"[*`]|\\(?=\W)", "", title))
            found.add(name)
            found.update(f"{name}-{number}" for number in range(1, 10))
    return frozenset(found)


_ID = r"""(?i)(?:\b(?:id|name)\s*=\s*["']?|\{#)([^\s"'>}]+)"""
_HEADING = r"(?m)^[ >]*(?:#{1,6}[ \t]+(?P<atx>.+?)[ \t#]*$|(?P<setext>\S.*)\r?\n[ >]*(?:=+|-+)[ \t]*$)"
_LINK_MARKUP = r"!?\[([^\]]*)\]\([^)]*\)"
