"""What CommonMark sees, as chunks: the top-level blocks of a text, with the headings, prose and code in them.

A chunk's lines are counted from its own first line: chunks below an edit stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from runbook_ls.document.attributes import read_info, read_myst_options
from runbook_ls.document.cell import Code
from runbook_ls.document.flavour import Flavour
from runbook_ls.document.languages import is_runnable
from runbook_ls.document.lines import LINE_END, split_lines
from runbook_ls.document.names import derive_name
from runbook_ls.document.problems import misread_attributes
from runbook_ls.document.rules import markdown_parser
from runbook_ls.document.sessions import is_session
from runbook_ls.values import Problem

if TYPE_CHECKING:
    from markdown_it.token import Token

BOM = "\ufeff"
_BARE_QUOTE_MARK = re.compile(r">(?![ \t>])")
_ASIDES = ("blockquote_open", "aside_open")
_ASIDES_END = ("blockquote_close", "aside_close")


class Title(NamedTuple):
    """A heading as written: raw markdown, level 1 to 6, line."""

    markdown: str
    level: int
    line: int


class Prose(NamedTuple):
    """A paragraph or a list item's text: raw markdown, first line, line after the last.

    `depth` counts the containers around it. `aside` tells the quote or admonition that holds it (-1: none) from
    the others of the same chunk.
    """

    markdown: str
    line: int
    end_line: int
    depth: int
    aside: int


class CodeBlock(NamedTuple):
    """A cell's code, and as for prose what it stands in."""

    code: Code
    depth: int
    aside: int


Block = Title | Prose | CodeBlock


@dataclass(frozen=True, slots=True)
class Chunk:
    """A top-level block and what follows it up to the next: so many lines and code points of the text.

    What others find out about it is kept in `memo`.
    """

    lines: int
    size: int
    blocks: tuple[Block, ...]
    memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)


def read_chunks(text: str, flavour: Flavour, *, at_start: bool = True) -> list[Chunk]:
    """The chunks of `text`. Blank lines before the first block are a chunk without blocks.

    A byte order mark is no text if `at_start`. Never raises.
    """
    from markdown_it.rules_block import StateBlock

    if not text:
        return []
    mark = 1 if at_start and text.startswith(BOM) else 0
    # CommonMark, 2.3: U+0000 is replaced. A final newline spares the rules the odd last line.
    source = text[mark:].replace("\0", "\ufffd")
    if "\r" in source:
        source = LINE_END.sub("\n", source)
    source += "" if source.endswith("\n") else "\n"
    parser = markdown_parser(flavour)
    tokens: list[Token] = []
    state = StateBlock(source, parser, {}, tokens)
    parser.block.tokenize(state, 0, state.lineMax)

    starts, blocks = _top_level_blocks(tokens, source, state.eMarks, mark)
    if not starts or starts[0]:
        starts.insert(0, 0)
        blocks.insert(0, [])
    starts.append(state.lineMax)
    if "\r" in text:
        offsets = [0, *accumulate(map(len, split_lines(text)))]
    else:
        offsets = [0, *(end + 1 + mark for end in state.eMarks[:-1])]
    offsets[-1] = len(text)
    return [
        Chunk(end - first, offsets[end] - offsets[first], tuple(found))
        for first, end, found in zip(starts, starts[1:], blocks, strict=False)
    ]


def _top_level_blocks(
    tokens: list[Token], source: str, line_ends: list[int], mark: int
) -> tuple[list[int], list[list[Block]]]:
    """Where the top-level blocks begin, and what is in each. `mark` is the width of a byte order mark."""
    starts: list[int] = []
    blocks: list[list[Block]] = []
    asides: list[int] = []
    first = first_token = 0
    for index, token in enumerate(tokens):
        if token.nesting < 0:
            if token.type in _ASIDES_END:
                asides.pop()
            continue
        if token.level == 0 and token.map:
            first, first_token = token.map[0], index
            starts.append(first)
            blocks.append([])
        kind = token.type
        if kind == "inline":
            line, end = token.map or (0, 0)
            if token.tag == "p":
                aside = asides[-1] if asides else -1
                blocks[-1].append(Prose(token.content, line - first, end - first, token.level, aside))
            else:
                blocks[-1].append(Title(token.content, int(token.tag[1]), line - first))
        elif kind == "fence" or kind == "code_block":
            line = token.map[0] if token.map else 0
            begin = line_ends[line - 1] + 1 if line else 0
            code = _code(token, source[begin : line_ends[line]], first, 0 if line else mark)
            blocks[-1].append(CodeBlock(code, token.level, asides[-1] if asides else -1))
        elif kind in _ASIDES:
            asides.append(index - first_token)
    return starts, blocks


def _code(token: Token, line: str, first: int, mark: int) -> Code:
    """The code of a token whose first source line is `line`, in a chunk that begins at line `first`."""
    start, end = token.map or (0, 0)
    fenced = token.type == "fence"
    lines = token.content.split("\n")[:-1]
    closed = not fenced or end - start == len(lines) + 2
    if not (fenced and closed):
        while lines and not lines[-1].strip(" \t"):
            lines.pop()
        end = start + fenced + len(lines)
    info = read_info(token.info)
    attributes = info.attributes
    body_start = start + fenced
    cuts: list[tuple[int, int]] = token.meta["cuts"][: len(lines)]
    if fenced and info.style == "myst":
        options = read_myst_options(lines)
        attributes = {**attributes, **options}
        skipped = len(options)
        if options and lines[skipped:] and not lines[skipped].strip():
            skipped += 1
        lines, cuts, body_start = lines[skipped:], cuts[skipped:], body_start + skipped
    body = "\n".join(lines)
    column = token.meta["column"]
    problems: tuple[Problem, ...] = ()
    if info.flaw:
        problems = (misread_attributes(info.flaw, start - first, mark + column + len(token.markup)),)
    columns, padding = zip(*cuts, strict=True) if cuts else ((), ())
    if mark and not fenced:
        columns = (columns[0] + mark, *columns[1:])
    runnable = not info.directive and is_runnable(
        info.language, attributes, unlabelled=not fenced and not is_session(info.language, body)
    )
    return Code(
        kind="fence" if fenced else "indented",
        fence=token.markup,
        info=token.info,
        language=info.language,
        attributes=attributes,
        body=body,
        given_name=attributes.get("name", ""),
        derived_name=derive_name(body),
        closed=closed,
        runnable=runnable,
        start_line=start - first,
        end_line=end - 1 - first,
        body_start_line=body_start - first,
        column=column + mark,
        prefix=continuation(line, column),
        body_columns=columns,
        body_padding=padding if any(padding) else (),
        problems=problems,
    )


def continuation(line: str, column: int) -> str:
    """What a further line of the same container begins with: list markers blank, quote marks and tabs kept.

    A quote mark takes the blank after it, so each gets one.
    """
    if not column:
        return ""
    before = _BARE_QUOTE_MARK.sub("> ", line[:column].removeprefix(BOM))
    return "".join(character if character in ">\t" else " " for character in before)
