"""Text → chunks: its top-level blocks, with the headings, prose and code in them, as CommonMark sees them.

A chunk's lines are counted from its own first line: chunks below an edit stay as they are.
"""

from __future__ import annotations

import re
from itertools import accumulate, repeat
from operator import sub
from typing import TYPE_CHECKING

from runbook_ls.document.blocks import Block, Chunk, CodeBlock, Prose, Title
from runbook_ls.document.cell import Code
from runbook_ls.document.code import continuation, read_code
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.lines import BOM, LINE_END, split_lines
from runbook_ls.document.plain import read_plain
from runbook_ls.document.rules import markdown_parser

if TYPE_CHECKING:
    from markdown_it.token import Token

    from runbook_ls.document.block_state import BlockState

_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_ASIDES = ("blockquote_open", "aside_open")
_ASIDES_END = ("blockquote_close", "aside_close")


def read_chunks(text: str, flavour: Flavour, *, at_start: bool = True) -> list[Chunk]:
    """The chunks of `text`. Blank lines before the first block are a chunk without blocks.

    A byte order mark is no text if `at_start`. Never raises.
    """
    if not text:
        return []
    mark = 1 if at_start and text.startswith(BOM) else 0
    # CommonMark, 2.3: U+0000 is replaced. A final newline spares the rules the odd last line.
    source = text[mark:].replace("\0", "\ufffd")
    if "\r" in source:
        source = LINE_END.sub("\n", source)
    source += "" if source.endswith("\n") else "\n"

    ends: list[int] = []  # of the chunks, in `source`
    blocks: list[tuple[Block, ...]] = []
    state: BlockState | None = None
    size = len(source)
    if offset := _blank_lines_end(source, 0):
        ends, blocks = [offset], [()]
    while offset < size:
        found = read_plain(source, offset) if offset or not mark else None
        if found is None:
            state = state or _state_from(source, flavour, offset)
            found = _read_block(state, offset, 0 if offset else mark)
        block, offset = found
        ends.append(offset)
        blocks.append(block)
    lines = list(map(source.count, repeat("\n"), [0, *ends], ends))
    if "\r" in text:
        starts = [0, *accumulate(map(len, split_lines(text)))]
        ends = [starts[line] for line in accumulate(lines)]
    elif mark:
        ends = [end + mark for end in ends]
    ends[-1] = len(text)
    return list(map(Chunk, lines, map(sub, ends, [0, *ends]), blocks))


def _state_from(source: str, flavour: Flavour, offset: int) -> BlockState:
    """The text from the first block on that is not plain, as markdown-it has it."""
    from runbook_ls.document.block_state import BlockState

    return BlockState(source, offset, markdown_parser(flavour))


def _read_block(state: BlockState, offset: int, mark: int) -> tuple[tuple[Block, ...], int]:
    """What is in the top-level block that begins at `offset`, and where the next one does.

    `mark` is the width of a byte order mark before the block.
    """
    line = state.src.count("\n", 0, offset - state.offset)
    state.tokens.clear()
    state.line = line
    parse_block = state.md.block.ruler.getRules("")[0]
    parse_block(state, line, state.lineMax, False)
    blocks: list[Block] = []
    asides: list[int] = []
    for index, token in enumerate(state.tokens):
        kind = token.type
        if kind == "inline":
            start, end = token.map or (0, 0)
            if token.tag == "p":
                aside = asides[-1] if asides else -1
                blocks.append(Prose(token.content, start - line, end - line, token.level, aside))
            else:
                blocks.append(Title(token.content, int(token.tag[1]), start - line))
        elif kind == "fence" or kind == "code_block":
            code = _code(token, state, line, mark)
            blocks.append(CodeBlock(code, token.level, asides[-1] if asides else -1))
        elif kind in _ASIDES:
            asides.append(index)
        elif kind in _ASIDES_END:
            asides.pop()
    return tuple(blocks), state.offset + _blank_lines_end(state.src, state.bMarks[state.line])


def _code(token: Token, state: BlockState, first: int, mark: int) -> Code:
    """The code of a token, in a chunk that begins at line `first`."""
    start, end = token.map or (0, 0)
    fenced = token.type == "fence"
    lines = token.content.split("\n")[:-1]
    closed = not fenced or end - start == len(lines) + 2
    if not (fenced and closed):
        while lines and not lines[-1].strip(" \t"):
            lines.pop()
    cuts: list[tuple[int, int]] = token.meta["cuts"][: len(lines)]
    columns, padding = zip(*cuts, strict=True) if cuts else ((), ())
    if start:
        mark = 0
    if mark and not fenced:
        columns = (columns[0] + mark, *columns[1:])
    source_line = state.src[state.eMarks[start - 1] + 1 if start else 0 : state.eMarks[start]]
    column = token.meta["column"]
    return read_code(
        token.markup,
        token.info,
        "\n".join(lines),
        start - first,
        closed=closed,
        column=column + mark,
        prefix=continuation(source_line, column),
        columns=columns,
        padding=padding,
    )


def _blank_lines_end(source: str, offset: int) -> int:
    """Where the blank lines at `offset` end."""
    match = _BLANK_LINES.match(source, offset)
    return match.end() if match else offset
