"""What flows from cell to cell: which variables are set and read, and where.

Cells of one runbook share their shell state in the order of the text: what a cell sets, the cells below it read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Literal, NamedTuple

from runbook_ls.document.blocks import Chunk, CodeBlock
from runbook_ls.document.outline import outline_of
from runbook_ls.document.pages import Page
from runbook_ls.document.remembered import Remembered
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.announced import MANY, announced
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.parts import moved_span
from runbook_ls.lint.variables import (
    NOTHING,
    Glance,
    glance,
    may_name,
    may_set_unnamed,
    what_reads,
    what_sets,
)
from runbook_ls.values import Position, Span


class Read(NamedTuple):
    """The first sure reading of a variable."""

    name: str
    span: Span


class Flow(NamedTuple):
    """The variables that nothing announces and nothing above their first reading sets, in order; and where such are
    first set, if they are."""

    unmet: tuple[Read, ...] = ()
    first_set: Mapping[str, Position] = {}


class Setting(NamedTuple):
    """That a cell sets a variable, and where: by nothing but `NAME=value` (`plain`) or otherwise; that it sees to it
    (`checked`); or that it may set any from there on (`opaque`, with no name)."""

    kind: Literal["plain", "other", "checked", "opaque"]
    name: str
    span: Span


_flows: Remembered[Flow] = Remembered()


def flow_of(runbook: Runbook) -> Flow:
    """The flow of a runbook's variables; remembered."""
    return _flows.get(runbook, None, partial(_find_flow, runbook))


def _find_flow(runbook: Runbook) -> Flow:
    names = frozenset(name for name in _unmet_at_a_glance(runbook) if not is_of_environment(name))
    names -= announced(runbook, names)
    if not names:
        return Flow()
    first_set: dict[str, Position] = {}
    first_checked: dict[str, Position] = {}
    known_until = Position(1 << 30, 0)  # from here on, a sourced file may have set anything
    for line, setting in settings_of(runbook, names):
        at = Position(line + setting.span.start.line, setting.span.start.column)
        if setting.kind == "opaque":
            known_until = min(known_until, at)
        else:
            first = first_checked if setting.kind == "checked" else first_set
            first[setting.name] = min(first.get(setting.name, at), at)
    # Where the first reading is met, all are.
    unmet = tuple(
        read
        for read in _first_readings(runbook, names)
        if read.span.start < known_until
        and not any(
            read.name in first and first[read.name] <= read.span.start for first in (first_set, first_checked)
        )
    )
    return Flow(unmet, first_set)


def _unmet_at_a_glance(runbook: Runbook) -> set[str]:
    """The names of all readings that no setting above meets, and more: most settings can be told at a glance."""
    known: set[str] = set()
    unmet: set[str] = set()
    for seen in glances_of(runbook):
        for name, offset in seen.reads:
            if name not in known and seen.sets.get(name, offset) >= offset:
                unmet.add(name)
        known.update(seen.sets)
    return unmet


_Glances = tuple[Glance, ...]
_glances: Remembered[_Glances] = Remembered()
_glances_of_page: Remembered[_Glances] = Remembered()
_glances_of_chunk: Remembered[_Glances] = Remembered()


def glances_of(runbook: Runbook) -> _Glances:
    """What can be told of the runbook's cells at a glance, in order; remembered, by their parts too."""
    return _glances.get(runbook, None, partial(_glances_in_pages, runbook.pages))


def _glances_in_pages(pages: Iterable[Page]) -> _Glances:
    found = [_glances_of_page.get(page, None, partial(_glances_in_page, page)) for page in pages]
    return found[0] if len(found) == 1 else tuple(chain.from_iterable(found))


def _glances_in_page(page: Page) -> _Glances:
    return tuple([seen for _, _, chunk in outline_of(page).code for seen in _glances_in(chunk)])


def _glances_in(chunk: Chunk) -> _Glances:
    return _glances_of_chunk.get(chunk, None, partial(_glance_at, chunk))


def _glance_at(chunk: Chunk) -> _Glances:
    found = [glance(commands) for _, commands in _commands_in(chunk, "$", "=")]
    return tuple([seen for seen in found if seen is not NOTHING])


def _commands_in(chunk: Chunk, mark: str = "", other: str = "") -> Iterator[tuple[Cell, Commands]]:
    """The cells of a chunk that hold commands, in its lines; only those with one of the marks."""
    for block in chunk.blocks:
        if isinstance(block, CodeBlock):
            code = block.code
            if mark not in code.body and other not in code.body:
                continue
            cell = Cell(code, "", 0, (), ())
            commands = commands_to_run(cell)
            if commands is not None:
                yield cell, commands


_settings_of_chunk: Remembered[tuple[Setting, ...]] = Remembered()
_texts_of_chunk: Remembered[tuple[str, ...] | None] = Remembered()
_words_of_page: Remembered[Counter[str]] = Remembered()


