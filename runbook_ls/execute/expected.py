"""Does what a cell printed agree with what its runbook says it prints?

In an expected text a line `...` stands for any lines, `...` inside a line for any text, a line that ends in ` (re)` is
a regular expression for the whole line, and one that ends in ` (glob)` a pattern (cram's words). An expected JSON
object or array is compared by value: the order of keys and the layout are free. With a similarity the texts need only
be that much alike (Jaro, as InnovationEngine measures). Colours, blanks at line ends and line ends at the end of the
text never count.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from fnmatch import translate

from runbook_ls.execute.output import without_colours
from runbook_ls.values import RunbookError

_ANYTHING = "..."
_RE = " (re)"
_GLOB = " (glob)"
_LONGEST_ALIKE = 64 * 1024  # characters that are measured


@dataclass(frozen=True, slots=True)
class Expected:
    """A text that a cell is to print; `similarity` (0 to 1) or a regular expression `pattern` where one is asked for."""

    text: str
    similarity: float | None = None
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Whether the texts agree; if not, why in one clause, and the difference as a unified diff."""

    agrees: bool
    why: str = ""
    diff: str = field(default="", repr=False)


def compare(expected: Expected, actual: str) -> Comparison:
    """Compare what a cell printed with what was expected.

    Raises RunbookError if a regular expression of the runbook is none.
    """
    wanted, printed = _lines(expected.text), _lines(actual)
    if expected.pattern is not None:
        if _compiled(expected.pattern).search("\n".join(printed)):
            return Comparison(True)
        return Comparison(False, f"the output does not match {expected.pattern}", _diff(wanted, printed))
    if expected.similarity is not None:
        alike = _alike(wanted, printed)
        if alike >= expected.similarity:
            return Comparison(True)
        why = f"the output is {alike:.2f} similar, less than {expected.similarity:g}"
        return Comparison(False, why, _diff(wanted, printed))
    if wanted == printed or _json_agrees(wanted, printed):
        return Comparison(True)
    if _matches(wanted, printed):
        return Comparison(True)
    aligned = [line for _, line in _aligned(wanted, printed)]
    return Comparison(False, "the output is not the expected one", _diff(aligned, printed))


def updated(expected: Expected, actual: str) -> str:
    """The expected text that agrees with what was printed: the text itself where it does; else what was printed,
    with the patterns of those lines that still match."""
    if compare(expected, actual).agrees:
        return expected.text
    printed = _lines(actual)
    if expected.similarity is not None or expected.pattern is not None:
        return "\n".join(printed)
    aligned = _aligned(_lines(expected.text), printed)
    matcher = difflib.SequenceMatcher(None, [line for _, line in aligned], printed, autojunk=False)
    kept: list[str] = []
    for what, first, last, start, end in matcher.get_opcodes():
        if what == "equal":
            for pattern, _ in aligned[first:last]:
                if not (pattern == _ANYTHING and kept and kept[-1] == _ANYTHING):
                    kept.append(pattern)
        else:
            kept += printed[start:end]
    text = "\n".join(kept)
    # A `...` may have been cut in two around a change: what was printed agrees always.
    return text if compare(Expected(text), actual).agrees else "\n".join(printed)


def _lines(text: str) -> list[str]:
    lines = [line.rstrip() for line in without_colours(text).replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _json_agrees(wanted: list[str], printed: list[str]) -> bool:
    if not wanted or wanted[0][:1] not in ("{", "["):
        return False
    first, second = _json(wanted), _json(printed)
    return first is not None and second is not None and _canonical(first) == _canonical(second)


def _json(lines: list[str]) -> object | None:
    try:
        return json.loads("\n".join(lines))  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return None


def _canonical(value: object) -> str:
    """One text for one value: `true` is not 1, and the order of keys is none."""
    return json.dumps(value, sort_keys=True)


def _alike(wanted: list[str], printed: list[str]) -> float:
    from rapidfuzz.distance import Jaro

    first, second = _json(wanted), _json(printed)
    if first is not None and second is not None:
        return Jaro.similarity(_canonical(first)[:_LONGEST_ALIKE], _canonical(second)[:_LONGEST_ALIKE])
    return Jaro.similarity("\n".join(wanted)[:_LONGEST_ALIKE], "\n".join(printed)[:_LONGEST_ALIKE])


def _matches(wanted: list[str], printed: list[str]) -> bool:
    """Line by line, where a line `...` takes as few lines as it can, and more when the rest does not fit."""
    at = line = 0
    star, resume = -1, 0
    while line < len(printed):
        if at < len(wanted) and wanted[at] == _ANYTHING:
            star, resume, at = at, line, at + 1
        elif at < len(wanted) and _line_matches(wanted[at], printed[line]):
            at, line = at + 1, line + 1
        elif star >= 0:
            resume += 1
            at, line = star + 1, resume
        else:
            return False
    return all(rest == _ANYTHING for rest in wanted[at:])


def _line_matches(wanted: str, printed: str) -> bool:
    if wanted == printed:
        return True
    if wanted.endswith(_RE):
        return _compiled(wanted[: -len(_RE)]).fullmatch(printed) is not None
    if wanted.endswith(_GLOB):
        return re.match(translate(wanted[: -len(_GLOB)]), printed) is not None
    if _ANYTHING not in wanted:
        return False
    first, *middle, last = wanted.split(_ANYTHING)
    if not printed.startswith(first) or len(printed) < len(first) + len(last) or not printed.endswith(last):
        return False
    at, end = len(first), len(printed) - len(last)
    for piece in middle:
        found = printed.find(piece, at, end)
        if found < 0:
            return False
        at = found + len(piece)
    return True


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RunbookError(
            f"the expected output has a regular expression that is none: {pattern}: {error}"
        ) from None


def _aligned(wanted: list[str], printed: list[str]) -> list[tuple[str, str]]:
    """Each expected line with the printed line that it stands for, in order; itself where there is none."""
    found: list[tuple[str, str]] = []
    at = 0
    for number, line in enumerate(wanted):
        if line == _ANYTHING:
            rest = [one for one in wanted[number + 1 :] if one != _ANYTHING]
            stop = next(
                (i for i in range(at, len(printed)) if rest and _line_matches(rest[0], printed[i])), None
            )
            end = len(printed) if stop is None and not rest else (at if stop is None else stop)
            found += [(line, printed[i]) for i in range(at, end)]
            at = end
            continue
        place = next((i for i in range(at, len(printed)) if _line_matches(line, printed[i])), None)
        if place is None:
            found.append((line, line))
        else:
            found.append((line, printed[place]))
            at = place + 1
    return found


def _diff(wanted: list[str], printed: list[str]) -> str:
    lines = difflib.unified_diff(wanted, printed, "expected", "printed", lineterm="", n=3)
    return "".join(f"{line}\n" for line in lines)
