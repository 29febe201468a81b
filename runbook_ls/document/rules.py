"""The block rules that markdown-it-py parses runbooks with.

Its own for CommonMark; around the two for code blocks a note of what their tokens forget (the source column at
which each body line begins); and one rule each for the containers of MkDocs Material and of MyST and Docusaurus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

from runbook_ls.document.flavour import COLON_CONTAINERS, INDENTED_CONTAINERS, Flavour

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

# Levels of nesting (a list takes two, a quote one). markdown-it's own limit of 20 loses cells in deep lists; far
# higher ones meet Python's limit of recursion.
_MAX_NESTING = 100

# The openers as Python-Markdown's admonition and PyMdown's details and tabbed extensions have them.
_INDENTED_OPENER = r"""(?x)
    (?:!!![ ]?[\w-]+(?:[ ]+[\w-]+)*(?:[ ]+".*?")?
    | \?\?\?\+?[ ]?(?:[\w-]+(?:[ ]+[\w-]+)*?)?(?:[ ]+".*?")?
    | ===[!+]{0,2}[ ]+(?:".*?"|'.*?'))[ \t]*$"""
_COLON_LINE = r"(:{3,})[ \t]*(\{[^}]*\}.*|\[.*|[\w-]+.*|)$"
_COLON_CODE = r"\{(?:code|code-block|code-cell|sourcecode)\}"
_ATX = re.compile(r"#{1,6}(?![^ \t])")
# What markdown-it takes away around a text (`MD_TRIM_CHARS`).
TRIMMED = " \t\n\v\f\r\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS = " " * 1000

BlockRule = Callable[["StateBlock", int, int, bool], bool]


@cache
def markdown_parser(flavour: Flavour) -> MarkdownIt:
    """markdown-it-py with the block rules for this flavour. Made once for each."""
    from markdown_it import MarkdownIt

    # Link definitions leave a token, so that every top-level block is seen.
    parser = MarkdownIt("commonmark", {"maxNesting": _MAX_NESTING, "inline_definitions": True})
    ruler = parser.block.ruler
    starts, interrupts, interrupts_list = _rules_by_first_character(flavour)
    ruler.before("code", "block", starts, {"alt": []})
    ruler.before("code", "interruption", interrupts, {"alt": ["paragraph", "reference", "blockquote"]})
    ruler.before("code", "list_interruption", interrupts_list, {"alt": ["list"]})
    # The rule for indented code must stay active for StateBlock.is_code_block; it is never reached.
    ruler.enableOnly(["block", "interruption", "list_interruption", "code"])
    return parser


def _rules_by_first_character(flavour: Flavour) -> tuple[BlockRule, BlockRule, BlockRule]:
    """CommonMark's block rules in their order, each tried only on lines that begin as it needs.

    Three rules come back: one that parses a block, one that tells whether a line interrupts a paragraph, a link
    definition or a quote, and one that tells whether it ends a list. markdown-it tries every rule on every line,
    which takes half of its time.
    """
    from markdown_it import rules_block

    def fence_rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if not rules_block.fence(state, start, end, silent):
            return False
        if not silent:
            _note_source(state, start, start + 1, indent=state.sCount[start])
        return True

    def code_rule(state: StateBlock, start: int, end: int) -> bool:
        rules_block.code(state, start, end, False)
        _note_source(state, start, start, indent=4 + state.blkIndent)
        return True

    hr, list_block, quote = rules_block.hr, rules_block.list_block, rules_block.blockquote
    in_list: dict[str, tuple[BlockRule, ...]] = {
        **dict.fromkeys("`~", (fence_rule,)),
        ">": (quote,),
        **dict.fromkeys("*-_", (hr,)),
    }
    if flavour in INDENTED_CONTAINERS:
        in_list |= dict.fromkeys("!?=", (_indented_container,))
    if flavour in COLON_CONTAINERS:
        in_list[":"] = (_colon_container,)
    interrupting: dict[str, tuple[BlockRule, ...]] = {
        **in_list,
        **dict.fromkeys("*-", (hr, list_block)),
        **dict.fromkeys("+0123456789", (list_block,)),
        "<": (rules_block.html_block,),
        "#": (_heading,),
    }
    starting = {**interrupting, "[": (rules_block.reference,)}

    def starts(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        if state.sCount[start] - state.blkIndent >= 4:
            return code_rule(state, start, end)
        for rule in starting.get(state.src[state.bMarks[start] + state.tShift[start]], ()):
            if rule(state, start, end, silent):
                return True
        return _paragraph(state, start, interrupting)

    def interrupts(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        for rule in interrupting.get(state.src[state.bMarks[start] + state.tShift[start]], ()):
            if rule(state, start, end, silent):
                return True
        return False

    def interrupts_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        for rule in in_list.get(state.src[state.bMarks[start] + state.tShift[start]], ()):
            if rule(state, start, end, silent):
                return True
        return False

    return starts, interrupts, interrupts_list


def _heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that begins with up to six `#` (CommonMark 4.2)."""
    position, stop = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    match = _ATX.match(state.src, position, stop)
    if match is None or state.is_code_block(start):
        return False
    if not silent:
        content = heading_text(state.src[match.end() : stop])
        _push_text(state, f"h{match.end() - position}", content, start, start + 1)
    return True


def heading_text(text: str) -> str:
    """The text of a heading, given what follows its first `#`s: a closing sequence has a blank before it."""
    text = text.rstrip(" \t")
    if text.endswith("#"):
        bare = text.rstrip("#")
        text = bare if bare.endswith((" ", "\t")) else text
    return text.strip(TRIMMED)


