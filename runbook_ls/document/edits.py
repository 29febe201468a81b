"""Minimal edits of a runbook. Nothing outside an edit changes by a byte.

Every function returns edits in the coordinates of `runbook.text` that do not overlap, in the file's own line
ending, with the indentation and the quote marks of the containers that hold the place.
"""

from __future__ import annotations

import re

from runbook_ls.document.attribute_writing import write_attributes, write_member, write_pair
from runbook_ls.document.attributes import Info, read_info
from runbook_ls.document.blocks import CodeBlock, Title
from runbook_ls.document.code import continuation
from runbook_ls.document.lines import (
    BOM,
    LINE_END,
    first_line_ending,
    line_ending,
    split_lines,
    without_ending,
)
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Cell, Code, Runbook
from runbook_ls.values import RunbookError, Span, TextEdit

_OUTPUT = "output"
_ATX = re.compile(r"#{1,6}(?![^ \t\r\n])")
# What containers put before a paragraph: blanks, quote marks, list markers.
_CONTAINERS = re.compile(r"(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])(?=[ \t]))*")


def replace_body(runbook: Runbook, cell: Cell, body: str) -> tuple[TextEdit, ...]:
    """The edits that make `body` the body of `cell`: its changed lines only, and longer fences if it needs them.

    Line ends in `body` become the file's own, one final line end is dropped, and U+0000 becomes U+FFFD, as which
    CommonMark reads it. An unclosed fence is closed. An indented block that cannot hold `body` (empty, or blank
    at an end) becomes a fenced one.
    """
    lines = split_lines(runbook.text)
    ending = line_ending(lines[cell.start_line]) or first_line_ending(runbook.text)
    if cell.kind == "indented":
        return _replace_indented(cell, _body_lines(body), lines, ending)
    return _replace_fenced(cell, _body_lines(body), lines, ending)


def add_cell(runbook: Runbook, line: int, language: str, body: str = "") -> tuple[TextEdit, ...]:
    """The edit that adds a cell under the paragraph, list item, heading or cell at the 0-based `line`, or the last
    one above it; at the top if there is none."""
    lines = split_lines(runbook.text)
    ending = first_line_ending(runbook.text)
    last, prefix, closing = _block_above(runbook, line, lines)
    new = _body_lines(body)
    fence = _long_enough("```", new)
    block = [_join(prefix, text) for text in (fence + language, *new, fence)]
    if last + 1 < len(lines) and lines[last + 1].strip("> \t\r\n"):
        block.append(prefix.rstrip(" \t"))
    if last < 0:
        mark = len(BOM) if runbook.text.startswith(BOM) else 0
        return (_insert(0, mark, "".join(text + ending for text in block)),)
    block = [*closing, prefix.rstrip(" \t"), *block]
    return (_after(lines, last, "".join(ending + text for text in block)),)


def set_output(runbook: Runbook, cell: Cell, output: str) -> tuple[TextEdit, ...]:
    """The edits that make `output` the text of the output block under `cell`, which is added if there is none."""
    lines = split_lines(runbook.text)
    existing = output_block(runbook, cell)
    if existing is not None:
        return replace_body(runbook, existing, output)
    ending = line_ending(lines[cell.start_line]) or first_line_ending(runbook.text)
    prefix = cell.prefix if cell.kind == "fence" else _outdented(cell.code, lines[cell.start_line])[2]
    new = _body_lines(output)
    fence = _long_enough(cell.fence if cell.fence.startswith(("`", "~")) else "```", new)
    block = [] if cell.closed else [cell.prefix + cell.fence]
    block += [
        prefix.rstrip(" \t"),
        prefix + fence + _OUTPUT,
        *(_join(prefix, text) for text in new),
        prefix + fence,
    ]
    return (_after(lines, cell.end_line, "".join(ending + text for text in block)),)


def output_block(runbook: Runbook, cell: Cell) -> Cell | None:
    """The output block of `cell`: the next cell, if its language is `output` and only blank lines are between."""
    following = runbook.cells[len(runbook.cells_before(cell)) + 1 :]
    if not following or following[0].language != _OUTPUT:
        return None
    between = split_lines(runbook.text)[cell.end_line + 1 : following[0].start_line]
    return following[0] if all(not line.strip(" \t\r\n>") for line in between) else None