def settings_of(runbook: Runbook, names: frozenset[str]) -> Iterator[tuple[int, Setting]]:
    """Where the runbook's cells set these variables, or may set any, each with the line from which its span is counted.

    Remembered by parts; those that surely set none of them are not read."""
    line = runbook.first_line
    for page in runbook.pages:
        for above, _, chunk in outline_of(page).code:
            texts = _texts_of_chunk.get(chunk, None, partial(_texts_that_set, chunk))
            if texts is None or _may_name(texts, names):
                for setting in _settings_in(chunk):
                    if setting.name in names or setting.kind == "opaque":
                        yield line + above, setting
        line += page.lines


def _may_name(texts: tuple[str, ...], names: frozenset[str]) -> bool:
    return len(names) > MANY or any(may_name(text, name) for text in texts for name in names)


def _texts_that_set(chunk: Chunk) -> tuple[str, ...] | None:
    """The texts of which one must name a variable if a cell of the chunk sets it; None if it may set any."""
    found = [commands for _, commands in _commands_in(chunk)]
    return None if any(map(may_set_unnamed, found)) else tuple(commands.meant for commands in found)


def _settings_in(chunk: Chunk) -> tuple[Setting, ...]:
    return _settings_of_chunk.get(chunk, None, partial(_find_settings, chunk))


def _find_settings(chunk: Chunk) -> tuple[Setting, ...]:
    settings: list[Setting] = []
    for cell, commands in _commands_in(chunk):
        found, opaque_from = what_sets(commands)
        for one in found:
            span = commands.place(cell, one.start, one.end)
            kind: Literal["plain", "other", "checked"]
            kind = "plain" if one.plain else "checked" if one.checked else "other"
            settings.append(Setting(kind, one.name, span))
        if opaque_from is not None:
            settings.append(Setting("opaque", "", commands.place(cell, opaque_from, opaque_from)))
    return tuple(settings)


def plainly_set(runbook: Runbook, names: frozenset[str]) -> frozenset[str]:
    """Those of the names that some cell sets by nothing but `NAME=value`."""
    if not names:
        return names
    return frozenset(
        setting.name
        for page in runbook.pages
        for _, _, chunk in outline_of(page).code
        if any(not names.isdisjoint(seen.assigned) for seen in _glances_in(chunk))
        for setting in _settings_in(chunk)
        if setting.kind == "plain" and setting.name in names
    )


def times_named(runbook: Runbook, name: str) -> int:
    """How often the commands of a runbook have this name as a word."""
    return sum(_words_of_page.get(page, None, partial(_words_of, page))[name] for page in runbook.pages)


def _words_of(page: Page) -> Counter[str]:
    words: Counter[str] = Counter()
    for _, _, chunk in outline_of(page).code:
        for _, commands in _commands_in(chunk):
            words.update(_WORD.findall(commands.meant))
    return words


_WORD = re.compile(r"[A-Za-z_]\w*")


def _first_readings(runbook: Runbook, names: frozenset[str]) -> Iterator[Read]:
    """The first sure reading of each variable, in order: none in a function, which is called who knows when, nor in what
    does not parse."""
    wanted = set(names)
    line = runbook.first_line
    for page in runbook.pages:
        for above, _, chunk in outline_of(page).code:
            if not any(name in wanted for seen in _glances_in(chunk) for name, _ in seen.reads):
                continue
            for cell, commands in _commands_in(chunk):
                for one in () if commands.has_faults else what_reads(commands):
                    if one.name in wanted and not one.deferred:
                        wanted.discard(one.name)
                        yield Read(
                            one.name, moved_span(commands.place(cell, one.start, one.end), line + above)
                        )
        line += page.lines


# What the login shell, bash itself, desktops, CI systems and the common tools set.
_ENVIRONMENT = frozenset(
    "HOME PATH USER LOGNAME SHELL PWD OLDPWD HOSTNAME HOST LANG TERM TZ TMPDIR TEMP EDITOR VISUAL PAGER MAIL DISPLAY "
    "COLUMNS LINES IFS PS0 PS1 PS2 PS3 PS4 RANDOM SRANDOM SECONDS LINENO UID EUID GROUPS PPID REPLY OPTARG OPTIND "
    "OPTERR MAPFILE COPROC COPROC_PID HISTFILE HISTSIZE HISTFILESIZE HISTCONTROL PROMPT_COMMAND TMOUT "
    "PIPESTATUS FUNCNAME SHLVL OSTYPE MACHTYPE HOSTTYPE CI CLOUD_SHELL KUBECONFIG VIRTUAL_ENV GOPATH GOROOT "
    "JAVA_HOME BASH BUILDKITE _".split()
)
_ENVIRONMENT_BEGINS = tuple(
    "BASH BUILDKITE EPOCH LC_ XDG_ SSH_ SUDO_ DBUS_ WSL_ CI_ GITHUB_ RUNNER_ GITLAB_ JENKINS_ BUILD_ DEVSHELL_ AWS_ "
    "GOOGLE_ CLOUDSDK_ AZURE_ ARM_ DOCKER_ CONDA_".split()
)
_ENVIRONMENT_ENDS = ("_PROXY", "_proxy")


def is_of_environment(name: str) -> bool:
    """True for a variable that is there before any cell runs."""
    return (
        name in _ENVIRONMENT
        or name[:-1].startswith(_ENVIRONMENT_BEGINS)  # of which none is a whole name
        or name[1:].endswith(_ENVIRONMENT_ENDS)
    )
