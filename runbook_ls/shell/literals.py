"""The units of a sentence: its values by kind (paths, numbers, durations, names …) and the plain words between.

Prose is cut into tokens, each token is given a kind, and a few rules join neighbours ("2 hours", "the current
directory", "3 March 2026"). Total: any text gives units, none raises.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from runbook_ls.shell import quantities
from runbook_ls.shell.kinds import Kind, kind_of


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a sentence.

    `text` is as written, quotes included, at code points `start` to `end`; `value` is what it means: without
    quotes, "." for "the current directory". Of a quantity, `amount` is the number (seconds for durations, bytes
    for sizes, a proleptic day number for dates) and `unit` the canonical unit it was written in ("h", "k").
    """

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
        """True for everything but a plain word."""
        return self.kind is not Kind.WORD


_TOKEN = re.compile(
    r"""(?P<plain>[a-z]+)(?=[,;)]|[.:!?]?(?:\s|$))
      | (?P<quoted>`[^`'\n]+[`']|“[^”\n]+”|‘[^’\n]+’|\\"[^"\n]+\\"|(?<![\w"])"[^"\n]+"(?!\w)|(?<![\w'])'[^'\n]+'(?!\w))
      | [a-zA-Z][a-zA-Z0-9+.-]*://[^\s"'<>`]+
      | \d{1,3}(?:,\d{3})+(?![\w,])
      | [^\s,;()“”"`=]*=[^\s;()“”"`]*
      | [^\s,;()“”"`]+""",
    re.VERBOSE,
)
_PUNCTUATION = ".,;:!?'\""
_POSSESSIVE = re.compile(r"['’]s$|(?<=s)['’]$")
_AMOUNT_AND_UNIT = re.compile(r"(\d+(?:\.\d+)?)-?([A-Za-z]+)")
_PRODUCT = re.compile(r"\d+[*×]\d+")


@lru_cache(maxsize=8192)
def units(prose: str) -> tuple[Unit, ...]:
    """The units of `prose`, in order. White space and punctuation lie between them."""
    tokens = _tokens(prose)
    out: list[Unit] = []
    i = 0
    previous = ""
    while i < len(tokens):
        unit, count = tokens[i], 1
        word = unit.value.lower()
        if (
            word in _TRIGGERS
            or previous in _OPENERS
            or word[:1].isdigit()
            or "-" in word
            or unit.value.isupper()
        ):
            for rule in _RULES:
                joined = rule(tokens, i, prose)
                if joined is not None:
                    unit, count = joined
                    break
        out.append(unit)
        i += count
        previous = tokens[i - 1].value.lower()
    return tuple(out)


def literals(prose: str) -> tuple[Unit, ...]:
    """Only the values of `prose`: its units that are not plain words."""
    return tuple(unit for unit in units(prose) if unit.is_literal)


def _tokens(prose: str) -> list[Unit]:
    out: list[Unit] = []
    for match in _TOKEN.finditer(prose):
        text, start = match.group(), match.start()
        if match.lastgroup == "plain":
            out.append(Unit(Kind.WORD, text, text, start, match.end()))
            continue
        if match.lastgroup == "quoted":
            value = text[2:-2] if text.startswith("\\") else text[1:-1]
            kind = kind_of(value.strip(), quoted=True)
            amount = quantities.number(value) or 0.0 if kind is Kind.NUMBER else 0.0
            out.append(Unit(kind, text, value, start, match.end(), quoted=True, amount=amount))
            continue
        stripped = text.lstrip("'\"<")
        start += len(text) - len(stripped)
        if stripped[-1:] in _PUNCTUATION and (
            stripped not in {".", ".."} or prose[start - 1 : start].strip()
        ):
            stripped = stripped.rstrip(_PUNCTUATION)
        text = _POSSESSIVE.sub("", stripped) or stripped if stripped[-1:] in "s'’" else stripped
        if text and (any(c.isalnum() for c in text) or text[0] in "*~/."):
            out.append(_token(text, start, prose))
    return out


def _token(text: str, start: int, prose: str) -> Unit:
    kind = kind_of(text)
    end = start + len(text)
    if kind is Kind.WORD:
        if (
            text[0].isupper()
            and text[:2].rstrip("'’") != "I"
            and prose[:start].rstrip(" \t")[-1:] not in {"", ".", "!", "?", ":", "\n"}
        ):
            kind = Kind.NAME
    elif kind is Kind.NUMBER:
        amount = quantities.number(text) or 0.0
        return Unit(kind, text, quantities.digits(amount) or text, start, end, amount=amount)
    elif kind is Kind.DATE:
        return _date(text, start, end)
    return Unit(kind, text, text, start, end)


def _date(text: str, start: int, end: int) -> Unit:
    day = quantities.day(text)
    return Unit(Kind.DATE, text, text, start, end, amount=float(day.toordinal()) if day else 0.0)


def _adjacent(tokens: Sequence[Unit], i: int, count: int, prose: str) -> bool:
    """True if `count` tokens from `i` on are bare and stand together, with nothing but blanks between them."""
    if i + count > len(tokens) or any(token.quoted for token in tokens[i : i + count]):
        return False
    return all(
        not prose[a.end : b.start].strip(" -,")
        for a, b in zip(tokens[i : i + count - 1], tokens[i + 1 : i + count], strict=True)
    )


_HERE = frozenset("current present this working".split())
_DIRECTORY = frozenset("directory folder dir".split())
_SYSTEM = frozenset("system filesystem".split())
_PLACES = {"home": "~", "root": "/", "parent": "..", "entire": "/", "whole": "/"}


