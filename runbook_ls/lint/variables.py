"""Which shell variables a cell sets and reads, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from runbook_ls.lint.builtins import NAME, SET_BY_ARITHMETIC, SETTING, named_by
from runbook_ls.lint.commands import Commands
from runbook_ls.shell.quoting import quoting_at, regions

if TYPE_CHECKING:
    from runbook_ls.shell.script import Command


class Variable(NamedTuple):
    """One setting or reading of a variable: code points `start` up to `end` of the body.

    `plain` is for a setting that is nothing but `NAME=value`; `checked` for what sets nothing but sees to it that the
    variable is set, or does without (`${X:?}`, `[ -z "$X" ]`); `deferred` for a reading inside a function, which happens
    when that is called.
    """

    name: str
    start: int
    end: int
    plain: bool = False
    deferred: bool = False
    checked: bool = False


class Variables(NamedTuple):
    """What a text does to variables. `opaque_from` is the offset of the first command that may set variables nobody
    can see here (`source`, `eval`), None if there is none. `unsure` says that the text does not parse."""

    settings: tuple[Variable, ...] = ()
    readings: tuple[Variable, ...] = ()
    opaque_from: int | None = None
    unsure: bool = False


class Glance(NamedTuple):
    """What can be told of a text's variables at a glance: without a parser, and for most texts without more.

    `reads`: each reading, as a name and its offset. `sets`: variables that it sets for sure, and an offset at which
    that has begun. `assigned`: only of these some may be set by nothing but `NAME=value`.
    """

    reads: tuple[tuple[str, int], ...] = ()
    sets: Mapping[str, int] = {}
    assigned: frozenset[str] = frozenset()


NOTHING = Glance()


def glance(commands: Commands) -> Glance:
    """What `variables_of` will find at least of the settings, at most of the plain ones, and of the readings all."""
    text = commands.meant
    sets: Mapping[str, int] = {}
    assigned: frozenset[str] = frozenset()
    if "=" in text:
        lines = _lines_with_equals(text)
        # What may be an assignment is asked second: it takes longer, and most lines with a `=` hold no name before it.
        if names := _ASSIGNED.findall("\n" + lines):
            assigned = frozenset(names) if _assign(lines) else assigned
            sets = _surely_set(commands) if assigned or "export" in lines else sets
    elif "$" not in text:
        return NOTHING
    return Glance(tuple([(name, start) for name, start, _ in _readings(commands)]), sets, assigned)


def _surely_set(commands: Commands) -> dict[str, int]:
    """The variables of lines that begin with `NAME=` or `export NAME=`, in a text whose lines are surely commands."""
    text = commands.meant
    found = list(_SETTING_LINE.finditer("\n" + text))
    if not found or not commands.is_sound:
        return {}
    cut = commands.regions if text == commands.text else regions(text)
    first: dict[str, int] = {}
    for match in found:
        start = match.start(1) - 1
        if match[1] not in first and quoting_at(cut, start) == "bare":
            first[match[1]] = start
    return first


def may_set_unnamed(commands: Commands) -> bool:
    """False if the commands surely set no variable but those for which `may_name` is True of their text."""
    text = commands.meant
    return (
        not text.isascii()
        or commands.has_faults
        or any(pattern.search(text) is not None for pattern in _MAY_SET_UNNAMED)
    )


def may_name(text: str, name: str) -> bool:
    """True if the name is a word of the text, and not only as `$NAME` and `${NAME}`."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        before, after = text[max(0, at - 2) : at], text[end : end + 1]
        is_read = before[-1:] == "$" or (before == "${" and after == "}")
        if not (is_read or _goes_on(before[-1:]) or _goes_on(after)):
            return True
        at = text.find(name, end)
    return False


def _goes_on(character: str) -> bool:
    return character == "_" or character.isalnum()


class Settings(NamedTuple):
    """The settings among `Variables`."""

    settings: tuple[Variable, ...] = ()
    opaque_from: int | None = None


@lru_cache(maxsize=256)
def variables_of(commands: Commands) -> Variables:
    """The variables that commands set and read. Recent ones are remembered."""
    settings, opaque_from = what_sets(commands)
    readings = what_reads(commands)
    unsure = bool(settings or readings or opaque_from is not None) and commands.has_faults
    return Variables(settings, readings, opaque_from, unsure)


def what_sets(commands: Commands) -> Settings:
    """The settings of `variables_of`."""
    text = commands.meant
    assigns = _may_assign(text)
    if assigns or _may_set_otherwise(text) or ("$" in text and commands.has_faults):
        return Settings(tuple(_settings(commands, assigns)), _may_set_anything(commands))
    return Settings()


