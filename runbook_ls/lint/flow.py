"""What flows from cell to cell: which variables are set and read, where, and what the text says of them.

Cells of one runbook share their shell state in the order of the text: what a cell sets, the cells below it read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Literal, NamedTuple

from runbook_ls.document.blocks import Chunk, CodeBlock
from runbook_ls.document.pages import Page
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.parts import moved_span, places_of_code
from runbook_ls.lint.remembered import Remembered
from runbook_ls.lint.variables import variables_of
from runbook_ls.values import Position, Span


class Read(NamedTuple):
    """A reading of a variable that no setting above it meets."""

    name: str
    span: Span


class Flow(NamedTuple):
    """Where each variable is first set, and the readings, in order, that no setting above meets."""

    first_set: Mapping[str, Position]
    unmet: tuple[Read, ...]


class Fact(NamedTuple):
    """What a cell does to one variable, and where.

    It sets it by nothing but `NAME=value` (`plain`) or otherwise, reads it for sure or perhaps (in a function, or where
    the text does not parse), or may set any variable (`opaque`, with no name).
    """

    kind: Literal["plain", "other", "reading", "perhaps", "opaque"]
    name: str
    span: Span


def facts_of(runbook: Runbook) -> Iterator[tuple[int, Fact]]:
    """The facts of a runbook's cells, each with the line from which its span is counted; remembered by their parts."""
    line = runbook.first_line
    for page in runbook.pages:
        for above, facts in _facts_of_page.get(page, None, partial(_in_page, page)):
            for fact in facts:
                yield line + above, fact
        line += page.lines


_Facts = tuple[Fact, ...]
_facts_of_page: Remembered[tuple[tuple[int, _Facts], ...]] = Remembered()
_facts_of_chunk: Remembered[_Facts] = Remembered()


def _in_page(page: Page) -> tuple[tuple[int, _Facts], ...]:
    """The facts of each chunk that has any, and where it begins in the page."""
    found = (
        (line, _facts_of_chunk.get(chunk, None, partial(_in_chunk, chunk)))
        for line, _, chunk in places_of_code(page)
    )
    return tuple((line, facts) for line, facts in found if facts)


def _in_chunk(chunk: Chunk) -> _Facts:
    cells = (Cell(block.code, "", 0, (), ()) for block in chunk.blocks if isinstance(block, CodeBlock))
    return tuple(
        fact for cell in cells if (commands := commands_to_run(cell)) for fact in _in_cell(cell, commands)
    )


def _in_cell(cell: Cell, commands: Commands) -> Iterator[Fact]:
    found = variables_of(commands)
    for one in found.settings:
        yield Fact("plain" if one.plain else "other", one.name, commands.place(cell, one.start, one.end))
    for one in found.readings:
        kind: Literal["perhaps", "reading"] = "perhaps" if one.deferred or found.unsure else "reading"
        yield Fact(kind, one.name, commands.place(cell, one.start, one.end))
    if found.opaque_from is not None:
        yield Fact("opaque", "", commands.place(cell, found.opaque_from, found.opaque_from))


_flows: Remembered[Flow] = Remembered()


def flow_of(runbook: Runbook) -> Flow:
    """The flow of a runbook's variables; remembered."""
    return _flows.get(runbook, None, partial(_find_flow, runbook))


def _find_flow(runbook: Runbook) -> Flow:
    first_set: dict[str, Position] = {}
    reads: list[tuple[Position, int, Fact]] = []
    known_until = Position(1 << 30, 0)  # from here on, a sourced file may have set anything
    for line, fact in facts_of(runbook):
        at = Position(line + fact.span.start.line, fact.span.start.column)
        if fact.kind in ("plain", "other"):
            first_set[fact.name] = min(first_set.get(fact.name, at), at)
        elif fact.kind == "reading":
            reads.append((at, line, fact))
        elif fact.kind == "opaque":
            known_until = min(known_until, at)
    unmet = [
        (at, Read(fact.name, moved_span(fact.span, line)))
        for at, line, fact in reads
        if at < known_until
        and not (fact.name in first_set and first_set[fact.name] <= at)
        and not is_of_environment(fact.name)
    ]
    return Flow(first_set, tuple(read for _, read in sorted(unmet, key=lambda found: found[0])))


# What the login shell, bash itself, desktops, CI systems and the common tools set.
_ENVIRONMENT = (
    r"HOME|PATH|USER|LOGNAME|SHELL|PWD|OLDPWD|HOSTNAME|HOST|LANG|LC_\w+|TERM|TZ|TMPDIR|TEMP|EDITOR|VISUAL|PAGER|MAIL|"
    r"DISPLAY|COLUMNS|LINES|IFS|PS[0-4]|RANDOM|SRANDOM|SECONDS|LINENO|UID|EUID|GROUPS|PPID|REPLY|OPTARG|OPTIND|"
    r"PIPESTATUS|FUNCNAME|SHLVL|OSTYPE|MACHTYPE|HOSTTYPE|EPOCH\w+|BASH\w*|XDG_\w+|SSH_\w+|SUDO_\w+|DBUS_\w+|WSL_\w+|"
    r"CI|CI_\w+|GITHUB_\w+|RUNNER_\w+|GITLAB_\w+|BUILDKITE\w*|JENKINS_\w+|BUILD_\w+|CLOUD_SHELL|DEVSHELL_\w+|"
    r"KUBECONFIG|AWS_\w+|GOOGLE_\w+|CLOUDSDK_\w+|AZURE_\w+|ARM_\w+|DOCKER_\w+|VIRTUAL_ENV|CONDA_\w+|GOPATH|GOROOT|"
    r"JAVA_HOME|\w+_PROXY|\w+_proxy|_"
)


def is_of_environment(name: str) -> bool:
    """True for a variable that is there before any cell runs."""
    return re.fullmatch(_ENVIRONMENT, name) is not None


_announcements: Remembered[frozenset[str]] = Remembered()


def announced(runbook: Runbook) -> frozenset[str]:
    """The names that the front matter, the prose, cells in other languages or the names of cells mention."""
    return _announcements.get(runbook, None, partial(_find_announced, runbook))


def _find_announced(runbook: Runbook) -> frozenset[str]:
    names = set(re.findall(_WORD, runbook.text[: runbook.head.size]))
    for page in runbook.pages:
        names |= _words.get(page, None, partial(_words_of, page))
    return frozenset(names)


_WORD = r"[A-Za-z_]\w+"
_words: Remembered[frozenset[str]] = Remembered()


def _words_of(page: Page) -> frozenset[str]:
    names: set[str] = set()
    for chunk in page.chunks:
        for block in chunk.blocks:
            if not isinstance(block, CodeBlock):
                names.update(re.findall(_WORD, block.markdown))
            else:
                names.add(block.code.given_name)
                if commands_to_run(Cell(block.code, "", 0, (), ())) is None:
                    names.update(re.findall(_WORD, block.code.body))
    return frozenset(names)
