"""Tools with sub-commands: which of them read, which change, which destroy. The tables are in `tool_tables.py`. Pure.

A path is the words up to the sub-command (`rollout status`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from runbook_ls.shell.options import doubtful, find_option, skip_options, table
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict

Path = tuple[str, ...]


def _paths(text: str) -> tuple[Path, ...]:
    return tuple(tuple(entry.split()) for entry in text.replace("\n", ";").split(";") if entry.strip())


@dataclass(frozen=True)
class Tool:
    """One tool. Tables are text: paths separated by `;` or line ends, options by blanks (`=`: takes a value).

    `options` may stand before and between the words of a path. `doubt` are options that make a reading sub-command
    unknown; `destroys` names options (or operands) that make a path destructive; `only` are paths that read as long
    as they get nothing but these options, and change otherwise. `asks` names, of a path (or of all: ""), the options that
    say whom it asks, "" if all its words may; what they get must be literal to be reading. `joins`: the words are one
    script together, in which `;` begins another command.
    """

    options: str = ""
    reads: str = ""
    changes: str = ""
    destroying: str = ""
    doubt: str = ""
    destroys: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    asks: Mapping[str, str] = field(default_factory=dict)
    joins: bool = False
    alone: Risk = Risk.READ_ONLY  # what the tool without any word does: prints its help, or opens a prompt

    @cached_property
    def table(self) -> Mapping[Path, Risk]:
        return {
            **dict.fromkeys(_paths("; ".join([*self.destroys, *self.only])), Risk.CHANGING),
            **dict.fromkeys(_paths(self.reads), Risk.READ_ONLY),
            **dict.fromkeys(_paths(self.changes), Risk.CHANGING),
            **dict.fromkeys(_paths(self.destroying), Risk.DESTRUCTIVE),
        }

    @cached_property
    def groups(self) -> frozenset[Path]:
        return frozenset(path[:length] for path in self.table for length in range(1, len(path)))


def find_path(words: Sequence[Word], tool: Tool) -> tuple[Path, int, bool]:
    """The longest listed path of the words after the program's name, and the index after it.

    The path is () if there is none. The third value is False where an option or word stands in the way that nobody
    knows, so that the path may be another.
    """
    path: Path = ()
    found: Path = ()
    at = after = 1
    while at < len(words):
        value = words[at].value
        if value is None or ((*path, value) not in tool.table and (*path, value) not in tool.groups):
            behind, _ = skip_options(words, tool.options, at)
            if behind == at:
                return found, after, found != () or (value is not None and not value.startswith("-"))
            at = behind
            continue
        path, at = (*path, value), at + 1
        if path in tool.table:
            found, after = path, at
    return found, after if found else at, True


def judge(name: str, words: Sequence[Word], tool: Tool) -> Verdict:
    """What the command line `words` of `tool` does."""
    path, after, sure = find_path(words, tool)
    rest, what = words[after:], " ".join((name, *path))
    if not path:
        if len(words) == 2 and words[1].value in ("--help", "-h", "--version", "version", "help"):
            return Verdict(Risk.READ_ONLY, f"`{name}` prints its help or version")
        if sure and after >= len(words):
            return Verdict(tool.alone, f"`{name}` without a sub-command")
        return _doubt(name, words, tool)
    destroying = tool.destroys.get(" ".join(path))
    if destroying and (option := find_option(rest, destroying)):
        return Verdict(Risk.DESTRUCTIVE, f"`{what} {option.raw}` can destroy")
    risk = tool.table[path]
    if risk is Risk.DESTRUCTIVE:
        return Verdict(risk, f"`{what}` destroys")
    only = tool.only.get(" ".join(path))
    if only is not None:
        at, only_sure = skip_options(rest, only)
        risk = Risk.READ_ONLY if only_sure and at >= len(rest) else Risk.CHANGING
    if risk is Risk.READ_ONLY:
        if option := find_option(words[1:], tool.doubt, tool.options):
            return Verdict(Risk.UNKNOWN, f"`{option.raw}` decides what `{what}` runs, writes or asks")
        if word := next(
            filter(None, (_asks(words[1:], tool.asks.get(key)) for key in ("", " ".join(path)))), None
        ):
            return Verdict(Risk.UNKNOWN, f"`{what}` may send `{word.raw}` over the network")
        if tool.joins and (word := next((w for w in rest if w.value is None or ";" in w.value), None)):
            return Verdict(Risk.UNKNOWN, f"`{word.raw}` may begin another command of `{name}`")
        if word := doubtful(words[1:], tool.options):
            return Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{what}`")
        return Verdict(risk, f"`{what}` reads")
    return Verdict(risk, f"`{what}` changes something")


def _asks(words: Sequence[Word], options: str | None) -> Word | None:
    """The first computed word among the values of the options, or among all words where `options` is empty."""
    if options is None:
        return None
    named = table(options)
    for before, word in pairwise([None, *words]):
        own = word is not None and (word.prefix.partition("=")[0] in named or word.prefix[:2] in named)
        behind = before is not None and before.value in named
        if word is not None and word.value is None and (own or behind or not named):
            return word
    return None


def _doubt(name: str, words: Sequence[Word], tool: Tool) -> Verdict:
    """A sub-command that cannot be found, or is not listed: destructive if one that destroys may be meant."""
    for at in range(1, len(words)):
        for length in (1, 2, 3):
            path = tuple(word.value or "" for word in words[at : at + length])
            if tool.table.get(path) is Risk.DESTRUCTIVE:
                return Verdict(Risk.DESTRUCTIVE, f"`{name} {' '.join(path)}` destroys")
    return Verdict(Risk.UNKNOWN, f"what `{name} {words[1].raw}` does is not known here")