def what_reads(commands: Commands) -> tuple[Variable, ...]:
    """The readings of `variables_of`."""
    has_functions = "$" in commands.meant and _MAY_DEFINE.search(commands.meant) is not None
    functions = [commands.offsets(f.span) for f in commands.script.functions] if has_functions else []
    return tuple(
        Variable(name, start, end, deferred=any(a <= start < b for a, b in functions))
        for name, start, end in _readings(commands)
    )


# A text of which neither is true surely sets no variable.
def _may_set_otherwise(text: str) -> bool:
    """Hints are looked for first: few texts need a search."""
    return any(hint in text for hint in _HINTS) and _MAY_NAME.search(text) is not None


def _may_assign(text: str) -> bool:
    return "=" in text and _assign(_lines_with_equals(text))


def _assign(lines: str) -> bool:
    return _MAY_ASSIGN.search("\n" + lines) is not None or _MAY_ASSIGN_BEHIND.search(lines) is not None


def _lines_with_equals(text: str) -> str:
    """The lines that have a `=`: half of the text, and what may be an assignment is looked for in every place."""
    return "\n".join([line for line in text.split("\n") if "=" in line])


def _settings(commands: Commands, may_be_plain: bool) -> Iterator[Variable]:
    """Assignments, `export`, `declare`, `read`, `mapfile`, `printf -v`, `for`, arithmetic, `${X:=…}`, `exec {X}>…`; and
    what checks variables."""
    for command in commands.script.commands:
        for assignment in command.assignments:
            start, end = commands.offsets(assignment.span)
            # `X=1 command` sets it for the command alone; who writes that does not read it later.
            alone = _ALONE.match(commands.meant, start) if may_be_plain and not command.words else None
            plain = alone is not None and alone[1] == assignment.name
            yield Variable(assignment.name, start, end, plain)
        words = _without_wrapper(command)
        if words and words[0] in SETTING:
            for name in named_by(words):
                yield Variable(name, *commands.offsets(command.span))
        if words and words[0] in ("[", "[[", "test"):
            start, end = commands.offsets(command.span)
            for match in _CHECKED_BY_TEST.finditer(commands.meant, start, min(end, start + _LONGEST_TEST)):
                yield Variable(match[1] or match[2], start, match.end(), checked=True)
    if commands.script.faults:  # the parser may have lost some
        yield from (
            Variable(match[1], *match.span(1)) for match in re.finditer(_ASSIGNMENT_LINE, commands.meant)
        )
    for match in _SET_IN_PASSING.finditer(commands.meant):
        if match["default"] or commands.quoting_at(match.start()) == "bare":
            name = match["loop"] or match["default"] or match["opened"]
            yield Variable(name, *match.span(), checked=match[0].endswith("?"))
    for part in commands.regions if "((" in commands.meant else ():
        if part.quoting == "arithmetic":
            for match in SET_BY_ARITHMETIC.finditer(commands.meant, part.start, part.end):
                yield Variable(match[1], *match.span(1))


def _readings(commands: Commands) -> Iterator[tuple[str, int, int]]:
    """`$X` and `${X}` outside single quotes, comments and quoted here-documents.

    Not `${X:-…}`, `${X:=…}`, `${X:?…}` and `${X+…}`, which say what happens when it is not set.
    """
    text = commands.meant
    if "$" not in text:
        return
    # Nothing is literal without one of these marks, and to look for them costs less than to find all quotes.
    may_be_literal = "'" in commands.text or "#" in commands.text or "<<" in commands.text
    literal = _quoted_heredocs(commands) if "<<" in text else []
    for match in _READ.finditer(text):
        at = match.start()
        quoting = commands.quoting_at(at) if may_be_literal else "bare"
        if quoting in ("single", "comment") or (
            quoting == "heredoc" and any(a <= at < b for a, b in literal)
        ):
            continue
        if not _is_escaped(text, at):
            yield match[1] or match[2], at, match.end()


def _may_set_anything(commands: Commands) -> int | None:
    """Where a command first sets what cannot be seen here: `source f`, `eval x`, `export $(cat .env)`."""
    return min(
        (
            commands.offsets(command.span)[0]
            for command in commands.script.commands
            if (words := _without_wrapper(command))
            if words[0] in ("source", ".", "eval")
            or _UNSEEN_NAMES.match(commands.meant, commands.offsets(command.words[0].span)[0])
        ),
        default=None,
    )


def _without_wrapper(command: Command) -> list[str]:
    """The words of a command without `builtin` and `command` before it."""
    words = [word.value or word.raw for word in command.words]
    while words and words[0] in ("builtin", "command"):
        words = words[1:]
    return words


