"""The builtins of shells that set variables, and which ones their arguments name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

NAME = r"[A-Za-z_]\w*"
SET_BY_ARITHMETIC = re.compile(rf"(?<![\w$])({NAME})\s*(?:[-+*/%&|^]?=(?!=)|\+\+|--|<<=|>>=)")
SETTING = frozenset(
    "export declare typeset local readonly let read mapfile readarray getopts printf wait source eval for select".split()
)
_IDENTIFIER = rf"(?s)({NAME})(?:\+?=.*|\[.*)?"
_OPTIONS_WITH_VALUE = {
    "read": ("-d", "-i", "-n", "-N", "-p", "-rp", "-sp", "-rsp", "-t", "-u"),
    "mapfile": ("-d", "-n", "-O", "-s", "-u", "-C", "-c"),
    "readarray": ("-d", "-n", "-O", "-s", "-u", "-C", "-c"),
}


def named_by(words: list[str]) -> Iterator[str]:
    """The variables that the arguments of a builtin name."""
    command, arguments = words[0], words[1:]
    if command in ("export", "declare", "typeset", "local", "readonly"):
        yield from (match[1] for word in arguments if (match := re.fullmatch(_IDENTIFIER, word)))
        if any(re.fullmatch(r"-\w*n\w*", word) for word in arguments):  # a name for another variable
            yield from (match[1] for word in arguments if (match := re.fullmatch(rf"{NAME}=({NAME})", word)))
    elif command == "let":
        yield from (match[1] for word in arguments for match in SET_BY_ARITHMETIC.finditer(word))
    elif command in ("read", "mapfile", "readarray", "getopts"):
        skip = False
        for word in arguments:
            takes_value = word in _OPTIONS_WITH_VALUE.get(command, ())
            if not skip and (match := re.fullmatch(_IDENTIFIER, word)):
                yield match[1]
            skip = takes_value
        if command == "read":
            yield "REPLY"
    elif command in ("printf", "wait"):
        option = "-v" if command == "printf" else "-p"
        for word, following in pairwise(arguments):
            if word == option and (match := re.fullmatch(_IDENTIFIER, following)):
                yield match[1]
