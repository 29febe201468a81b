"""Where the values of an intent stand in its command, in which written form, and how to write others there.

Only *values* of a command are searched (see `shell/words.py`): programs, sub-commands and flag names never vary,
unless the intent itself sets the word apart as a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from runbook_ls.shell import quantities
from runbook_ls.shell.kinds import Kind
from runbook_ls.shell.literals import Unit
from runbook_ls.shell.words import Role, Word, split
from runbook_ls.suggest import language
from runbook_ls.suggest.sentence import Part, parts

Style = Literal[
    "as is", "lower", "upper", "singular", "plural", "dashed", "underscored",  # of words
    "digits", "abbreviated", "spelled", "day",  # of quantities
]  # fmt: skip

PLACES = {
    ".": frozenset({".", "./", "$PWD", "$(pwd)"}),
    "..": frozenset({"..", "../"}),
    "~": frozenset({"~", "~/", "$HOME", "$HOME/", "/home", "/home/"}),
    "/": frozenset({"/"}),
}
"""How commands write the places that prose calls by a name, such as "the current directory"."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a command that shows a value of its intent: code points `start` to `end`, inside `word`.

    `style` is the written form. For quantities `kind` says what is counted and `unit` in which canonical unit
    ("300" may be 300 seconds).
    """

    start: int
    end: int
    word: Word
    style: Style
    kind: Kind = Kind.WORD
    unit: str = ""

    @property
    def stands_alone(self) -> bool:
        """True if the place is a whole shell word, or a whole word of a quoted text."""
        text, start, end = self.word.text, self.start - self.word.start, self.end - self.word.start
        return (start == 0 or text[start - 1] in _EDGES) and text[end : end + 1].rstrip("/") in {"", *_EDGES}


_EDGES = " '\"=,"


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of the taught intent with every place of the command that shows it."""

    part: Part
    sites: tuple[Site, ...]

    @property
    def stands_alone(self) -> bool:
        """True if one of its places does."""
        return any(site.stands_alone for site in self.sites)

    @property
    def is_place(self) -> bool:
        """True if "the current directory" may stand here."""
        return (
            self.part.unit.kind is Kind.PATH
            or "directory" in {self.part.before, self.part.after}
            or any(site.word.text.lstrip("'\"").startswith(("/", "./", "~")) for site in self.sites)
        )

    @property
    def must_be_filled(self) -> bool:
        """True if the command is surely about something else unless the new intent says what stands here."""
        if self.part.unit.value in PLACES:
            return False
        return self.part.name >= 0.8 or (self.part.name >= 0.5 and self.stands_alone)


@lru_cache(maxsize=8192)
def slots(intent: str, command: str) -> tuple[Slot, ...]:
    """The parts of `intent` that `command` shows among its values, in the order of the intent.

    Where two parts could claim a place, literals come before words, quoted before bare, long before short.
    """
    words = split(command)
    values = [word for word in words if word.varies < word.end or word.role is Role.ASSIGNMENT]
    fixed = [word for word in words if word.role is Role.SUBCOMMAND]
    sentence = [
        part for part in parts(intent) if not part.is_grammar and (not part.is_verb or part.unit.is_literal)
    ]
    strongest_first = sorted(
        sentence, key=lambda p: (not p.unit.is_literal, not p.unit.quoted, -len(p.unit.value), p.index)
    )
    taken: list[Site] = []
    found: list[Slot] = []
    for part in strongest_first:
        sites = [site for site in _sites(part.unit, values) if _may_vary(site, part.unit)]
        if (
            not sites and part.name >= 0.7
        ):  # `lxc-attach heron`: only a name can tell that it is no sub-command
            sites = [site for site in _sites(part.unit, fixed) if site.style == "as is" and _is_whole(site)]
        free = tuple(site for site in sites if all(site.end <= t.start or site.start >= t.end for t in taken))
        if free:
            taken += free
            found.append(Slot(part, free))
    return tuple(sorted(found, key=lambda slot: slot.part.index))


