"""Amounts as people and programs write them: number words, durations, sizes and dates.

An amount is read once into base units (seconds, bytes) and written back in whatever unit and style a command uses:
`2 hours` is `2h`, `120m`, `7200` or `2 hours ago`, depending on who asks.
"""

from __future__ import annotations

import re
from datetime import date

_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_ONES += "seventeen eighteen nineteen".split()
NUMBER_WORDS: dict[str, int] = {word: n for n, word in enumerate(_ONES)}
NUMBER_WORDS |= {
    w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
NUMBER_WORDS |= {"dozen": 12, "hundred": 100, "thousand": 1000}

# canonical unit → seconds, and how each unit is written
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
DURATION_WORDS = {
    "ms": ("ms", "msec", "msecs", "millisecond"),
    "s": ("s", "sec", "secs", "second"),
    "m": ("m", "min", "mins", "minute"),
    "h": ("h", "hr", "hrs", "hour"),
    "d": ("d", "day"),
    "w": ("w", "wk", "wks", "week"),
    "month": ("month",),
    "y": ("y", "yr", "yrs", "year"),
}
SIZE_BYTES = {"b": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}
SIZE_WORDS = {
    "b": ("b", "byte"),
    "k": ("k", "kb", "ki", "kib", "kbyte", "kilobyte", "kibibyte"),
    "m": ("mb", "mi", "mib", "meg", "mbyte", "megabyte", "mebibyte"),
    "g": ("g", "gb", "gi", "gib", "gig", "gbyte", "gigabyte", "gibibyte"),
    "t": ("t", "tb", "ti", "tib", "terabyte", "tebibyte"),
}


def _spellings(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for unit, spellings in table.items():
        for spelling in spellings:
            out[spelling] = unit
            if len(spelling) > 2:
                out[spelling + "s"] = unit
    return out


DURATION_UNITS = _spellings(DURATION_WORDS)
SIZE_UNITS = _spellings(SIZE_WORDS) | {"M": "m", "MB": "m"}
MONTHS = {
    name[:length]: n
    for n, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
    for length in (3, len(name))
} | {"sept": 9}


def number(text: str) -> int | float | None:
    """The number that `text` says: `200`, `1,500`, `2.5`, `twelve`, `twenty-five`, `a dozen`; else None."""
    cleaned = text.lower().strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+|\d+", cleaned):
        return int(cleaned.replace(",", ""))
    if re.fullmatch(r"\d+\.\d+", cleaned):
        return float(cleaned)
    product = re.fullmatch(r"(\d+)\s?[*×]\s?(\d+)", cleaned)
    if product:
        return int(product[1]) * int(product[2])
    parts = [p for p in re.split(r"[\s-]+", cleaned) if p not in {"a", "an"}] or [cleaned]
    if parts[0] in {"a", "an"}:
        return 1
    total = 0
    for part in parts:
        if part not in NUMBER_WORDS:
            return None
        n = NUMBER_WORDS[part]
        total = max(total, 1) * n if n >= 100 or part == "dozen" else total + n
    return total


def plain(amount: float) -> str | None:
    """`amount` as digits, None if it is not whole."""
    rounded = round(amount)
    return str(rounded) if abs(amount - rounded) < 1e-6 else None


def written_date(text: str) -> date | None:
    """The day that `text` names: `2026-01-15`, `15 January 2026`, `Jan 15th, 2026`; else None."""
    iso = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", text)
    if iso:
        y, m, d = map(int, iso.groups())
    else:
        words = re.findall(r"[a-z]+|\d+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text.lower()))
        month = [MONTHS[w] for w in words if w in MONTHS]
        numbers = [int(w) for w in words if w.isdigit()]
        if len(month) != 1 or len(numbers) != 2:
            return None
        m = month[0]
        d, y = sorted(numbers)
    try:
        return date(y, m, d)
    except ValueError:
        return None
