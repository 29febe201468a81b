"""Secrets in commands and their output, and their replacement by typed slots: `«redacted:github-token»`.

Why not detect-secrets 1.5.0: no release since 2024 (its issues 926 and 953), imports requests, tells no positions,
takes 0.8 ms a line, and calls the words of a single command "Base64 High Entropy String".
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from runbook_ls.shell import placeholders
from runbook_ls.shell.secret_shapes import CONTEXTS, INFIXED, KEY_NAMES, PASSWORD_NAMES, PREFIXED, TOKEN_NAMES
from runbook_ls.shell.wordlists import has_any, lower

SLOT = re.compile(r"«redacted:([a-z0-9-]+)»")
"""What stands in a secret's place; group 1 is its kind."""


class Secret(NamedTuple):
    """Code points `start` up to `end` of the text that was searched."""

    kind: str
    start: int
    end: int


class Redacted(NamedTuple):
    """A text with slots for its secrets, and where they stood in the text before."""

    text: str
    found: tuple[Secret, ...]


def redact(text: str) -> Redacted:
    """Replace every secret of `text` by its slot. Redacting what was redacted changes nothing."""
    found = find(text)
    parts: list[str] = []
    position = 0
    for secret in found:
        parts += (text[position : secret.start], f"«redacted:{secret.kind}»")
        position = secret.end
    return Redacted("".join((*parts, text[position:])), found)


def is_redacted(text: str) -> bool:
    """True if a secret of `text` has been replaced by a slot."""
    return SLOT.search(text) is not None


def find(text: str) -> tuple[Secret, ...]:
    """The secrets of `text` in order, without overlaps; offsets in code points.

    Not secrets: references (`$PASSWORD`, `${TOKEN}`, `$(op read …)`, `{{ .token }}`), placeholders (`<password>`,
    `CHANGEME`, `***`), options that name a file (`--token-file f`); git hashes, digests, ULIDs and UUIDs, unless
    the name of a secret stands before them.
    """
    lowered = lower(text)
    clues = [_CLUES[clue] for clue in _CLUES if clue in lowered]
    shaped = _shape_anchors().search(text) is not None
    if not clues and not shaped:
        return ()
    contexts = sorted(context for contexts, _ in clues for context in contexts)
    names = (name for _, names in clues for name in names)
    candidates = [*_by_context(text, lowered, contexts), *_by_name(text, lowered, names)]
    if shaped:
        candidates[:0] = _by_shape(text)
    if not candidates:
        return ()
    candidates.sort(key=lambda secret: (secret.start, -secret.end))
    slots = [match.span() for match in SLOT.finditer(text)]
    found: list[Secret] = []
    slot = end = 0
    for secret in candidates:
        while slot < len(slots) and slots[slot][1] <= secret.start:
            slot += 1
        if secret.start >= end and (slot == len(slots) or secret.end <= slots[slot][0]):
            found.append(secret)
            end = secret.end
    return tuple(found)


def _occurrences(text: str, anchor: str) -> Iterator[int]:
    position = text.find(anchor)
    while position >= 0:
        yield position
        position = text.find(anchor, position + 1)


# Compiled when their anchor is first met: compiling all of them would take longer than linting a small file.
_compiled = cache(re.compile)


# One pattern for all anchors: most texts have none of them.
@cache
def _shape_anchors() -> re.Pattern[str]:
    return has_any(entry[1] for entry in (*PREFIXED, *INFIXED))


def _by_shape(text: str) -> Iterator[Secret]:
    for kind, anchor, pattern in [entry for entry in PREFIXED if entry[1] in text]:
        for position in _occurrences(text, anchor):
            match = _compiled(pattern).match(text, position) if _begins(text, position) else None
            if match and not _is_dummy(match[0][len(anchor) :]):
                yield Secret(kind, position, match.end())
    for kind, anchor, before, after in INFIXED:
        for position in _occurrences(text, anchor):
            tail = _compiled(after).match(text, position)
            lead = _compiled(before).search(text, max(0, position - 40), position) if tail else None
            if tail and lead and _begins(text, lead.start()):
                yield Secret(kind, lead.start(), tail.end())


_ESCAPE_BEFORE = r"(?:\\[nrt]|\x1b\[[\d;]*m|%[0-9A-Fa-f]{2})\Z"


def _begins(text: str, position: int) -> bool:
    """True unless the character before belongs to the same word; `\\n`, `%3D` and colours do not."""
    if position == 0:
        return True
    before = text[position - 1]
    return (
        not (before.isalnum() or before in "_-")
        or _compiled(_ESCAPE_BEFORE).search(text[max(0, position - 12) : position]) is not None
    )


def _by_context(text: str, lowered: str, contexts: Iterable[_Context]) -> Iterator[Secret]:
    for _, kind, anchor, mark, pattern in contexts:
        where = lowered if anchor.islower() else text
        if anchor not in where or mark not in text:
            continue
        reached = 0
        for position in _occurrences(where, anchor):
            if position < reached:
                continue
            match = _compiled(pattern).match(text, position)
            if match is not None and match.lastindex is not None:
                reached = match.end()
                start, end = match.span(match.lastindex)
                if kind == "private-key" or _is_literal(text[start:end]):
                    yield Secret(kind, start, end)


_Context = tuple[int, str, str, str, str]  # its place in CONTEXTS, kind, anchor, mark, pattern
_Name = tuple[str, str]  # and its kind