def _is_whole(site: Site) -> bool:
    return (site.start, site.end) == (site.word.start, site.word.end)


def _may_vary(site: Site, unit: Unit) -> bool:
    """Of an assignment, the value; its name or all of it only where the intent says exactly that: `chmod u=rwx`."""
    if site.start >= site.word.varies:
        return True
    name_or_all = site.start == site.word.start and site.end in {site.word.varies - 1, site.word.end}
    return site.word.role is Role.ASSIGNMENT and name_or_all and unit.is_literal


def _sites(unit: Unit, words: Sequence[Word]) -> list[Site]:
    if unit.kind in {Kind.DURATION, Kind.SIZE, Kind.NUMBER}:
        return [site for word in words for site in _amounts(unit, word)]
    if unit.value in PLACES:
        spellings = PLACES[unit.value]
        return [Site(w.start, w.end, w, "as is") for w in words if w.text.strip("'\"") in spellings]
    if unit.kind is Kind.DATE and unit.amount:
        sites = [site for word in words for site in _days(unit, word)]
        if sites:
            return sites
    for style, form in _forms(unit):
        sites = [site for word in words for site in _occurrences(form, word, style)]
        if sites:
            return sites
    return []


def _forms(unit: Unit) -> Iterable[tuple[Style, str]]:
    """The written forms of a word or name, the likeliest first."""
    value = unit.value
    yield "as is", value
    if len(value) > 1 and value.endswith("/"):
        yield "as is", value[:-1]
    elif unit.kind is Kind.PATH:
        yield "as is", value + "/"
    if value != value.lower():
        yield "lower", value.lower()
    if value != value.upper() and len(value) > 1:
        yield "upper", value.upper()
    if " " in value:
        yield "dashed", "-".join(value.split())
        yield "underscored", "_".join(value.split())
    if unit.kind is Kind.WORD and len(value) > 2:
        if value.endswith("s"):
            yield "singular", value[:-1]
        else:
            yield "plural", value + "s"


def _occurrences(form: str, word: Word, style: Style) -> Iterable[Site]:
    asked = _ASKED.fullmatch(word.text, word.varies - word.start) if word.role is Role.ASSIGNMENT else None
    at = word.text.find(form)
    while at >= 0:
        end = at + len(form)
        opens = not form[0].isalnum() or at == 0 or not word.text[at - 1].isalnum()
        closes = not form[-1].isalnum() or end == len(word.text) or not word.text[end].isalnum()
        if opens and closes:
            start, stop = asked.span(1) if asked and asked.start(1) < at else (at, end)
            yield Site(word.start + start, word.start + stop, word, style)
            if asked:
                return
            at = end - 1
        at = word.text.find(form, at + 1)


# A value that the cell asks for (`export DIR="<path>"`): what takes the place of a word of it takes the place of all.
_ASKED = re.compile(r"""["']?(<[^<>]+>)["']?""")
_NUMBER = re.compile(r"(?<![A-Za-z0-9.])(\d+)(?:( ?)([A-Za-z]+))?(?![0-9])")


def _amounts(unit: Unit, word: Word) -> Iterable[Site]:
    for match in _NUMBER.finditer(word.text):
        n, space, suffix = int(match[1]), match[2], match[3] or ""
        start, end, digits_end = (word.start + at for at in (match.start(), match.end(), match.end(1)))
        if unit.kind is Kind.NUMBER:
            if n == unit.amount and (space or len(suffix) <= 1):
                yield Site(start, digits_end, word, "digits", Kind.NUMBER)
            continue
        is_duration = unit.kind is Kind.DURATION
        base = quantities.DURATION_SECONDS if is_duration else quantities.SIZE_BYTES
        named = (quantities.duration_unit if is_duration else quantities.size_unit)(suffix)
        if named and abs(n * base[named] - unit.amount) < 1e-6:
            style: Style = "spelled" if space or len(suffix) > 3 else "abbreviated"
            yield Site(start, end, word, style, unit.kind, named)
        elif not suffix and n:
            counted = [name for name in (unit.unit, *base) if abs(n * base[name] - unit.amount) < 1e-6]
            if counted:
                yield Site(start, digits_end, word, "digits", unit.kind, counted[0])


