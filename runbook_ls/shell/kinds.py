"""What sort of value a written word is: a path, a host, a version, a hash …"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from runbook_ls.shell import quantities


class Kind(str, Enum):
    """What sort of value a unit of a sentence is."""

    WORD = "word"  # plain prose: a value only if a command says so
    NAME = "name"  # an identifier: digits, dashes, dots, capitals inside a sentence
    TEXT = "quoted text"
    PATH = "path"
    GLOB = "glob"  # also what files end in: ".c"
    URL = "URL"
    HOST = "host"  # host names, addresses, user@host
    ID = "id"  # hashes, ULIDs, UUIDs
    VERSION = "version"
    NUMBER = "number"
    DURATION = "duration"
    SIZE = "size"
    DATE = "date"


QUANTITIES = frozenset({Kind.NUMBER, Kind.DURATION, Kind.SIZE, Kind.DATE})


_PLAIN_WORD = re.compile(r"[A-Za-z][a-z]*(?:['’][a-z]+)?")
# read-only, sub-directories, re-enable: English, not identifiers
_HYPHENATED_ENGLISH = re.compile(
    r"(?:re|sub|non|pre|un|co|multi|self|long|short|high|low|full|one|two|three|read|write|built|up|by|in|out|cross|"
    r"end|top|real|case|compile|run|command|well|log|time|right|left|half|so|world|human|machine|user|hand)"
    r"-[a-z]+(?:-[a-z]+)*",
    re.IGNORECASE,
)
_ID = re.compile(
    r"(?=.*\d)(?:[0-9a-f]{7,64}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|sha\d+:[0-9a-f]+)"
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?")
_VERSION = re.compile(r"v?\d+(?:\.\d+)+(?:[-+.][\w.]+)?|v\d+")
_ADDRESS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?")
_EXTENSION = re.compile(r"\*?\.[A-Za-z]\w{0,9}(?:\.[A-Za-z]\w{0,4})?")
_HOST = re.compile(r"[\w.-]+@[\w.-]+|(?:[\w-]+\.){2,}[a-z]{2,}|(?:[\w-]+\.)*[\w-]+:\d+|localhost")


@lru_cache(maxsize=8192)
def kind_of(value: str, *, quoted: bool = False) -> Kind:
    """The kind of one written value, given without its quotes. Never a duration or size of several words."""
    if not value or any(c.isspace() for c in value):
        return Kind.TEXT
    if not quoted and _PLAIN_WORD.fullmatch(value):
        return Kind.WORD
    for kind, test in _TESTS:
        if test(value):
            return kind
    return Kind.WORD if not quoted and _HYPHENATED_ENGLISH.fullmatch(value) else Kind.NAME


def _is_path(value: str) -> bool:
    return "/" in value or value.startswith("~") or value in {".", ".."}


_TESTS = (
    (Kind.NUMBER, lambda v: quantities.number(v) is not None and not v.isalpha()),
    (Kind.URL, lambda v: "://" in v),
    (Kind.GLOB, lambda v: any(c in v for c in "*?[") and not v.endswith("?")),
    (Kind.GLOB, _EXTENSION.fullmatch),
    (Kind.HOST, _ADDRESS.fullmatch),
    (Kind.DATE, _DATE.fullmatch),
    (Kind.PATH, _is_path),
    (Kind.ID, _ID.fullmatch),
    (Kind.VERSION, _VERSION.fullmatch),
    (Kind.HOST, _HOST.fullmatch),
)
