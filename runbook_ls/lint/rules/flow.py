"""RB2: what flows from cell to cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from runbook_ls.document.lines import split_lines, without_ending
from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.announced import announced
from runbook_ls.lint.flow import (
    Read,
    flow_of,
    glances_of,
    is_of_environment,
    plainly_set,
    settings_of,
    times_named,
)
from runbook_ls.lint.parts import moved_span
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.values import Position, Related, Severity, Span


def unset_variable(runbook: Runbook) -> Iterator[Spot]:
    """RB201."""
    unset = _unset(runbook)
    elsewhere = bool(unset) and re.search(_OTHER_RUNBOOK, runbook.text) is not None
    for read in unset:
        message = f"Nothing above sets {read.name}: no cell, no front matter and no sentence."
        yield Spot(read.span, message, severity=Severity.INFO if elsewhere else None)


def _unset(runbook: Runbook) -> list[Read]:
    """The first readings of what nothing sets, above or below."""
    flow = flow_of(runbook)
    return [read for read in flow.unmet if read.name not in flow.first_set]


def set_too_late(runbook: Runbook) -> Iterator[Spot]:
    """RB202."""
    flow = flow_of(runbook)
    for read in flow.unmet:
        first = flow.first_set.get(read.name)
        if first is None:
            continue
        there = Related(Span(first, Position(first.line, first.column + len(read.name))), "It is set here.")
        yield Spot(read.span, f"{read.name} is set only below, in line {first.line + 1}.", related=(there,))


def unused_variable(runbook: Runbook) -> Iterator[Spot]:
    """RB203."""
    names = plainly_set(runbook, _perhaps_unused(runbook))
    if not names:
        return
    sets: dict[str, Span] = {}
    used: set[str] = set()
    times: Counter[str] = Counter()
    for line, setting in settings_of(runbook, names):
        if setting.kind == "opaque":
            return  # a sourced file may read anything
        if setting.kind != "plain":
            used.add(setting.name)
        else:
            sets.setdefault(setting.name, moved_span(setting.span, line))
            times[setting.name] += 1
    mentioned = announced(runbook, sets.keys() - used)
    for name, span in sets.items():
        # Named once more: in `$((NAME + 1))`, `${NAME:-x}`, a script within quotes.
        if name not in used and name not in mentioned and times_named(runbook, name) == times[name]:
            yield Spot(span, f"{name} is set and never read.")


def _perhaps_unused(runbook: Runbook) -> frozenset[str]:
    """The names that nothing reads and that may be set by `NAME=value`."""
    glances = glances_of(runbook)
    perhaps = {name for seen in glances for name in seen.assigned}
    if perhaps:
        perhaps.difference_update([name for seen in glances for name, _ in seen.reads])
    return frozenset(name for name in perhaps if not name.startswith("_") and not is_of_environment(name))


def missing_prerequisite(runbook: Runbook) -> Iterator[Spot]:
    """RB204. Prerequisites that are a list of tools need no link: only where a cell reads what nothing sets."""
    wanted = [read.name for read in _unset(runbook)]
    if not wanted:
        return
    for heading, following in zip_longest(runbook.headings, runbook.headings[1:]):
        if not re.match(_PREREQUISITES, heading.text):
            continue
        lines = split_lines(runbook.text)
        section = lines[heading.line : following.line if following else len(lines)]
        if re.search(_LINK, "".join(section)) is None:
            names = ", ".join(wanted[:3]) + (" …" if len(wanted) > 3 else "")
            message = f"Nothing here sets {names}, and the prerequisites link to no runbook that does."
            yield Spot(
                Span.of(heading.line, 0, heading.line, len(without_ending(lines[heading.line]))), message
            )


# A runbook that this one links to may set it.
_OTHER_RUNBOOK = r"\]\((?!\w+:)[^)\s#]+\.(?:md|mdx|markdown)\b"
_PREREQUISITES = r"(?i)(?:\d+[.)]?\s+)?(?:pre-?requisites?|before you (?:begin|start)|requirements)\b"
_LINK = r"\]\(|\]\[|^\[[^\]]+\]:|\w://|<a\s|\.mdx?\b"


RULES = (
    Rule(
        code="RB201",
        name="unset-variable",
        severity=Severity.WARNING,
        summary="A variable is read that nothing sets: no cell, no front matter, no sentence of the runbook.",
        why="It is empty when the command runs, and `oc delete pod -l app=$APP` then means something else.",
        bad='```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        good='```sh\nNAMESPACE=staging\n```\n\n```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        runbook=unset_variable,
    ),
    Rule(
        code="RB202",
        name="set-too-late",
        severity=Severity.WARNING,
        summary="A variable is set only below the cell that reads it.",
        why="Run from the top, the cell sees it empty; run again, it sees what the last run left.",
        bad='```sh\noc -n "$NS" get pods\n```\n\n```sh\nNS=staging\n```\n',
        good='```sh\nNS=staging\n```\n\n```sh\noc -n "$NS" get pods\n```\n',
        runbook=set_too_late,
    ),
    Rule(
        code="RB203",
        name="unused-variable",
        severity=Severity.INFO,
        summary="A variable is set and never read.",
        why="It is left over, or the name is misspelt where it should be read.",
        bad="```sh\nNAMESPCE=staging\n```\n\n```sh\nkubectl get pods\n```\n",
        good='```sh\nNAMESPACE=staging\n```\n\n```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        runbook=unused_variable,
        unnecessary=True,
    ),
    Rule(
        code="RB204",
        name="missing-prerequisite",
        severity=Severity.INFO,
        summary="The prerequisites do not link to the runbook that sets what the cells read.",
        why="Who starts here cannot know what to run first; tools that follow such links cannot either.",
        bad='## Prerequisites\n\nThe cluster is up.\n\n## Look\n\n```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        good="## Prerequisites\n\n[Set up the cluster](setup.md).\n\n## Look\n\n"
        '```sh\nkubectl -n "$NAMESPACE" get pods\n```\n',
        runbook=missing_prerequisite,
    ),
)