def _days(unit: Unit, word: Word) -> Iterable[Site]:
    for match in re.finditer(r"\d{4}-\d\d-\d\d", word.text):
        day = quantities.day(match.group())
        if day and day.toordinal() == unit.amount:
            yield Site(word.start + match.start(), word.start + match.end(), word, "day")


def written(unit: Unit, site: Site) -> str | None:
    """How `unit` is written at `site`, before quoting; None if it cannot be written in that form."""
    if site.style in {"digits", "abbreviated", "spelled"}:
        return _amount(unit, site)
    value = unit.value
    if site.style == "day":
        if unit.kind is not Kind.DATE or not unit.amount:
            return None
        return value if value[:4].isdigit() else date.fromordinal(int(unit.amount)).isoformat()
    if site.style == "lower":
        return value.lower()
    if site.style == "upper":
        return value.upper()
    if site.style == "dashed":
        return "-".join(value.split())
    if site.style == "underscored":
        return "_".join(value.split())
    if (
        site.style == "singular"
        and unit.kind is Kind.WORD
        and value.endswith("s")
        and not value.endswith("ss")
    ):
        return value[:-1]
    if site.style == "plural" and not value.endswith("s"):
        return value + "s"
    return value


def _amount(unit: Unit, site: Site) -> str | None:
    if site.kind is Kind.NUMBER:
        if unit.kind is Kind.NAME and (unit.value.startswith("$") or unit.value.isupper()):
            return unit.value  # a variable that holds the number
        return quantities.digits(unit.amount) if unit.kind is Kind.NUMBER else None
    if unit.kind not in {Kind.NUMBER, site.kind}:
        return None
    base = quantities.DURATION_SECONDS if site.kind is Kind.DURATION else quantities.SIZE_BYTES
    amount = unit.amount * (base[site.unit] if unit.kind is Kind.NUMBER else 1)
    if site.style == "digits":
        return quantities.digits(amount / base[site.unit])
    name = unit.unit if unit.kind is site.kind else site.unit
    if (
        site.kind is Kind.DURATION
        and site.style == "abbreviated"
        and base[site.unit] <= base["h"] < base[name]
    ):
        name = "h"  # what counts in hours need not know days: Go's durations do not
    n = quantities.digits(amount / base[name])
    taught = re.match(r"\d+( ?)([A-Za-z]+)", site.word.text[site.start - site.word.start :])
    if n is None or taught is None:
        return None
    gap, suffix = taught.groups()
    if site.style == "spelled" and site.kind is Kind.DURATION:
        return f"{n}{gap}{quantities.spelled(name, n)}"
    if name != site.unit:
        suffix = (name.upper() if suffix.isupper() else name) + (suffix[1:] if site.kind is Kind.SIZE else "")
    return n + gap + suffix


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `text` over the code points `start` to `end` of the taught command."""

    start: int
    end: int
    text: str
    grounded: bool = True


def refill(slot: Slot, site: Site, new: Part) -> Edit:
    """Write `new` at one place of `slot`: a sign turned with the bound, the shape of globs kept, affixes that stand
    there already not doubled, quoted as the shell needs it. `written` must have an answer for them."""
    value = written(new.unit, site) or ""
    text = site.word.text
    start, end = site.start - site.word.start, site.end - site.word.start
    if slot.part.side != new.side and start == 1 and text[0] == SIGNS[slot.part.side]:
        return Edit(site.start - 1, site.end, SIGNS[new.side] + value)
    value = _in_shape(value, text[start:end], new.unit)
    if site.word.role is Role.HEREDOC:
        return Edit(site.start, site.end, value)
    value = _without_affixes(value, text[:start].lstrip("'\""), text[end:].rstrip("'\""))
    return _quoted(value, site)


SIGNS = {"more": "+", "less": "-", "": ""}
"""How `find` writes on which side of an amount the values lie."""


def _in_shape(value: str, taught: str, unit: Unit) -> str:
    """`.foo` or `foo` where `*.c` was is `*.foo`; `fink` where `*x*` was is `*fink*`."""
    if (
        taught[:1] == "."
        and taught[1:2].isalnum()
        and unit.kind in {Kind.WORD, Kind.TEXT}
        and "." not in value
    ):
        return "." + value
    if taught == "*" or not any(c in taught for c in "*?") or any(c in value for c in "*?"):
        return value
    if value.startswith(".") and taught.startswith("*"):
        return "*" + value
    if (
        re.fullmatch(r"\*\.[\w.]+", taught)
        and unit.kind in {Kind.WORD, Kind.NAME, Kind.TEXT}
        and "." not in value
    ):
        return "*." + value
    return f"*{value}*" if taught.startswith("*") and taught.endswith("*") else value


def _without_affixes(value: str, left: str, right: str) -> str:
    """`app-3.internal` taught as app-3 and asked for as app-9.internal stays app-9.internal."""
    for n in range(min(len(left), len(value)), 0, -1):
        if left.endswith(value[:n]) and not value[:n].isalnum():
            value = value[n:]
            break
    for n in range(min(len(right), len(value)), 0, -1):
        if right.startswith(value[-n:]) and not value[-n:].isalnum():
            return value[:-n]
    return value


def _quoted(value: str, site: Site) -> Edit:
    text, start = site.word.text, site.start - site.word.start
    quote = _quote_at(text, start)
    if quote == "'":
        return Edit(site.start, site.end, value.replace("'", "'\\''"))
    if quote == '"':
        return Edit(site.start, site.end, re.sub(r'(["`]|\$(?=\()|\\(?=["\\$`]|$))', r"\\\1", value))
    if start and text[start - 1] == "\\":  # \*.c
        return Edit(site.start - 1, site.end, _shell_quote(value))
    taught_glob = any(c in text for c in "*?[")
    globs_expand = taught_glob or site.word.role is Role.ARGUMENT
    special = _SPECIAL if globs_expand else _SPECIAL_OR_GLOB
    return Edit(site.start, site.end, _shell_quote(value) if special.search(value) else value)


_SPECIAL = re.compile(r"[\s;&|<>()`\"'\\!#]|\$\(")
_SPECIAL_OR_GLOB = re.compile(r"[\s;&|<>()`\"'\\!#*?\[]|\$\(")


def _shell_quote(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"


def _quote_at(text: str, at: int) -> str:
    """The quote that is open before `text[at]`, "" if none."""
    quote = ""
    i = 0
    while i < at:
        c = text[i]
        if c == "\\" and quote != "'":
            i += 1
        elif quote:
            quote = "" if c == quote else quote
        elif c in "'\"":
            quote = c
        i += 1
    return quote


@lru_cache(maxsize=8192)
def mentions(command: str) -> frozenset[str]:
    """The words of `command` without their quotes."""
    return frozenset(word.text.strip("'\"") for word in split(command))


def may_fill(slot: Slot, new: Part) -> bool:
    """False where `new` cannot stand at `slot` whatever its role: not writable there, or no place or ending."""
    if new.unit.value in PLACES and not slot.is_place:
        return False
    if new.unit.kind is Kind.WORD and slot.part.unit.kind is Kind.GLOB and new.after != "file":
        return False
    if new.unit.kind is Kind.WORD and language.stem(new.unit.value) in language.PATH_NOUNS:
        return False
    if new.unit.kind is Kind.WORD and slot.part.unit.value in PLACES and not _may_be_a_place(new):
        return False
    return all(written(new.unit, site) is not None for site in slot.sites)


def _may_be_a_place(word: Part) -> bool:
    """ "In the vim folder", "under sources"; not "whose names match"."""
    return bool({word.before, word.after} & language.PATH_NOUNS) or word.governor in language.PREPOSITIONS
