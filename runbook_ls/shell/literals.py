"""The units of a sentence: its values by kind (paths, numbers, durations, names …) and the plain words between.

Prose is read into units, in order. A unit that is a value knows its kind, what it means (`value`, and for amounts
`amount` in base units) and how it was written. Total: any text gives units, none raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from runbook_ls.shell import quantities as q


class Kind(str, Enum):
    """What sort of value a unit of a sentence is."""

    WORD = "word"  # plain lower-case prose: a value only if the command says so
    NAME = "name"  # an identifier: digits, dashes, dots, capitals inside a sentence
    TEXT = "quoted text"
    PATH = "path"
    GLOB = "glob"
    URL = "URL"
    HOST = "host"  # host names, addresses, user@host
    ID = "id"  # hashes, ULIDs, UUIDs
    VERSION = "version"
    NUMBER = "number"
    DURATION = "duration"  # amount in seconds
    SIZE = "size"  # amount in bytes
    DATE = "date"


QUANTITIES = frozenset({Kind.NUMBER, Kind.DURATION, Kind.SIZE, Kind.DATE})


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a sentence. `text` is as written (quotes included) at code points `start` to `end`; `value` is
    what it means without quotes; `amount` is the number, in seconds or bytes where the kind says so; `unit` is the
    canonical unit it was written in ("h", "k")."""

    kind: Kind
    text: str
    value: str
    start: int
    end: int
    quoted: bool = False
    amount: float = 0.0
    unit: str = ""

    @property
    def is_literal(self) -> bool:
        """True for everything that is not a plain word."""
        return self.kind is not Kind.WORD


# "text files" are *.txt: the types of file whose name is not their extension.
_FILE_TYPES = {
    "text": "txt",
    "markdown": "md",
    "python": "py",
    "perl": "pl",
    "ruby": "rb",
    "javascript": "js",
    "typescript": "ts",
    "header": "h",
    "shell": "sh",
    "rust": "rs",
}
_NUMBER_WORD = "|".join(sorted(q.NUMBER_WORDS, key=len, reverse=True))
_AMOUNT = rf"(?:\d{{1,3}}(?:,\d{{3}})+|\d+\s?[*×]\s?\d+|\d+(?:\.\d+)?|(?:an?\s+)?(?:{_NUMBER_WORD})(?:[\s-](?:{_NUMBER_WORD}))*)"
_DURATION_UNIT = "|".join(sorted((s for s in q.DURATION_UNITS if len(s) > 2), key=len, reverse=True))
_DURATION_SHORT = "|".join(sorted((s for s in q.DURATION_UNITS if len(s) <= 2), key=len, reverse=True))
_SIZE_UNIT = "|".join(sorted(q.SIZE_UNITS, key=len, reverse=True))
_MONTH = "|".join(sorted(q.MONTHS, key=len, reverse=True))

