"""Headings, paragraphs, lists, fences and what is neither, as far as one look tells them: simple, at the left margin.

Most of a runbook is made of them. `read_plain` leaves to markdown-it every block that could be read in more than one
way, in CommonMark or any flavour, by what is in it or below it.
"""

from __future__ import annotations

import re
from functools import cache

from runbook_ls.document.blocks import Block, CodeBlock, Prose, Title
from runbook_ls.document.code import read_code
from runbook_ls.document.rules import TRIMMED, heading_text

# How a line begins that is text wherever it stands: no other block begins so, nothing that ends a paragraph, nor the
# line under a heading. `**Note**`, `-v`, `3.5` and `` `ls` `` are text by what follows their first characters.
_WORDS = r"""(?:[^ \t\n`~>*\-_+0-9<\#\[=!?:] | \*{1,2}(?![* \t\n]) | -{1,2}(?![- \t\n]) | _{1,2}(?![_ \t\n])
    | `{1,2}(?!`) | [0-9]+(?![0-9]|[.)][ \t\n]) | !(?!!!))"""
# The first line may not begin as a link definition does, `[label]:`. In a label is no other bracket.
_TEXT = rf"""(?:{_WORDS} | \[[^\[\]\\\n]*(?:\[|\](?!:)))[^\n]*\n (?:[ ]*(?:{_WORDS}|\[)[^\n]*\n)*"""
_BLANK_LINES = r"(?:[ \t]*\n)*"
_MARK = "```"
_FENCE = rf"(?P<shift>[ ]{{0,3}}){_MARK}(?P<info>[^`\n]*)(?=\n)"
_HEADING = r"[ ]{0,3}(?P<marks>\#{1,6})(?P<title>(?:[ \t][^\n]*)?)\n"
_DEFINITION = (
    r"""\[[^\s\[\]\\][^\[\]\\\n]*\]:[ \t]+(?:https?://[^\s\\()<>]+|[\w./\#-]+)[ \t]*\n(?![ \t]*["'(])"""
)
_COMMENT = r"[ ]{0,3}<!--[^\n]*?-->[^\n]*\n"
_BREAK = r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,})[ \t]*\n"
# HTML that goes on up to a blank line, whatever it holds.
_HTML = r"[ ]{0,3}</?(?:details|summary|div|p|table|t[dhr]|iframe)(?=[ \t\n]|/?>)[^\n]*\n(?:[ \t]*[^ \t\n][^\n]*\n)*"
# Below the text of a paragraph is nothing, a blank line, or what interrupts it: a heading, a fence, a comment, a quote,
# an item with text.
_PLAIN = re.compile(
    rf"""(?:
      (?P<text>[ ]{{0,3}}{_TEXT})(?=
        [ \t]*\n | \Z | [ ]{{0,3}}(?:\#{{1,6}}[ \t\n] | {_MARK}[^`\n]*\n | <!-- | > | (?:[-*+]|1[.)])[ \t]+[^ \t\n]))
    | {_HEADING} | {_FENCE} | (?P<nothing>{_DEFINITION} | {_COMMENT} | {_BREAK} | {_HTML})
    ){_BLANK_LINES}""",
    re.VERBOSE,
)
_CLOSING = re.compile(rf"\n {{0,3}}{_MARK}`*[ \t]*\n{_BLANK_LINES}")
_ITEM = re.compile(
    rf"(?P<shift>[ ]{{0,3}})(?P<marker>[-*+]|[0-9]{{1,9}}[.)])(?P<gap>[ ]{{1,4}})(?=[^ \t\n])(?!---|\*\*\*|___)(?P<text>{_TEXT})?(?P<blank>{_BLANK_LINES})",
    re.VERBOSE,
)
# What at the left margin is no item ends a list below a blank line; without one it could go on the item's text.
_ENDS_LIST = re.compile(r"\Z|(?!(?:[-*+]|[0-9]{1,9}[.)])[ \t\n])[^ \t\n]")
_ENDS_ITEM = re.compile(rf"\Z|\#{{1,6}}[ \t\n]|{_MARK}[^`\n]*\n|<!--|>")
# All of a quote: nothing below it goes on the text in it.
_QUOTE = re.compile(
    rf"((?:>[^\n\t]*\n)+)(?=[ \t]*\n|\Z|\#{{1,6}}[ \t\n]|{_MARK}[^`\n]*\n|<!--){_BLANK_LINES}"
)
_QUOTE_MARK = re.compile(r"^> ?", re.MULTILINE)
_DEEPEST = 16
_new = tuple.__new__  # makes a named tuple in half the time, and a runbook has hundreds of blocks

Found = tuple[tuple[Block, ...], int]