def set_attribute(runbook: Runbook, cell: Cell, key: str, value: str) -> tuple[TextEdit, ...]:
    """The edit that gives `cell` the attribute, in the syntax that its fence uses already.

    Raises RunbookError for a block that has no place for attributes (an indented one, or no code at all), and for
    a value that the syntax cannot hold.
    """
    info = read_info(cell.info)
    if cell.kind == "indented" or info.directive:
        raise RunbookError(
            f"The block in line {cell.start_line + 1} cannot have attributes: only a fenced one can."
        )
    if cell.attributes.get(key) == value:
        return ()
    if info.style == "myst":
        return _set_myst_option(runbook, cell, key, value)
    start, end, text = _changed_info(cell.info, info, key, value)
    column = cell.column + len(cell.fence)
    return (_replace(cell.start_line, column + start, column + end, text),)


_NOT_IN_PANDOC = {"`": "a backtick", "\0": "a NUL"}


def _changed_info(text: str, info: Info, key: str, value: str) -> tuple[int, int, str]:
    """What to replace in the info string `text`, which reads as `info`, to set an attribute: from, to, by what."""
    item = next((item for item in reversed(info.items) if item.key == key), None)
    pair = write_pair(key, value)
    if info.block is None or (item and pair and not info.block[0] <= item.start < info.block[1]):
        if item and pair:
            return item.start, item.end, pair
        end = len(text.rstrip())
        return end, end, " " + write_attributes({key: value})
    start, end = info.block
    if not info.flaw and info.style == "json":
        member = write_member(key, value)
        if item and item.start > start:
            return item.start, item.end, member
        return end - 1, end - 1, "," + member if info.items else member
    if not info.flaw and info.style == "words" and pair:
        if item and item.start > start:
            return item.start, item.end, pair
        at = start + len(text[start : end - 1].rstrip())
        return at, at, " " + pair if at > start + 1 else pair
    if info.style == "pandoc":
        if wrong := next((what for mark, what in _NOT_IN_PANDOC.items() if mark in value), None):
            raise RunbookError(f"The attribute {key} cannot hold {wrong}: Pandoc has no way to write it.")
        escaped = re.sub(r'["\\]', r"\\\g<0>", LINE_END.sub(" ", value))
        return end - 1, end - 1, f' {key}="{escaped}"'
    inside = {item.key: item.value for item in info.items if start < item.start < end}
    glued = start > 0 and not text[start - 1].isspace()
    return start, end, " " * glued + write_attributes({**inside, key: value})


def _set_myst_option(runbook: Runbook, cell: Cell, key: str, value: str) -> tuple[TextEdit, ...]:
    lines = split_lines(runbook.text)
    text = f"{cell.prefix}:{key}: {' '.join(value.split())}"
    for line in range(cell.start_line + 1, cell.body_start_line):
        if lines[line].strip(" \t>").startswith(f":{key}:"):
            return (_replace(line, 0, len(without_ending(lines[line])), text),)
    ending = line_ending(lines[cell.start_line]) or first_line_ending(runbook.text)
    return (_after(lines, cell.body_start_line - 1, ending + text),)


def _body_lines(body: str) -> list[str]:
    lines = LINE_END.split(body.replace("\0", "\ufffd"))
    if lines[-1] == "":
        lines.pop()
    return lines


def _replace_fenced(cell: Cell, new: list[str], lines: list[str], ending: str) -> tuple[TextEdit, ...]:
    fence = _long_enough(cell.fence, new)
    growth = fence[len(cell.fence) :]
    old = cell.body.split("\n") if cell.body_columns else []
    kept = lines[cell.body_start_line : cell.body_end_line]
    # Between mixed line ends, a line end written next to one that is kept may become one with it.
    head, tail = _common_ends(old, new) if all(line_ending(line) == ending for line in kept) else (0, 0)
    if not cell.closed:
        tail = 0
    first, last = cell.body_start_line + head, cell.body_end_line - tail
    written = [_join(cell.prefix, line) for line in new[head : len(new) - tail]]
    edits = [_insert(cell.start_line, cell.column, growth)] if growth else []
    if not cell.closed:
        text = "".join(ending + line for line in (*written, cell.prefix + fence))
        start, end = len(without_ending(lines[first - 1])), len(without_ending(lines[last - 1]))
        return (*edits, TextEdit(Span.of(first - 1, start, last - 1, end), text))
    if first != last or written:
        edits.append(TextEdit(Span.of(first, 0, last, 0), "".join(line + ending for line in written)))
    if growth:
        closing = without_ending(lines[cell.body_end_line]).rstrip(" \t")
        edits.append(_insert(cell.body_end_line, len(closing), growth))
    return tuple(edits)


