"""What flows from cell to cell: which variables are set and read, where, and what the text says of them.

Cells of one runbook share their shell state in the order of the text: what a cell sets, the cells below it read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from runbook_ls.document.blocks import CodeBlock
from runbook_ls.document.pages import Page
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.parts import Looks, moved, spots_of_parts
from runbook_ls.lint.remembered import Remembered
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.lint.variables import Variable, Variables, variables_of
from runbook_ls.values import Position, Severity, Span


class Read(NamedTuple):
    """A reading of a variable that no setting above it meets."""

    name: str
    span: Span


class Flow(NamedTuple):
    """Where each variable is first set, and the readings, in order, that no setting above meets."""

    first_set: Mapping[str, Position]
    unmet: tuple[Read, ...]


_flows: Remembered[Flow] = Remembered()


def flow_of(runbook: Runbook) -> Flow:
    """The flow of a runbook's variables; remembered."""
    return _flows.get(runbook, None, partial(_find_flow, runbook))


def _find_flow(runbook: Runbook) -> Flow:
    first_set: dict[str, Position] = {}
    reads: list[tuple[Position, int, Spot]] = []
    known_until = Position(1 << 30, 0)  # from here on, a sourced file may have set anything
    for line, rule, spot in spots_of_parts(runbook, FACTS):
        at = Position(line + spot.span.start.line, spot.span.start.column)
        if rule in (PLAIN, OTHERS):
            first_set[spot.message] = min(first_set.get(spot.message, at), at)
        elif rule is READS:
            reads.append((at, line, spot))
        elif rule is OPAQUE:
            known_until = min(known_until, at)
    unmet = [
        (at, Read(spot.message, moved(spot, line).span))
        for at, line, spot in reads
        if at < known_until
        and not (spot.message in first_set and first_set[spot.message] <= at)
        and not re.fullmatch(ENVIRONMENT, spot.message)
    ]
    return Flow(first_set, tuple(read for _, read in sorted(unmet, key=lambda found: found[0])))


# Not rules of their own: they collect the facts of each part once. A spot's message is the variable's name.
def _collector(code: str, choose: Callable[[Variables], Iterable[Variable]]) -> Rule:
    def look(cell: Cell, commands: Commands) -> Iterator[Spot]:
        for variable in choose(variables_of(commands)):
            yield Spot(commands.place(cell, variable.start, variable.end), variable.name)

    return Rule(code, code, Severity.INFO, "", "", "", "", shell=look)


def _plain_settings(found: Variables) -> Iterable[Variable]:
    return [variable for variable in found.settings if variable.plain]


def _other_settings(found: Variables) -> Iterable[Variable]:
    return [variable for variable in found.settings if not variable.plain]


def _sure_readings(found: Variables) -> Iterable[Variable]:
    return () if found.unsure else [variable for variable in found.readings if not variable.deferred]


def _possible_readings(found: Variables) -> Iterable[Variable]:
    return [variable for variable in found.readings if variable.deferred or found.unsure]


def _opaque(found: Variables) -> Iterable[Variable]:
    return () if found.opaque_from is None else [Variable("", found.opaque_from, found.opaque_from)]


PLAIN = _collector("plain settings", _plain_settings)
OTHERS = _collector("other settings", _other_settings)
READS = _collector("readings", _sure_readings)
PERHAPS = _collector("possible readings", _possible_readings)
OPAQUE = _collector("sourced", _opaque)
FACTS = Looks.of((PLAIN, OTHERS, READS, PERHAPS, OPAQUE))

# What the login shell, bash itself, desktops, CI systems and the common tools set.
ENVIRONMENT = (
    r"HOME|PATH|USER|LOGNAME|SHELL|PWD|OLDPWD|HOSTNAME|HOST|LANG|LC_\w+|TERM|TZ|TMPDIR|TEMP|EDITOR|VISUAL|PAGER|MAIL|"
    r"DISPLAY|COLUMNS|LINES|IFS|PS[0-4]|RANDOM|SRANDOM|SECONDS|LINENO|UID|EUID|GROUPS|PPID|REPLY|OPTARG|OPTIND|"
    r"PIPESTATUS|FUNCNAME|SHLVL|OSTYPE|MACHTYPE|HOSTTYPE|EPOCH\w+|BASH\w*|XDG_\w+|SSH_\w+|SUDO_\w+|DBUS_\w+|WSL_\w+|"
    r"CI|CI_\w+|GITHUB_\w+|RUNNER_\w+|GITLAB_\w+|BUILDKITE\w*|JENKINS_\w+|BUILD_\w+|CLOUD_SHELL|DEVSHELL_\w+|"
    r"KUBECONFIG|AWS_\w+|GOOGLE_\w+|CLOUDSDK_\w+|AZURE_\w+|ARM_\w+|DOCKER_\w+|VIRTUAL_ENV|CONDA_\w+|GOPATH|GOROOT|"
    r"JAVA_HOME|\w+_PROXY|\w+_proxy|_"
)


_announcements: Remembered[frozenset[str]] = Remembered()


def announced(runbook: Runbook) -> frozenset[str]:
    """The names that the front matter, the prose, cells in other languages or the names of cells mention."""
    return _announcements.get(runbook, None, partial(_find_announced, runbook))


def _find_announced(runbook: Runbook) -> frozenset[str]:
    names: set[str] = set()
    stack: list[object] = [runbook.front_matter.data] if runbook.front_matter else []
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            names.update(map(str, value))
            stack.extend(value.values())
        elif isinstance(value, (list, tuple)):
            stack.extend(value)
        else:
            names.update(re.findall(_WORD, str(value)))
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