_UNIT = re.compile(
    rf"""
    (?P<quoted>`[^`'\n]+`|`[^`'\n]+'|“[^”\n]+”|‘[^’\n]+’|\\"[^"\n]+\\"|(?<![\w"])"[^"\n]+"(?!\w)
      |(?<![\w'])'[^'\n]+'(?!\w))
  | (?P<url>\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>`]+)
  | (?P<here>\b(?:current|present|this)\s+(?:working\s+)?(?:directory|folder|dir)\b
      |\bworking\s+(?:directory|folder)\b)
  | (?P<home>\b(?:home\s+(?:directory|folder|dir))\b)
  | (?P<root>\b(?:root\s+(?:directory|folder|dir|file\s?system)|(?:entire|whole)\s+(?:file\s?)?system
      |(?:(?<=\bin\s)|(?<=\bon\s))(?:the\s+|your\s+)?(?:file\s?)?system)\b)
  | (?P<parent>\bparent\s+(?:directory|folder|dir)\b)
  | (?P<date>(?<![\w-])\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])
      |\b(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b|\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH}),?\s+\d{{4}}\b)
  | (?P<duration>(?<![\w.-])(?:(?P<d_amount>{_AMOUNT}|an?)(?:\s*|-)(?P<d_unit>{_DURATION_UNIT})\b
      |(?P<d_amount2>\d+(?:\.\d+)?)(?P<d_unit2>{_DURATION_SHORT})(?![\w-])
      |(?<=last\s)(?P<d_unit3>{_DURATION_UNIT})\b|(?<=past\s)(?P<d_unit4>{_DURATION_UNIT})\b))
  | (?P<size>(?<![\w.-])(?P<s_amount>{_AMOUNT})\s?(?P<s_unit>{_SIZE_UNIT})\b)
  | (?P<number>(?<![\w./:-])(?:{_AMOUNT})(?![\w./:*@-]*[\w/*@])(?:(?=%))?)
  | (?P<token>[^\s,;()“”"`=]*=[^\s;()“”"`]*|[^\s,;()“”"`]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = re.compile(r"[.,;:!?'\"]+$")
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_ID = re.compile(
    r"[0-9a-f]{7,64}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|sha\d+:[0-9a-f]+"
)
_VERSION = re.compile(r"v?\d+(?:\.\d+)+(?:[-+.][\w.]+)?|v\d+")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?")
_EXTENSION = re.compile(r"\*?\.[A-Za-z]\w{0,9}(?:\.[A-Za-z]\w{0,4})?")
# read-only, sub-directories, re-enable: English, not identifiers
_HYPHENATED_ENGLISH = re.compile(
    r"(?:re|sub|non|pre|un|co|multi|self|long|short|high|low|full|one|two|three|read|write|built|up|by|in|out|cross|end|"
    r"top|real|case|compile|run|command|well|log|time|right|left|half|so|world|human|machine|user|hand)-[a-z]+(?:-[a-z]+)*$"
    r"|[a-z]+['’][a-z]+$",
    re.IGNORECASE,
)
_HOST = re.compile(r"[\w.-]+@[\w.-]+|(?:[\w-]+\.)+[a-z]{2,}(?::\d+)?|localhost(?::\d+)?|[\w-]+:\d+")


def kind_of(value: str, *, quoted: bool = False) -> Kind:
    """The kind of one written value without its quotes."""
    if not value or any(c.isspace() for c in value):
        return Kind.TEXT
    if "://" in value:
        return Kind.URL
    if any(c in value for c in "*?[") and not value.endswith("?"):
        return Kind.GLOB
    if _EXTENSION.fullmatch(value):
        return Kind.GLOB
    if _ADDRESS.fullmatch(value):
        return Kind.HOST
    if "/" in value.strip("/") or value.startswith(("/", "~", "./", "..")) or value in {".", ".."}:
        return Kind.PATH
    if value.isdigit():
        return Kind.NUMBER
    if _ID.fullmatch(value) and (any(c.isdigit() for c in value)):
        return Kind.ID
    if _VERSION.fullmatch(value):
        return Kind.VERSION
    if value.endswith("/"):
        return Kind.PATH
    if "@" in value.strip("@") or (_HOST.fullmatch(value) and (value.count(".") > 1 or ":" in value)):
        return Kind.HOST
    if quoted or not re.fullmatch(r"[A-Za-z]+(?:['’][a-z]+)?", value) or not value[1:].islower() and len(value) > 1:
        return Kind.NAME
    return Kind.WORD


@lru_cache(maxsize=4096)
def units(prose: str) -> tuple[Unit, ...]:
    """The units of `prose`, in order. White space and punctuation lie between them."""
    out: list[Unit] = []
    at = 0
    sentence_start = True
    while at < len(prose):
        match = _UNIT.search(prose, at)
        if match is None:
            break
        unit, at = _read(match, sentence_start)
        if unit is not None:
            out.append(unit)
        sentence_start = bool(re.match(r"[.!?:]\s", prose[at : at + 2])) or prose[at : at + 1] == "\n"
    return _in_context(out)


def _read(match: re.Match[str], sentence_start: bool) -> tuple[Unit | None, int]:
    kind, text, start, end = match.lastgroup, match.group(), match.start(), match.end()
    groups = match.groupdict()
    if groups["quoted"]:
        value = text[2:-2] if text.startswith('\\"') else text[1:-1]
        found = kind_of(value.strip(), quoted=True)
        amount = float(value) if found is Kind.NUMBER and value.strip().isdigit() else 0.0
        return Unit(found, text, value, start, end, quoted=True, amount=amount), end
    if groups["url"]:
        text = _TRAILING.sub("", text)
        return Unit(Kind.URL, text, text, start, start + len(text)), start + len(text)
    for name, value in (("here", "."), ("home", "~"), ("root", "/"), ("parent", "..")):
        if groups[name]:
            return Unit(Kind.PATH, text, value, start, end), end
    if groups["date"]:
        day = q.written_date(text)
        return Unit(Kind.DATE, text, text, start, end, amount=float(day.toordinal()) if day else 0.0), end
    if groups["duration"]:
        unit = groups["d_unit"] or groups["d_unit2"] or groups["d_unit3"] or groups["d_unit4"]
        n = q.number(groups["d_amount"] or groups["d_amount2"] or "1") or 0
        unit = q.DURATION_UNITS[unit.lower()]
        return Unit(Kind.DURATION, text, text, start, end, amount=n * q.DURATION_SECONDS[unit], unit=unit), end
    if groups["size"]:
        n = q.number(groups["s_amount"]) or 0
        unit = q.SIZE_UNITS.get(groups["s_unit"]) or q.SIZE_UNITS[groups["s_unit"].lower()]
        return Unit(Kind.SIZE, text, text, start, end, amount=n * q.SIZE_BYTES[unit], unit=unit), end
    if groups["number"]:
        n = q.number(text) or 0
        value = text if text.isdigit() else str(n)
        return Unit(Kind.NUMBER, text, value, start, end, amount=float(n)), end
    del kind
    text = text.lstrip("'\"<,")
    start = end - len(text)
    text = _TRAILING.sub("", text)
    text = _POSSESSIVE.sub("", text) or text
    if not text:
        return None, max(end, start + 1)
    found = kind_of(text)
    if found is Kind.WORD and not sentence_start and text[0].isupper():
        found = Kind.NAME
    elif found is Kind.NAME and _HYPHENATED_ENGLISH.match(text):
        found = Kind.WORD
    if not re.search(r"\w|[*~/.]", text):
        return None, end
    amount = float(text) if found is Kind.NUMBER else 0.0
    after = start + len(text)
    possessive = re.match(r"['’]s?(?!\w)", match.string[after:end])
    return Unit(found, text, text, start, after, amount=amount), after + (possessive.end() if possessive else 0) if text else end


def _in_context(found: list[Unit]) -> tuple[Unit, ...]:
    """Read again what only its neighbours tell: `text files` are `*.txt`."""
    out: list[Unit] = []
    for i, unit in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        word = unit.value.lower()
        if not unit.quoted and after is not None and after.kind is Kind.WORD:
            if after.value.lower() in {"file", "files", "scripts"} and word in _FILE_TYPES:
                unit = replace(unit, kind=Kind.GLOB, value="*." + _FILE_TYPES[word])
        out.append(unit)
    return tuple(out)


def literals(prose: str) -> tuple[Unit, ...]:
    """Only the values of `prose`: its units that are not plain words."""
    return tuple(unit for unit in units(prose) if unit.is_literal)


# What a value of each kind is replaced by where only the wording matters.
_MASKS = {
    Kind.NAME: "X",
    Kind.TEXT: '"text"',
    Kind.PATH: "/path",
    Kind.GLOB: "*.txt",
    Kind.URL: "http://host",
    Kind.HOST: "host",
    Kind.ID: "id",
    Kind.VERSION: "1.2",
    Kind.NUMBER: "5",
    Kind.DURATION: "2 days",
    Kind.SIZE: "1 MB",
    Kind.DATE: "2020-01-01",
}


def masked(prose: str) -> str:
    """`prose` with every value replaced by one of its kind: what it asks for, whatever it asks it of.

    Two intents that differ in their values only are masked to the same text, so vectors of masked texts are near
    for the same wording, not for the same names.
    """
    out: list[str] = []
    at = 0
    for unit in literals(prose):
        if unit.kind is Kind.PATH and unit.value != unit.text.strip("`'\""):
            continue  # "the current directory" is wording
        out += [prose[at : unit.start], _MASKS[unit.kind]]
        at = unit.end
    return "".join(out) + prose[at:]
