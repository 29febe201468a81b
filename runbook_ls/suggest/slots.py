"""Where the values of an intent stand in its command, in which written form, and how to write others there.

Only *values* of a command are searched (see `shell/words.py`): programs, sub-commands and flag names never vary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from runbook_ls.shell import quantities as q
from runbook_ls.shell.literals import Kind, Unit
from runbook_ls.shell.words import Role, Word, split
from runbook_ls.suggest.alignment import Part, parts

Style = Literal["text", "lower", "upper", "singular", "plural", "dashed", "underscored", "amount", "abbreviated", "spelled", "date"]


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a command that shows a value of its intent: code points `start` to `end` inside `word`; `style`
    says in which written form, `unit` in which unit for amounts."""

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
        return (text[start - 1 : start] if start else "") in _EDGES and text[end : end + 1].rstrip("/") in _EDGES


_EDGES = frozenset({"", " ", "'", '"', "=", ","})


@dataclass(frozen=True, slots=True)
class Bound:
    """A part of the taught intent and every place of the command that shows it."""

    part: Part
    sites: tuple[Site, ...]

    @property
    def is_place(self) -> bool:
        """True if "the current directory" may stand here."""
        return (
            self.part.unit.kind is Kind.PATH
            or "directory" in {self.part.before, self.part.after}
            or any(site.word.text.lstrip("'\"").startswith(("/", "./", "~")) for site in self.sites)
        )


@lru_cache(maxsize=4096)
def bind(intent: str, command: str) -> tuple[Bound, ...]:
    """The parts of `intent` that `command` shows among its values, strongest first where they compete."""
    values = [w for w in split(command) if w.varies < w.end]
    subcommands = [w for w in split(command) if w.role is Role.SUBCOMMAND]
    taken: list[tuple[int, int]] = []
    found: dict[int, list[Site]] = {}
    sentence = parts(intent)
    order = sorted(
        (i for i, p in enumerate(sentence) if not p.is_function and not (p.is_verb and p.unit.kind is Kind.WORD)),
        key=lambda i: (sentence[i].unit.kind is Kind.WORD, not sentence[i].unit.quoted, -len(sentence[i].unit.value), i),
    )
    for i in order:
        sites = [s for s in _sites(sentence[i].unit, values) if s.start >= s.word.varies or _is_whole_assignment(s)]
        if not sites and sentence[i].name >= 0.7:  # `lxc-attach heron`: only a name can tell it is no sub-command
            sites = [s for s in _sites(sentence[i].unit, subcommands) if s.end - s.start == len(s.word.text)]
        for site in sites:
            if all(site.end <= a or site.start >= b for a, b in taken):
                found.setdefault(i, []).append(site)
                taken.append((site.start, site.end))
    return tuple(Bound(sentence[i], tuple(sorted(found[i], key=lambda s: s.start))) for i in sorted(found))


def _is_whole_assignment(site: Site) -> bool:
    """`chmod u=rwx,g=rx`: what looks like NAME=value is one value if the intent says all of it."""
    return site.word.role is Role.ASSIGNMENT and (site.start, site.end) == (site.word.start, site.word.end)


def _sites(unit: Unit, values: Sequence[Word]) -> list[Site]:
    if unit.kind in {Kind.DURATION, Kind.SIZE, Kind.NUMBER}:
        return [s for w in values for s in _amount_sites(unit, w)]
    if unit.kind is Kind.DATE:
        return [s for w in values for s in _date_sites(unit, w)]
    if unit.value in PLACES:
        return [Site(w.start, w.end, w, "text") for w in values if w.text.strip("'\"") in PLACES[unit.value]]
    for style, form in _forms(unit):
        sites = [s for w in values for s in _text_sites(form, w, style)]
        if sites:
            return sites
    return []


# How commands write the places that prose names ("the current directory").
PLACES = {
    ".": frozenset({".", "./", "$PWD", "$(pwd)"}),
    "..": frozenset({"..", "../"}),
    "~": frozenset({"~", "~/", "$HOME", "$HOME/", "/home", "/home/"}),
    "/": frozenset({"/"}),
}


