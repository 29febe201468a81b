"""Headings, paragraphs, lists, fences and link definitions that one look tells: at the left margin, and simple.

Most of a runbook is made of them. `read_plain` leaves to markdown-it every block that could be read in more than one
way, in CommonMark or any flavour, by what is in it or below it.
"""

from __future__ import annotations

import re

from runbook_ls.document.blocks import Block, CodeBlock, Prose, Title
from runbook_ls.document.code import read_code

# What markdown-it takes away around a text (`MD_TRIM_CHARS`).
TRIMMED = " \t\n\v\f\r\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))

# How a line begins that is text wherever it stands: no other block begins so, nothing that ends a paragraph, nor the
# line under a heading. `**Note**`, `-v`, `3.5` and `` `ls` `` are text by what follows their first characters.
_WORDS = r"""(?:[^ \t\n`~>*\-_+0-9<\#\[=!?:] | \*{1,2}(?![* \t\n]) | -{1,2}(?![- \t\n]) | _{1,2}(?![_ \t\n])
    | `{1,2}(?!`) | [0-9]+(?![0-9]|[.)][ \t\n]) | !(?!!!))"""
# The first line may not begin as a link definition does, `[label]:`. In a label is no other bracket.
_TEXT = rf"""(?:{_WORDS} | \[[^\[\]\\\n]*(?:\[|\](?!:)))[^\n]*\n (?:[ ]*(?:{_WORDS}|\[)[^\n]*\n)*"""
_BLANK_LINES = r"(?:[ \t]*\n)*"
_MARK = "```"
_FENCE = rf"{_MARK}(?P<info>[^`\n]*)(?=\n)"
_HEADING = r"(?P<marks>\#{1,6})(?P<title>(?:[ \t][^\n]*)?)\n"
_DEFINITION = (
    r"""\[[^\s\[\]\\][^\[\]\\\n]*\]:[ \t]+(?:https?://[^\s\\()<>]+|[./\#][\w./\#-]*)[ \t]*\n(?![ \t]*["'(])"""
)
# Below the text of a paragraph is nothing, a blank line, or what interrupts it: a heading, a fence, an item with text.
_PLAIN = re.compile(
    rf"""(?:
      (?P<text>{_TEXT})(?=[ \t]*\n | \Z | \#{{1,6}}[ \t\n] | {_MARK}[^`\n]*\n | (?:[-*+]|1[.)])[ \t]+[^ \t\n])
    | {_HEADING} | {_FENCE} | (?P<definition>{_DEFINITION})
    ){_BLANK_LINES}""",
    re.VERBOSE,
)
_CLOSING = re.compile(rf"\n {{0,3}}{_MARK}`*[ \t]*\n{_BLANK_LINES}")
_ITEM = re.compile(
    rf"(?P<marker>[-*+]|[0-9]{{1,9}}[.)])(?P<gap>[ ]{{1,4}})(?P<text>{_TEXT})(?P<blank>{_BLANK_LINES})",
    re.VERBOSE,
)
# What at the left margin is no item ends a list below a blank line; without one it could go on the item's text.
_ENDS_LIST = re.compile(r"\Z|[^ \t\n*+\-0-9]")
_ENDS_ITEM = re.compile(rf"\Z|\#{{1,6}}[ \t\n]|{_MARK}[^`\n]*\n")


def read_plain(source: str, position: int) -> tuple[tuple[Block, ...], int] | None:
    """What is in the top-level block that begins at `position`, and where the next one does; None if only markdown-it
    knows. Lines are counted from the block's first.

    `source` has no line end but `\\n`, and ends with one.
    """
    match = _PLAIN.match(source, position)
    if match is None:
        return _read_list(source, position)
    kind = match.lastgroup
    if kind == "text":
        text = match["text"]
        return (Prose(text.strip(TRIMMED), 0, text.count("\n"), 0, -1),), match.end()
    if kind == "title":
        return (Title(heading_text(match["title"]), len(match["marks"]), 0),), match.end()
    if kind == "definition":
        return (), match.end()
    opened = match.end("info")
    closing = _CLOSING.search(source, opened)
    if closing is None:
        return None
    lines = source[opened + 1 : closing.start()].split("\n") if closing.start() > opened else []
    nothing = (0,) * len(lines)
    code = read_code(
        _MARK, match["info"], lines, 0, closed=True, column=0, prefix="", columns=nothing, padding=nothing
    )
    return (CodeBlock(code, 0, -1),), closing.end()


def heading_text(text: str) -> str:
    """The text of a heading, given what follows its first `#`s: a closing sequence has a blank before it."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    return (bare if bare[-1:] in (" ", "\t") and bare else text).strip(TRIMMED)


def _read_list(source: str, position: int) -> tuple[tuple[Block, ...], int] | None:
    """A list of items that hold one paragraph each."""
    items: list[Block] = []
    line = 0
    kind, blank = "", ""
    while match := _ITEM.match(source, position):
        marker, gap, text, blank = match.groups()
        if kind and marker[-1] != kind:
            return tuple(items), position  # another list
        kind = marker[-1]
        end = line + text.count("\n")
        items.append(Prose(_outdented(text, len(marker) + len(gap)).strip(TRIMMED), line, end, 2, -1))
        line = end + blank.count("\n")
        position = match.end()
    if not items or not (_ENDS_LIST if blank else _ENDS_ITEM).match(source, position):
        return None
    return tuple(items), position


def _outdented(text: str, width: int) -> str:
    """The text without up to so many blanks before each of its lines but the first."""
    if "\n " not in text:
        return text
    first, *others = text.split("\n")
    return "\n".join((first, *(line[:width].lstrip(" ") + line[width:] for line in others)))