def read_plain(source: str, position: int, line: int = 0, indent: int = 0, depth: int = 0) -> Found | None:
    """What is in the block that begins at `position`, and where the next one does; None if only markdown-it knows.

    `source` has no line end but `\\n`, and ends with one. `line` is what the block's first line is called. For a block
    in list items, `source` is their content without its indentation, so wide, and `depth` says how many containers
    that are.
    """
    match = _PLAIN.match(source, position)
    if match is None:
        if source.startswith(">", position):
            return _read_quote(source, position, line) if not depth else None
        return _read_list(source, position, line, indent, depth) if depth < _DEEPEST else None
    kind = match.lastgroup
    if kind == "text":
        text = match["text"]
        prose = _new(Prose, (text.strip(TRIMMED), line, line + text.count("\n"), depth, -1))
        return (prose,), match.end()
    if kind == "title":
        title = _new(Title, (heading_text(match["title"]), len(match["marks"]), line))
        return (title,), match.end()
    if kind == "nothing":
        return (), match.end()
    opened = match.end("info")
    closing = _CLOSING.search(source, opened)
    if closing is None:
        return None
    body = source[opened + 1 : closing.start()]
    columns: tuple[int, ...] = (0,) * source.count("\n", opened, closing.start())
    shift = len(match["shift"])
    if columns and (indent or shift):
        if "\t" in body:
            return None  # it may be cut in two
        body, columns = _outdented_code(body, indent, shift)
    code = read_code(
        _MARK,
        match["info"],
        body,
        line,
        closed=True,
        column=indent + shift,
        prefix=" " * (indent + shift),
        columns=columns,
        padding=(),
    )
    return (CodeBlock(code, depth, -1),), closing.end()


def _read_quote(source: str, position: int, line: int) -> Found | None:
    """A quote, which stands in no other container, without code in it."""
    match = _QUOTE.match(source, position)
    if match is None:
        return None
    blocks: list[Block] = []
    content, inner = _QUOTE_MARK.sub("", match[1]), 0
    while inner < len(content):
        found = read_plain(content, inner, line, 0, 1)
        if found is None:
            return None
        for block in found[0]:
            if isinstance(block, CodeBlock):
                return None
            blocks.append(block._replace(aside=0) if isinstance(block, Prose) else block)
        line += content.count("\n", inner, found[1])
        inner = found[1]
    return tuple(blocks), match.end()


def _read_list(source: str, position: int, line: int, indent: int, depth: int) -> Found | None:
    """A list. Most items hold one paragraph; else what they hold is read as a text of its own."""
    blocks: list[Block] = []
    kind, blank, shift = "", False, ""
    while match := _ITEM.match(source, position):
        before, marker, gap, text, below = match.groups()
        if kind and marker[-1] != kind:
            return tuple(blocks), position  # another list
        if kind and before != shift:
            return None  # it may be an item of the same list, of another or none
        kind, shift = marker[-1], before
        width = len(shift) + len(marker) + len(gap)
        position = match.end()
        if text and not source.startswith(" ", position):
            end = line + text.count("\n")
            written = _outdented(text, width) if "\n " in text else text
            blocks.append(_new(Prose, (written.strip(TRIMMED), line, end, depth + 2, -1)))
            line = end + below.count("\n")
            blank = bool(below)
            continue
        start = match.end("gap")
        end = match.end("text") if text else source.index("\n", start) + 1
        lines, outdent = _lines_of_item(width)
        others = lines.match(source, end - 1)
        assert others is not None
        content, inner = _outdented(source[start : end - 1], width) + outdent.sub("\n", others[0]), 0
        if "\t" in content:
            return None  # how wide a tab is depends on what is before it
        while inner < len(content):
            found = read_plain(content, inner, line, indent + width, depth + 2)
            if found is None:
                return None
            blocks += found[0]
            line += content.count("\n", inner, found[1])
            inner = found[1]
        position = others.end()
        blank = content.count("\n", len(content.rstrip(" \n"))) > 1
    if not blocks or not (_ENDS_LIST if blank else _ENDS_ITEM).match(source, position):
        return None
    return tuple(blocks), position


@cache
def _lines_of_item(width: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What is below the text of a list item, so many blanks wide, from the end of its line on; what of it is indentation.

    Blank lines are left as they are.
    """
    lines = rf"\n(?: {{{width}}}[^\n]*\n| {{0,{width - 1}}}\n)*"
    return re.compile(lines), re.compile(rf"\n {{{width}}}(?! *\n)")


def _outdented(text: str, width: int) -> str:
    """The text without up to so many blanks before each of its lines but the first."""
    if "\n " not in text:
        return text
    first, *others = text.split("\n")
    return "\n".join((first, *(line[:width].lstrip(" ") + line[width:] for line in others)))


def _outdented_code(body: str, indent: int, shift: int) -> tuple[str, tuple[int, ...]]:
    """The text of a fence that stands `shift` columns to the right, without up to so many blanks before each line; and
    the column at which each begins if `indent` were before all that are not blank. Blank ones still have what was before
    them."""
    code: list[str] = []
    columns: list[int] = []
    for line in body.split("\n"):
        bare = line.lstrip(" ")
        taken = min(len(line) - len(bare), shift if bare else indent + shift)
        code.append(line[taken:])
        columns.append(indent + taken if bare else taken)
    return "\n".join(code), tuple(columns)