def _forms(unit: Unit) -> list[tuple[Style, str]]:
    value = unit.value
    out: list[tuple[Style, str]] = [("text", value)]
    if len(value) > 1 and value.endswith("/"):
        out.append(("text", value[:-1]))
    elif unit.kind is Kind.PATH:
        out.append(("text", value + "/"))
    if value != value.lower():
        out.append(("lower", value.lower()))
    if value != value.upper() and len(value) > 1:
        out.append(("upper", value.upper()))
    if " " in value:
        out += [("dashed", "-".join(value.split())), ("underscored", "_".join(value.split()))]
    if unit.kind is Kind.WORD and len(value) > 2:
        out.append(("singular", value[:-1]) if value.endswith("s") else ("plural", value + "s"))
    return out


def _text_sites(form: str, word: Word, style: Style) -> list[Site]:
    if not form or form not in word.text:
        return []
    if len(form) == 1 and form.isalpha() and form not in re.split(r"[\s'\"*.=:/\\]+", word.text):
        return []
    pattern = re.escape(form)
    if form[0].isalnum():
        pattern = r"(?<![A-Za-z0-9])" + pattern
    if form[-1].isalnum():
        pattern += r"(?![A-Za-z0-9])"
    return [Site(word.start + m.start(), word.start + m.end(), word, style) for m in re.finditer(pattern, word.text)]


_NUMBER_IN_COMMAND = re.compile(r"(?<![A-Za-z0-9.])(\d+)(?:( ?)([A-Za-z]+))?(?![0-9])")


def _amount_sites(unit: Unit, word: Word) -> list[Site]:
    out = []
    for m in _NUMBER_IN_COMMAND.finditer(word.text):
        n, space, suffix = int(m[1]), m[2], m[3] or ""
        start, end = word.start + m.start(), word.start + m.end()
        digits_end = word.start + m.end(1)
        if unit.kind is Kind.NUMBER:
            if n == unit.amount and (not suffix or space or len(suffix) == 1):
                out.append(Site(start, digits_end, word, "amount", Kind.NUMBER))
            continue
        table = q.DURATION_UNITS if unit.kind is Kind.DURATION else q.SIZE_UNITS
        base = q.DURATION_SECONDS if unit.kind is Kind.DURATION else q.SIZE_BYTES
        named = table.get(suffix) or table.get(suffix.lower()) or ""
        if named and abs(n * base[named] - unit.amount) < 1e-6:
            out.append(Site(start, end, word, "spelled" if space or len(suffix) > 3 else "abbreviated", unit.kind, named))
        elif not suffix:
            for name in dict.fromkeys([unit.unit, *base]):
                if abs(n * base[name] - unit.amount) < 1e-6 and (name == unit.unit or n > 0):
                    out.append(Site(start, digits_end, word, "amount", unit.kind, name))
                    break
    return out


def _date_sites(unit: Unit, word: Word) -> list[Site]:
    sites = _text_sites(unit.value, word, "text")
    if not sites and unit.amount:
        for m in re.finditer(r"\d{4}-\d\d-\d\d", word.text):
            day = q.written_date(m.group())
            if day and day.toordinal() == unit.amount:
                sites.append(Site(word.start + m.start(), word.start + m.end(), word, "date"))
    return sites


def write(unit: Unit, site: Site) -> str | None:
    """How `unit` is written at `site`, before quoting; None if it cannot be written in that form."""
    if site.style in {"amount", "abbreviated", "spelled"}:
        return _write_amount(unit, site)
    if site.style == "date":
        if unit.kind is not Kind.DATE or not unit.amount:
            return None
        from datetime import date

        return date.fromordinal(int(unit.amount)).isoformat()
    value = unit.value
    if site.style == "lower":
        value = value.lower()
    elif site.style == "upper":
        value = value.upper()
    elif site.style == "dashed":
        value = "-".join(value.split())
    elif site.style == "underscored":
        value = "_".join(value.split())
    elif site.style == "singular" and unit.kind is Kind.WORD and value.endswith("s") and not value.endswith("ss"):
        value = value[:-1]
    elif site.style == "plural" and not value.endswith("s"):
        value = value + "s"
    return value