def _by_clue() -> Iterator[tuple[str, tuple[list[_Context], list[_Name]]]]:
    """Contexts and names by what each of a group holds, so that few searches tell of most texts that they have none."""
    contexts: dict[str, list[_Context]] = {}
    for number, (kind, anchor, clue, mark, pattern) in enumerate(CONTEXTS):
        contexts.setdefault(clue, []).append((number, kind, anchor, mark, pattern))
    for names, kind, clues in (
        (KEY_NAMES, "api-key", ("key",)),
        (TOKEN_NAMES, "token", ("token", "secret", "credential")),
        (PASSWORD_NAMES, "password", ("pass", "pwd")),
    ):
        for clue in clues:
            yield clue, (contexts.pop(clue, []), [(name, kind) for name in names if clue in name])
    for clue, here in contexts.items():
        yield clue, (here, [])


_CLUES = dict(_by_clue())
_NAME_BEFORE = r"[\w.-]*\Z"
_AFTER_NAME = (
    r"""(?P<close>\\?["']?\]?)(?P<sep>[ \t]{0,8}(?:=>|:=|==?|:)[ \t]{0,8}|[ \t]{1,8})"""
    r"""(?:\\?"(?P<double>[^"\n]{1,4000}?)\\?"|\\?'(?P<single>[^'\n]{1,4000}?)\\?'|(?P<bare>[^\s"'`;|&()<>,{}\\]{1,4000}))"""
)
_END_OF_VALUE = r"""[ \t]*(?:[,;#}\]"'`]|\r?\n|\Z|\\n)"""


def _by_name(text: str, lowered: str, names: Iterable[_Name]) -> Iterator[Secret]:
    for word, kind in names:
        if word not in lowered:
            continue
        for position in _occurrences(lowered, word):
            after = _compiled(_AFTER_NAME).match(text, position + len(word))
            if after is None:
                continue
            lead = _compiled(_NAME_BEFORE).search(text, max(0, position - 64), position)
            begin = lead.start() if lead else position
            if text[max(0, begin - 2) : begin].endswith(("$", "${")):
                continue
            name, group = lowered[begin : position + len(word)], after.lastgroup or "bare"
            if _gives_a_value(name, after, text) and _is_strong_enough(
                kind, after[group], assigned=after["sep"] == "="
            ):
                yield Secret(_kind_of(name, kind), after.start(group), after.end(group))


def _gives_a_value(name: str, after: re.Match[str], text: str) -> bool:
    """True for `NAME=x`, `name: x`, `--name x`, `PASSWORD 'x'` and `aws configure set aws_secret_access_key x`.

    A bare word after a colon or a spaced `=` counts only if it is the last of its line (else it is prose), after
    a spaced `=` only with a digit in it (else it is code).
    """
    separator, bare = after["sep"], after["bare"]
    if not separator.strip():
        return name.startswith(("-", "aws_")) or (bare is None and name == "password")
    if bare is None or separator == "=":
        return True
    is_code = "=" in separator and not any(map(str.isdigit, bare))
    return not is_code and _compiled(_END_OF_VALUE).match(text, after.end()) is not None


_REFERENCE = r"[$`<{%@«*\[]|\.{2,}|(?:\.{0,2}|~)/|\w:\\|(?:file|env|vault|op|ref|secret)(?:://|:)|\\\$|-|!|@"
_NOT_A_VALUE = r"[A-Z]+(?:_[A-Z]+)+|(?i:[a-z]+[-_]password)"
_KEYWORDS = frozenset(  # in any case
    """
    true false null nil none undefined required optional string str secret password passwd token key yes no enabled
    disabled redacted removed hidden empty default example stdin prompt file env auto invalid expired missing incorrect
    wrong unset set not is are was and or the for from to in with of pass value
    """.split()
)


def _is_literal(value: str) -> bool:
    """True if a value is written out: no reference, no placeholder, no keyword."""
    value = value.strip("\"'\\")
    return not (
        not value
        or value.lower() in _KEYWORDS
        or _compiled(_REFERENCE).match(value)
        or _compiled(_NOT_A_VALUE).fullmatch(value)
        or "$(" in value
        or "${" in value
        or _is_dummy(value)
    )


def _is_dummy(value: str) -> bool:
    return (
        len(set(value)) <= 2
        or "YOUR_" in value
        or (
            len(value) <= _LONGEST_PLACEHOLDER
            and any(one.start == 0 and one.end == len(value) for one in placeholders.find(value))
        )
    )


_LONGEST_PLACEHOLDER = 200  # longer values are not looked through, one for each name of a secret in them


_PLAIN_NAME = r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)+|[A-Z]+(?:_[A-Z0-9]+)*"  # `my-secret`, `API_TOKEN`
_WORD = r"[a-z]+\d{0,2}"


def _is_strong_enough(kind: str, value: str, *, assigned: bool) -> bool:
    """Whether a value after such a name is a secret, and not a reference, the name of a secret or a number."""
    if not _is_literal(value):
        return False
    if kind == "password":
        return True
    if kind == "token":
        plain = _compiled(_PLAIN_NAME).fullmatch(value) or (
            not assigned and _compiled(_WORD).fullmatch(value)
        )
        return len(value) >= 6 and not value.isdigit() and (not plain or _looks_random(value))
    return len(value) >= 16 and _looks_random(value)


def _looks_random(value: str) -> bool:
    """Shannon entropy of at least 3 bits a character, with letters and digits mixed."""
    if not (re.search(r"\d", value) and re.search(r"[A-Za-z]", value)):
        return False
    counts = Counter(value)
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values()) >= 3.0


def _kind_of(name: str, kind: str) -> str:
    bare = name.replace("-", "_")
    if bare.endswith("secret_access_key"):
        return "aws-secret-key"
    if bare.endswith(("account_key", "accountkey")):
        return "azure-storage-key"
    if bare.endswith(("secret", "credential", "credentials")):
        return "secret"
    return kind
