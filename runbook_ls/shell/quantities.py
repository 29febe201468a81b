"""Amounts as people and programs write them: number words, durations, sizes and dates.

An amount is read once into base units (seconds, bytes) and written back in whatever unit and style a command uses:
`2 hours` is `2h`, `120m`, `7200` or `2 hours ago`, depending on who asks.
"""

from __future__ import annotations

import re
from datetime import date

DURATION_SECONDS = {
    "ms": 0.001,
    "s": 1,
    "m": 60,
    "h": 3600,
    "d": 86400,
    "w": 604800,
    "month": 2629800,
    "y": 31557600,
}
"""Canonical unit → seconds. A month and a year are their mean lengths."""

SIZE_BYTES = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
"""Canonical unit → bytes, in powers of 1024 as find, du and Kubernetes' Ki, Mi, Gi count."""

_DURATION_SPELLINGS = {
    "ms": "ms msec msecs millisecond milliseconds",
    "s": "s sec secs second seconds",
    "m": "m min mins minute minutes",
    "h": "h hr hrs hour hours",
    "d": "d day days",
    "w": "w wk wks week weeks",
    "month": "month months",
    "y": "y yr yrs year years",
}
_SIZE_SPELLINGS = {
    "b": "b byte bytes",
    "k": "k kb ki kib kilobyte kilobytes kibibyte kibibytes",
    "m": "M MB mb Mi mi MiB mib meg megs megabyte megabytes mebibyte mebibytes",
    "g": "g gb gi gib gig gigs gigabyte gigabytes gibibyte gibibytes",
    "t": "t tb ti tib terabyte terabytes tebibyte tebibytes",
}
_DURATION_UNITS = {spelling: unit for unit, all_ in _DURATION_SPELLINGS.items() for spelling in all_.split()}
_SIZE_UNITS = {spelling: unit for unit, all_ in _SIZE_SPELLINGS.items() for spelling in all_.split()}

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
NUMBER_WORDS = {
    **{word: n for n, word in enumerate(_ONES.split())},
    **{
        word: 10 * n
        for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
    },
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
}
_MONTHS = "january february march april may june july august september october november december".split()
MONTHS = {name[:length]: n for n, name in enumerate(_MONTHS, 1) for length in (3, len(name))} | {"sept": 9}


def duration_unit(word: str) -> str | None:
    """The canonical unit that `word` spells ("mins" → "m"), None if it spells none. A capital `M` is no minute."""
    return _DURATION_UNITS.get(word) or (_DURATION_UNITS.get(word.lower()) if len(word) > 2 else None)


def size_unit(word: str) -> str | None:
    """The canonical unit that `word` spells ("GiB" → "g"), None if it spells none. A small `m` is no megabyte."""
    return _SIZE_UNITS.get(word) or (_SIZE_UNITS.get(word.lower()) if word != "m" else None)


def spelled(unit: str, amount: str) -> str:
    """The word for a duration's unit beside `amount`: "hour" beside "1", "hours" otherwise."""
    word = unit if unit in {"month", "ms"} else _DURATION_SPELLINGS[unit].split()[-2]
    return word if amount == "1" or unit == "ms" else word + "s"


def number(text: str) -> float | None:
    """The number that `text` says: `200`, `1,500`, `2.5`, `7*24`, `twelve`, `twenty-five`, `a dozen`; else None.

    None as well for what is too large to be counted with: an id of twenty digits is a name, taken as it is written.
    """
    cleaned = text.lower().strip()
    if re.fullmatch(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+", cleaned):
        return _exact(float(cleaned.replace(",", "")))
    product = re.fullmatch(r"(\d+)\s?[*×]\s?(\d+)", cleaned)
    if product:
        return _exact(float(product[1]) * float(product[2]))
    words = [word for word in re.split(r"[\s-]+", cleaned) if word not in {"a", "an"}]
    if not words:
        return 1.0 if cleaned else None
    total = 0
    for word in words:
        if word not in NUMBER_WORDS:
            return None
        n = NUMBER_WORDS[word]
        total = max(total, 1) * n if n >= 100 or word == "dozen" else total + n
    return float(total)


_EXACT = 2.0**53  # above it a float skips whole numbers


def _exact(amount: float) -> float | None:
    return amount if amount < _EXACT else None


def digits(amount: float) -> str | None:
    """`amount` as digits, None if it is not whole."""
    rounded = round(amount)
    return str(rounded) if abs(amount - rounded) < 1e-6 else None


def day(text: str) -> date | None:
    """The day that `text` names: `2026-01-15`, `15 January 2026`, `Jan 15th, 2026`; else None."""
    iso = re.match(r"(\d{4})-(\d\d)-(\d\d)", text)
    if iso:
        year, month, day_ = map(int, iso.groups())
    else:
        words = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.lower()))
        months = [MONTHS[word] for word in words if word in MONTHS]
        numbers = [int(word) for word in words if word.isdigit()]
        if len(months) != 1 or len(numbers) != 2:
            return None
        month = months[0]
        day_, year = sorted(numbers)
    try:
        return date(year, month, day_)
    except ValueError:
        return None