def _replace_indented(cell: Cell, new: list[str], lines: list[str], ending: str) -> tuple[TextEdit, ...]:
    if cell.body.split("\n") == new:
        return ()
    first, last = cell.start_line, cell.body_end_line - 1
    # Below a quote, a line that begins with > would be read as more of it.
    fits = new and new[0].strip() and new[-1].strip() and not new[0].lstrip().startswith(">")
    column, padding, prefix = _outdented(cell.code, lines[first], by=0 if fits else 4)
    if not fits:
        fence = _long_enough("```", new)
        new = [fence, *new, fence]
    text = padding + ending.join([new[0], *(_join(prefix, line) for line in new[1:])])
    return (TextEdit(Span.of(first, column, last, len(without_ending(lines[last]))), text),)


def _outdented(code: Code, source: str, by: int = 4) -> tuple[int, str, str]:
    """Where text `by` columns left of an indented block's code stands, given its first source line.

    A column of the source; the blanks to write there first, if a tab must be cut in two; the prefix of a further
    line.
    """
    cut = code.body_padding[0] if code.body_padding else 0
    column = code.body_columns[0]
    width = _width(source[: column + (cut > 0)]) - cut - by
    while _width(source[:column]) > width:
        column -= 1
    padding = " " * (width - _width(source[:column]))
    return column, padding, continuation(source, column) + padding


def _width(text: str) -> int:
    """How many columns the text takes with tab stops of four, as CommonMark counts."""
    return len(text.removeprefix(BOM).expandtabs(4))


def _block_above(runbook: Runbook, line: int, lines: list[str]) -> tuple[int, str, tuple[str, ...]]:
    """The last line of the block at `line` or above, the prefix of a further line of its container, and the
    line that closes the block if it is a fence left open."""
    found: tuple[int, str, tuple[str, ...]] = runbook.first_line - 1, "", ()
    above = runbook.first_line
    for chunk in all_chunks(runbook.pages):
        for block in chunk.blocks:
            start = above + (block.code.start_line if isinstance(block, CodeBlock) else block.line)
            if start > line:
                return found
            closing: tuple[str, ...] = ()
            if isinstance(block, CodeBlock):
                last = above + block.code.end_line
                closing = () if block.code.closed else (block.code.prefix + block.code.fence,)
                indented = block.code.kind == "indented"
                prefix = _outdented(block.code, lines[start])[2] if indented else block.code.prefix
            else:
                last = start + block.markdown.count("\n")
                first = lines[start] if start else lines[start].removeprefix(BOM)
                prefix = _container_prefix(first)
                if isinstance(block, Title) and not _ATX.match(first, len(prefix)):
                    last += 1  # the underline
            found = last, prefix, closing
        above += chunk.lines
    return found


def _container_prefix(line: str) -> str:
    """The prefix of a further line of the container of a paragraph or heading that begins on this line."""
    match = _CONTAINERS.match(line)
    return continuation(line, match.end() if match else 0)


def _common_ends(old: list[str], new: list[str]) -> tuple[int, int]:
    """How many lines at the start and at the end both have in common, without overlap."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    return head, tail


def _long_enough(fence: str, body: list[str]) -> str:
    """The fence, or a longer one of its kind that no line of the body closes."""
    run = re.compile(rf"[ \t]*({re.escape(fence[0])}{{3,}})")
    longest = max((len(match[1]) for line in body if (match := run.match(line))), default=0)
    return fence[0] * max(len(fence), longest + 1)


def _join(prefix: str, line: str) -> str:
    return prefix + line if line else prefix.rstrip(" \t")


def _replace(line: int, start: int, end: int, text: str) -> TextEdit:
    return TextEdit(Span.of(line, start, line, end), text)


def _insert(line: int, column: int, text: str) -> TextEdit:
    return _replace(line, column, column, text)


def _after(lines: list[str], line: int, text: str) -> TextEdit:
    """The insertion of `text` at the end of a line, before its ending."""
    return _insert(line, len(without_ending(lines[line])), text)