def _write_amount(unit: Unit, site: Site) -> str | None:
    if site.kind is Kind.NUMBER:
        return q.plain(unit.amount) if unit.kind is Kind.NUMBER else None
    if unit.kind not in {Kind.NUMBER, site.kind}:
        return None
    base = q.DURATION_SECONDS if site.kind is Kind.DURATION else q.SIZE_BYTES
    spellings = q.DURATION_WORDS if site.kind is Kind.DURATION else q.SIZE_WORDS
    amount = unit.amount * (base[site.unit] if unit.kind is Kind.NUMBER else 1)
    if site.style == "amount":
        return q.plain(amount / base[site.unit])
    name = unit.unit if unit.kind is site.kind else site.unit
    if site.style == "abbreviated" and site.unit in {"s", "m", "h"} and name in {"d", "w", "month", "y"}:
        name = "h"  # what knows hours need not know days
    n = q.plain(amount / base[name])
    match = re.match(r"\d+( ?)([A-Za-z]+)", site.word.text[site.start - site.word.start :])
    if n is None or match is None:
        return None
    gap, suffix = match.groups()
    if site.style == "spelled":
        return f"{n}{gap}{spellings[name][-1]}{'' if n == '1' else 's'}"
    if name != site.unit:
        short = spellings[name][0] if site.kind is Kind.DURATION else spellings[name][0][0] + suffix[1:]
        suffix = short.upper() if suffix.isupper() else short
    return n + suffix


_SIGNS = {"more": "+", "less": "-", "": ""}


def place(value: str, site: Site, taught_part: Part, new: Part) -> tuple[int, int, str]:
    """The code points to replace and what to put there: glob shape kept, affixes not doubled, quoted for the shell."""
    text = site.word.text
    start, end = site.start - site.word.start, site.end - site.word.start
    taught = text[start:end]
    if taught_part.comparison != new.comparison and start == 1 and text[0] == _SIGNS[taught_part.comparison]:
        return site.start - 1, site.end, _SIGNS[new.comparison] + value
    if any(c in taught for c in "*?") and taught != "*" and not any(c in value for c in "*?"):
        if value.startswith(".") and taught.startswith("*."):
            value = "*" + value
        elif re.fullmatch(r"\*\.[\w.]+", taught) and new.unit.kind in {Kind.WORD, Kind.NAME, Kind.TEXT} and "." not in value:
            value = "*." + value
        elif taught.startswith("*") and taught.endswith("*"):
            value = f"*{value}*"
    left, right = text[:start].lstrip("'\""), text[end:].rstrip("'\"")
    for n in range(min(len(left), len(value)), 0, -1):
        if left.endswith(value[:n]) and (not value[:n].isalnum()):
            value = value[n:]
            break
    for n in range(min(len(right), len(value)), 0, -1):
        if right.startswith(value[-n:]) and (not value[-n:].isalnum()):
            value = value[:-n]
            break
    return _quoted(value, site, start, end)


def _quoted(value: str, site: Site, start: int, end: int) -> tuple[int, int, str]:
    text = site.word.text
    quote = ""
    i = 0
    while i < start:
        c = text[i]
        if quote:
            if c == quote:
                quote = ""
            elif c == "\\" and quote == '"':
                i += 1
        elif c == "\\":
            i += 1
        elif c in "'\"":
            quote = c
        i += 1
    if quote == "'":
        return site.start, site.end, value.replace("'", "'\\''")
    if quote == '"':
        return site.start, site.end, re.sub(r'(["`]|\\(?=["\\$`]|$))', r"\\\1", value)
    taught = text[start:end]
    if "\\" in text and start > 0 and text[start - 1] == "\\":
        return site.start - 1, site.end, _shell_quote(value)
    had_glob = any(c in taught for c in "*?[")
    special = r"[\s;&|<>()$`\"'\\!#]" if had_glob or site.word.role is Role.ARGUMENT else r"[\s;&|<>()$`\"'\\!#*?\[]"
    if re.search(special, value):
        return site.start, site.end, _shell_quote(value)
    return site.start, site.end, value


def _shell_quote(value: str) -> str:
    return "'" + value.replace("'", "'\\''") + "'"