_READ = re.compile(rf"\$(?:({NAME})|\{{[#!]?({NAME})(?!\w|:?[-=?+]|[@*]\}}|\[[^\]\n]{{0,80}}\]:?[-=?+]))")
# The first word of a line that no backslash joins to the one above. Python's engine skips to the line ends.
_SETTING_LINE = re.compile(rf"\n(?<!\\\n)[ \t]*(?:export[ \t]+)?({NAME})=", re.ASCII)
# Behind one of these a name may begin that is assigned to. Python's engine skips to them.
_BEFORE = r"\s;&|(){}!`<>"
_ASSIGNED_NAME = rf"({NAME})(?!\w)(?=(?:\[[^\]\n]{{0,80}}\])?\+?=)"
_ASSIGNED = re.compile(rf"[{_BEFORE}]{_ASSIGNED_NAME}")
_ALONE = re.compile(rf"(?<![^{_BEFORE}]){_ASSIGNED_NAME}")
# A quote may stand within a name, or in `source`: `export A"B"=1`. Only behind a backslash does a word go on below.
_SPLIT_WORD = r"""["'\\](?<=\w["'\\])(?:(?<=\\)\n)?(?:["']|\\\n?)*\w"""
# What a file sets or what is put together may be anything. Each begins with letters that the engine looks for first.
_OPAQUE = (r"source\b(?<!\wsource)", r"eval\b(?<!\weval)", r"""\.(?<![\w/.]\.)["']?\s""")
# What a command prints is set: `export $(cat .env)`.
_BLANKS = r"(?:\s|\\\n)+"
_UNSEEN_NAMES = re.compile(
    rf"[edtr](?:(?<=e)xport|(?<=d)eclare|(?<=t)ypeset|(?<=r)eadonly)\b[\"']?{_BLANKS}(?:-\w+{_BLANKS})*[\"']?[$`]"
)
_LONGEST_TEST = 200  # characters of `[ … ]` that are looked at
_CHECKED_BY_TEST = re.compile(rf"-[zn]\s+[\"']?\$\{{?({NAME})|-v\s+({NAME})")
_TESTS = rf"(?:\[|test)[\s\S]{{0,{_LONGEST_TEST}}}?-[zn]\s"
_MAY_SET_UNNAMED = (*map(re.compile, (_SPLIT_WORD, *_OPAQUE, _TESTS)), _UNSEEN_NAMES)
_SET_IN_PASSING = re.compile(
    rf"[fs](?:(?<=\bf)or|(?<=\bs)elect)\s+(?P<loop>{NAME})\b|\$\{{(?P<default>{NAME}):?[=?]"
    rf"|\{{(?<!\$\{{)(?P<opened>{NAME})\}}(?=[<>])"
)
_ASSIGNMENT_LINE = rf"(?m)^[ \t]*(?:export[ \t]+)?({NAME})\+?="
# No text without one of these sets a variable; none without `_MAY_DEFINE` defines a function. Assignments stand where a
# command may begin, and after a redirection: Python's engine skips to the first letters of both patterns.
_SETS = rf"[^\S\n]*{NAME}(?:\[[^\]\n]{{0,80}}\])?\+?="
_MAY_ASSIGN = re.compile(rf"[\n;&|(){{}}!`$](?:(?<!\$){_SETS}|(?<=\$)\{{\w+:?=)")
_BEGINNING = "if then elif else while until do time coproc".split()
_BEHIND = "|".join(rf"{word}(?!\w)(?<!\w{word})" for word in _BEGINNING)
_MAY_ASSIGN_BEHIND = re.compile(rf"(?:{_BEHIND}|<\s*[^\s<>]+\s|>\s*[^\s<>]+\s){_SETS}")
_MAY_NAME = re.compile(
    rf"\(\(|{_OPAQUE[-1]}|\b(?:{'|'.join(sorted(SETTING))})\b|\{{{NAME}(?::?\?|\}}[<>])|-[znv]\s"
)
_HINTS = (*SETTING, "((", ". ", ".\t", ".\n", '."', ".'", "?", "}<", "}>", "-z", "-n", "-v")
_MAY_DEFINE = re.compile(r"\bfunction\b|\([ \t]*\)")


def _quoted_heredocs(commands: Commands) -> list[tuple[int, int]]:
    """The here-documents in which nothing expands."""
    found: list[tuple[int, int]] = []
    before = 0
    for part in commands.regions:
        if part.quoting == "heredoc" and _QUOTED_DELIMITER.search(commands.meant, before, part.start):
            found.append((part.start, part.end))
        if part.quoting == "heredoc":
            before = part.end
    return found


_QUOTED_DELIMITER = re.compile(r"(?<!<)<<(?!<)-?[ \t]*['\"\\]")


def _is_escaped(text: str, at: int) -> bool:
    first = at
    while first and text[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
