"""Whether a text is surely valid shell, told by one pattern: most cells of most runbooks are, and need no parser.

The pattern knows simple commands with quotes, expansions, command substitutions, redirections and comments, in lists and
pipelines. It does not know reserved words, functions, arrays, arithmetic and here-documents. Pure.
"""

from __future__ import annotations

import re
from functools import cache

# Wherever something may be repeated, it can end at one place only (`x+(?!x)`), so that no text makes this slow.
_LETTERS = r"[\w./:=@%,+~^*?-][\w./:=@%,+~^*?#-]*(?![\w./:=@%,+~^*?#-])"
_EXPANSION = r"\$(?:\w+(?!\w)|[?$!#@*]|\{[#!]?\w+(?!\w)(?:\[[@*]\])?(?:[:%#/^,+=?-][\w./: =@%,+*?^#-]*)?\})"
_ESCAPED = r"\\[^\n]|\{\}"
_BLANKS = r"[ \t]+(?![ \t])(?:\\\n[ \t]*(?![ \t]))*"
_COMMENT = r"(?<![^ \t\n;&|])(?<!\\[ \t;&|])#[^\n]*(?=\n|\Z)"
_RESERVED = r"(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)(?![^\s;&|<>)])"
_WORD_FOLLOWS = r"(?=(?:[ \t\n]|\\\n)*(?:[\w./:=@%,+~^*?$\"'-]|\\[^ \t\n]))"


def _commands(expansion: str) -> str:
    """Commands, where `expansion` may stand in a word and in double quotes."""
    quoted = rf"""'[^']*'|"(?:[^"\\`$]+(?![^"\\`$])|\\.|{expansion})*\""""
    # `> 2>&1` has no target: the number belongs to what follows.
    redirection = r"(?:&?>>?|<(?:<<)?|[<>]&(?=\d))(?![ \t]*\d+[<>])(?=[ \t]*[\w./~$\"'-])"
    command = (
        rf"(?!{_RESERVED})(?![<>& \t])(?:{_LETTERS}|{expansion}|{quoted}|{_ESCAPED}|{_BLANKS}|{redirection})+"
    )
    operator = rf"(?:&&|\|\|?){_WORD_FOLLOWS}"
    return rf"(?:{_BLANKS}|\n|{_COMMENT}|{command}(?=[\n;&|)#]|\Z)(?:{operator}|[;&](?![;&|]))?)*"


@cache
def _pattern() -> re.Pattern[str]:
    substitution = rf"\$\((?!\(|[ \t\n]*\)){_commands(_EXPANSION)}\)"
    return re.compile(_commands(f"{_EXPANSION}|{substitution}"), re.ASCII | re.DOTALL)


def is_sound(text: str) -> bool:
    """True if `text` is surely valid bash; False says nothing."""
    return _pattern().fullmatch(text) is not None