def _place(tokens: Sequence[Unit], i: int, prose: str) -> tuple[Unit, int] | None:
    """ "The current directory" is `.`, "the home folder" `~`, "in the file system" `/`."""
    first = tokens[i].value.lower()
    value = "." if first in _HERE else _PLACES.get(first, "")
    at = i + 1 if value else i
    if not value and i and tokens[i - 1].value.lower() in {"in", "on"}:
        at = i + 1 if first in {"the", "your"} else i
        value = "/"
    if not value:
        return None
    words = [token.value.lower() for token in tokens[at : at + 2]]
    if value == "/" and words[:2] == ["file", "system"]:
        at += 2
    elif value == "/" and first != "root" and words and words[0] in _SYSTEM:
        at += 1
    elif value == "." and words[:1] == ["working"] and len(words) == 2 and words[1] in _DIRECTORY:
        at += 2
    elif (
        first not in {"entire", "whole"}
        and (value != "/" or first == "root")
        and words
        and words[0] in _DIRECTORY
    ):
        at += 1
    else:
        return None
    if not _adjacent(tokens, i, at - i, prose):
        return None
    start, end = tokens[i].start, tokens[at - 1].end
    return Unit(Kind.PATH, prose[start:end], value, start, end), at - i


def _written_date(tokens: Sequence[Unit], i: int, prose: str) -> tuple[Unit, int] | None:
    """3 March 2026; March 3rd, 2026"""
    if not any(token.value.lower() in quantities.MONTHS for token in tokens[i : i + 2]):
        return None
    if not _adjacent(tokens, i, 3, prose):
        return None
    start, end = tokens[i].start, tokens[i + 2].end
    return (_date(prose[start:end], start, end), 3) if quantities.day(prose[start:end]) else None


def _quantity(tokens: Sequence[Unit], i: int, prose: str) -> tuple[Unit, int] | None:
    """2 hours; 45m; twenty-five minutes; 10 MB; 100k; five; "hour" after "last"."""
    first = tokens[i]
    if first.quoted:
        return None
    attached = _AMOUNT_AND_UNIT.fullmatch(first.value)
    if attached:
        measured = _measured(attached[1], attached[2], first.start, first.end, prose)
        return (measured, 1) if measured else None
    word = first.value.lower()
    if i and tokens[i - 1].value.lower() in {"last", "past"} and first.kind is Kind.WORD:
        measured = _measured("1", word, first.start, first.end, prose) if len(word) > 2 else None
        return (measured, 1) if measured else None
    count = 0
    while i + count < len(tokens) and _says_number(tokens[i + count], count):
        count += 1
    if not count or not _adjacent(tokens, i, count, prose):
        return None
    amount = prose[first.start : tokens[i + count - 1].end]
    if _adjacent(tokens, i, count + 1, prose) and quantities.number(amount) is not None:
        last = tokens[i + count]
        measured = _measured(amount, last.value, first.start, last.end, prose)
        if measured:
            return measured, count + 1
    n = quantities.number(amount)
    if n is None or word in {"a", "an", "one"} or first.kind is Kind.GLOB:
        return None
    end = first.start + len(amount)
    return Unit(Kind.NUMBER, amount, quantities.digits(n) or amount, first.start, end, amount=n), count


def _says_number(token: Unit, count: int) -> bool:
    word = token.value.lower()
    if count == 0:
        return (
            token.kind is Kind.NUMBER
            or bool(_PRODUCT.fullmatch(word))
            or word in {"a", "an"}
            or _is_number_word(word)
        )
    return _is_number_word(word)


def _is_number_word(word: str) -> bool:
    return all(part in quantities.NUMBER_WORDS for part in word.split("-"))


def _measured(amount: str, unit: str, start: int, end: int, prose: str) -> Unit | None:
    n = quantities.number(amount)
    if n is None:
        return None
    text = prose[start:end]
    duration = quantities.duration_unit(unit)
    if duration:
        return Unit(
            Kind.DURATION,
            text,
            text,
            start,
            end,
            amount=n * quantities.DURATION_SECONDS[duration],
            unit=duration,
        )
    size = quantities.size_unit(unit) if len(unit) > 1 or text[-2:-1].isdigit() else None
    if size:
        return Unit(Kind.SIZE, text, text, start, end, amount=n * quantities.SIZE_BYTES[size], unit=size)
    return None


# The types of file whose name is not what the files end in.
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


def _file_type(tokens: Sequence[Unit], i: int, prose: str) -> tuple[Unit, int] | None:
    """ "Text files" are `*.txt`, "PDF files" `*.pdf`."""
    token = tokens[i]
    ending = _FILE_TYPES.get(token.value.lower())
    if not ending and token.kind is Kind.NAME and token.value.isupper() and token.value.isalpha():
        ending = token.value.lower()
    if (
        ending
        and _adjacent(tokens, i, 2, prose)
        and tokens[i + 1].value.lower() in {"file", "files", "scripts"}
    ):
        return replace(token, kind=Kind.GLOB, value="*." + ending), 1
    return None


_RULES = (_place, _written_date, _quantity, _file_type)
_OPENERS = frozenset("in on last past".split())
_TRIGGERS = frozenset(
    {*_HERE, *_PLACES, *quantities.MONTHS, *quantities.NUMBER_WORDS, *_FILE_TYPES, "a", "an"}
)

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


@lru_cache(maxsize=8192)
def masked(prose: str) -> str:
    """`prose` with every value replaced by one of its kind: what it asks for, whatever it asks it of.

    Two intents that differ in their values only are masked to the same text, so vectors of masked texts are near
    for the same wording, not for the same names.
    """
    out: list[str] = []
    at = 0
    for unit in literals(prose):
        if unit.kind is Kind.PATH and not unit.quoted and unit.text != unit.value:
            continue  # "the current directory" is wording
        out += [prose[at : unit.start], _MASKS[unit.kind]]
        at = unit.end
    return "".join(out) + prose[at:]