def _paragraph(state: StateBlock, start: int, interrupting: Mapping[str, Sequence[BlockRule]]) -> bool:
    """What no other rule takes, up to a blank line or to one that interrupts: a paragraph (CommonMark 4.8), or the
    heading that a line of `=` or `-` makes of it (4.3)."""
    begins, shifts, ends, depths = state.bMarks, state.tShift, state.eMarks, state.sCount
    source, indent = state.src, state.blkIndent
    tag = "p"
    around, state.parentType = state.parentType, "paragraph"  # which the rules that interrupt look at
    line = start + 1
    while line < state.lineMax and (first := begins[line] + shifts[line]) < ends[line]:
        if depths[line] - indent <= 3:  # else it goes on, however it begins
            mark = source[first]
            underlines = mark in "-=" and not source[first : ends[line]].rstrip(" \t").strip(mark)
            if underlines and depths[line] >= indent:
                tag = "h1" if mark == "=" else "h2"
                break
            # A quote's lazy lines, with a depth below zero, were asked by the quote.
            if depths[line] >= 0 and any(
                rule(state, line, state.lineMax, True) for rule in interrupting.get(mark, ())
            ):
                break
        line += 1
    state.parentType = around
    if indent or line > start + 1:
        content = state.getLines(start, line, indent, False)
    else:
        content = source[begins[start] : ends[start]]
    _push_text(state, tag, content, start, line)
    state.line += tag != "p"  # the line under it
    return True


def _push_text(state: StateBlock, tag: str, content: str, start: int, end: int) -> None:
    """One token for a paragraph or a heading, where markdown-it makes three."""
    token = state.push("inline", tag, 0)
    token.content = content.strip(TRIMMED)
    token.map = [start, end]
    state.line = end


def _indented_container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`!!! note`, `??? note "Title"`, `=== "Tab"`, with content that is indented by four."""
    position = state.bMarks[start] + state.tShift[start]
    if state.src[position : position + 3] not in ("!!!", "???", "===") or state.is_code_block(start):
        return False
    if not re.match(_INDENTED_OPENER, state.src[position : state.eMarks[start]]):
        return False
    indent = state.blkIndent + 4
    content_end = line = start + 1
    while line < end and (state.isEmpty(line) or state.sCount[line] >= indent):
        line += 1
        if not state.isEmpty(line - 1):
            content_end = line
    if content_end == start + 1:
        return False  # no content: a line of prose that looks like an opener
    if silent:
        return True
    saved = state.blkIndent, state.lineMax, state.parentType
    aside = state.src[position] != "="
    token = state.push("aside_open" if aside else "tab_open", "div", 1)
    token.map = [start, content_end]
    state.blkIndent, state.lineMax, state.parentType = indent, content_end, "container"
    state.md.block.tokenize(state, start + 1, content_end)
    state.blkIndent, state.lineMax, state.parentType = saved
    state.push("aside_close" if aside else "tab_close", "div", -1)
    state.line = content_end
    return True


def _colon_container(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line of `:::` is no prose; what stands between two is parsed as if they were not there.

    `:::{code-block} sh` opens a code block.
    """
    position = state.bMarks[start] + state.tShift[start]
    if state.src[position : position + 3] != ":::" or state.is_code_block(start):
        return False
    match = re.match(_COLON_LINE, state.src[position : state.eMarks[start]])
    if match is None:
        return False
    if silent:
        return True
    if not re.match(_COLON_CODE, match[2]):
        state.line = start + 1
        token = state.push("colon_line", "", 0)
        token.map = [start, state.line]
        return True
    line = start + 1
    closed = False
    while line < end and (state.sCount[line] >= state.blkIndent or state.isEmpty(line)):
        text = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip(" \t")
        if len(text) >= len(match[1]) and not text.strip(":"):
            closed = True
            break
        line += 1
    state.line = line + closed
    token = state.push("fence", "code", 0)
    token.info = state.src[position + len(match[1]) : state.eMarks[start]]
    token.markup, token.map = match[1], [start, state.line]
    token.content = state.getLines(start + 1, line, state.sCount[start], True)
    _note_source(state, start, start + 1, indent=state.sCount[start])
    return True


def _note_source(state: StateBlock, opening: int, body: int, indent: int) -> None:
    """Note in the last token's meta where its code stands: `column`, and one `cuts` pair per body line."""
    token = state.tokens[-1]
    lines = range(body, body + token.content.count("\n"))
    if indent:
        token.meta["cuts"] = [_cut(state, line, indent) for line in lines]
    else:  # nothing is cut but what a quote moved
        token.meta["cuts"] = [(state.bMarks[line] - _line_start(state, line), 0) for line in lines]
    token.meta["column"] = state.bMarks[opening] + state.tShift[opening] - _line_start(state, opening)


def _line_start(state: StateBlock, line: int) -> int:
    # Block quotes move bMarks, but nothing moves eMarks.
    return state.eMarks[line - 1] + 1 if line else 0


def _cut(state: StateBlock, line: int, indent: int) -> tuple[int, int]:
    """Where `StateBlock.getLines` cuts this line: the source column, and how much of a tab it gives back."""
    begin = position = state.bMarks[line]
    start = _line_start(state, line)
    if state.src.startswith(_BLANKS[:indent], begin):
        return begin + indent - start, 0
    end = state.eMarks[line]
    width = 0
    while position < end and width < indent:
        character = state.src[position]
        if character == "\t":
            width += 4 - (width + state.bsCount[line]) % 4
        elif character == " " or position - begin < state.tShift[line]:
            width += 1
        else:
            break
        position += 1
    if width > indent:
        return position - 1 - start, width - indent
    return position - start, 0
