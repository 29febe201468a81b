"""What a word of a runbook stands for (a cell by name, a shell variable, a link) and everywhere it stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from runbook_ls.document import parse
from runbook_ls.document.attributes import read_info
from runbook_ls.document.blocks import Prose, Title
from runbook_ls.document.edits import set_attribute
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.anchors import anchors_of
from runbook_ls.lint.files import read_runbook
from runbook_ls.values import Position, RunbookError, Span, TextEdit
from runbook_ls.workbench import variables
from runbook_ls.workbench.session import OpenDocument

Kind = Literal["cell", "variable", "link"]

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_DEFINED_LINK = re.compile(r"[ \t]{0,3}\[[^\]]+\]:[ \t]*<?([^\s>]+)")
_CODE = re.compile(r"(?<!`)`([^`\s]+)`(?!`)")
_RUNS = re.compile(r"\b(?:runbook-ls|runme)[ \t]+run[ \t]+([^\n;|&#]*)")
_WORD = re.compile(r"[\w.:-]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_VARIABLE = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_CELL_NAME = re.compile(r"[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Mention:
    """A word and what it stands for. `defines`: here the cell gets its name, or the variable its value."""

    kind: Kind
    word: str
    span: Span
    defines: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is: a file (absolute path; None: the runbook itself) and a span of it."""

    file: Path | None
    span: Span


def mentions(document: OpenDocument) -> Iterator[Mention]:
    """Every word of the runbook that stands for a cell, a variable or another place, in no order."""
    runbook = document.runbook
    names = {cell.name for cell in runbook.cells}
    for cell in runbook.cells:
        yield from _of_cell(cell, names)
    yield from in_prose(document, names)


def in_prose(document: OpenDocument, names: Collection[str] = ()) -> Iterator[Mention]:
    """The links of the runbook, and the cells of these names that its prose mentions, in order."""
    for first, last in _prose(document.runbook):
        for number in range(first, min(last, len(document.lines))):
            yield from _of_prose(document.lines[number].rstrip("\r\n"), number, names)


def at(document: OpenDocument, position: Position) -> Mention | None:
    """The mention that holds the position, or ends at it."""
    cell = document.runbook.cell_at(position.line)
    names = {cell.name for cell in document.runbook.cells}
    if cell is not None:
        found = _of_cell(cell, names)
    elif position.line < len(document.lines):
        found = _of_prose(document.lines[position.line].rstrip("\r\n"), position.line, names)
    else:
        return None
    return next((m for m in found if m.span.start <= position <= m.span.end), None)


def all_of(document: OpenDocument, mention: Mention) -> list[Mention]:
    """Every mention of the same thing, in the order of the text."""
    name = _cell_of_link(document.runbook, mention) if mention.kind == "link" else None
    wanted = ("cell", name) if name else (mention.kind, mention.word)
    found = [
        other
        for other in mentions(document)
        if (other.kind, other.word) == wanted
        or (wanted[0] == "cell" and _cell_of_link(document.runbook, other) == wanted[1])
    ]
    return sorted(found, key=lambda other: other.span)


def definition(document: OpenDocument, mention: Mention) -> list[Target]:
    """Where the thing is defined: the cell of that name, the nearest setting of the variable above (else the first
    one), the heading, cell or file that the link leads to. Reads the other file."""
    runbook = document.runbook
    if mention.kind == "cell":
        return [Target(None, name_span(cell)) for cell in runbook.cells if cell.name == mention.word][:1]
    if mention.kind == "variable":
        spans = [use.span for use in variables.uses(runbook, mention.word) if use.sets]
        above = [span for span in spans if span.start <= mention.span.start]
        return [Target(None, span) for span in (above[-1:] or spans[:1])]
    return _linked(document, mention.word)


def link_target(document: OpenDocument, word: str) -> tuple[Path, str] | None:
    """The existing file (absolute path) that a link leads to, and the fragment; None for what is elsewhere."""
    path, _, fragment = word.partition("#")
    if _SCHEME.match(word) or path.startswith(("//", "\\\\")):
        return None
    here = Path(document.file)
    if not path:
        return here, unquote(fragment)
    if not here.is_absolute():
        return None
    file = here.parent / unquote(path.partition("?")[0])
    try:
        return (file.resolve(), unquote(fragment)) if file.exists() else None
    except (OSError, ValueError):
        return None


def name_span(cell: Cell) -> Span:
    """Where the cell's name is written; its opening fence where it is derived."""
    info = read_info(cell.info)
    item = next((item for item in reversed(info.items) if item.key in ("name", "label")), None)
    start = cell.column + len(cell.fence)
    if item is not None and cell.explicit_name:
        at = cell.info.find(cell.code.given_name, item.start, item.end)
        if at >= 0:
            return Span.of(
                cell.start_line, start + at, cell.start_line, start + at + len(cell.code.given_name)
            )
    return Span.of(cell.start_line, cell.column, cell.start_line, start + len(cell.info.rstrip()))


def rename(document: OpenDocument, mention: Mention, new: str) -> list[TextEdit]:
    """The edits that give the cell or variable another name everywhere in the runbook. RunbookError for a name that
    cannot be, or is taken, and for what cannot be renamed."""
    check_renaming(document, mention)
    all_mentions = all_of(document, mention)
    if mention.kind == "variable":
        if not _VARIABLE.fullmatch(new):
            raise RunbookError(f"{new} is no name for a shell variable: letters, digits and _ only.")
        if any(True for _ in variables.uses(document.runbook, new)):
            raise RunbookError(f"The variable {new} is used in this runbook already.")
        return [TextEdit(other.span, new) for other in all_mentions]
    if not _CELL_NAME.fullmatch(new):
        raise RunbookError(f"{new} is no name for a cell: letters, digits and . : - _ only.")
    if any(cell.name == new for cell in document.runbook.cells):
        raise RunbookError(f"This runbook has a cell named {new} already.")
    word = _cell_of_link(document.runbook, mention) or mention.word
    cell = next(cell for cell in document.runbook.cells if cell.name == word)
    edits = [*set_attribute(document.runbook, cell, "name", new)]
    for other in all_mentions:
        if not other.defines:
            edits.append(TextEdit(other.span, "#" + new if other.kind == "link" else new))
    return edits


def check_renaming(document: OpenDocument, mention: Mention) -> None:
    """RunbookError for what cannot be renamed: links to elsewhere, variables that come from outside."""
    if mention.kind == "link" and _cell_of_link(document.runbook, mention) is None:
        raise RunbookError("Only cells and shell variables can be renamed.")
    if mention.kind == "variable" and not any(
        use.sets for use in variables.uses(document.runbook, mention.word)
    ):
        raise RunbookError(
            f"{mention.word} is not set in this runbook: it comes from outside, under this name."
        )


def _of_cell(cell: Cell, names: Collection[str]) -> Iterator[Mention]:
    if cell.kind == "fence" and cell.explicit_name:
        yield Mention("cell", cell.name, name_span(cell), defines=True)
    for use in variables.in_cell(cell):
        yield Mention("variable", use.name, use.span, use.sets)
    for number, line in enumerate(cell.body.split("\n") if cell.body_columns else ()):
        for run in _RUNS.finditer(line):
            for word in _WORD.finditer(line, *run.span(1)):
                if word[0] in names:
                    span = cell.source_span(Span.of(number, word.start(), number, word.end()))
                    yield Mention("cell", word[0], span)


def _of_prose(line: str, number: int, names: Collection[str]) -> Iterator[Mention]:
    for match in (*_LINK.finditer(line), *_DEFINED_LINK.finditer(line)):
        yield Mention("link", match[1], Span.of(number, match.start(1), number, match.end(1)))
    for match in _CODE.finditer(line):
        if match[1] in names:
            yield Mention("cell", match[1], Span.of(number, match.start(1), number, match.end(1)))


def _prose(runbook: Runbook) -> Iterator[tuple[int, int]]:
    """First line and line after the last of every passage that may hold links."""
    above = runbook.first_line
    for chunk in all_chunks(runbook.pages):
        if not chunk.blocks:  # a link definition, or blank lines
            yield above, above + chunk.lines
        for block in chunk.blocks:
            if isinstance(block, Prose):
                yield above + block.line, above + block.end_line
            elif isinstance(block, Title):
                yield above + block.line, above + block.line + 1
        above += chunk.lines


def _cell_of_link(runbook: Runbook, mention: Mention) -> str | None:
    """The name of the cell that a link within the runbook leads to."""
    if mention.kind != "link" or not mention.word.startswith("#"):
        return None
    name = unquote(mention.word[1:])
    if any(anchor.name == name for anchor in anchors_of(runbook)):
        return None
    return name if any(cell.name == name for cell in runbook.cells) else None


def _linked(document: OpenDocument, word: str) -> list[Target]:
    found = link_target(document, word)
    if found is None:
        return []
    file, fragment = found
    here = file == Path(document.file)
    top = Target(None if here else file, Span.of(0, 0, 0, 0))
    if not fragment or not (here or file.is_file()):
        return [top]
    try:
        runbook = document.runbook if here else parse(read_runbook(str(file)))
    except RunbookError:
        return [top]
    line = _line_of(runbook, fragment)
    return [top if line is None else Target(top.file, Span.of(line, 0, line, 0))]


def _line_of(runbook: Runbook, fragment: str) -> int | None:
    """The line of the heading or the cell that a fragment names; `#L12` is a line too."""
    seen: dict[str, int] = {}
    for anchor in anchors_of(runbook):
        number = seen.get(anchor.name, 0)
        seen[anchor.name] = number + 1
        if fragment.lower() == (f"{anchor.name}-{number}" if number else anchor.name):
            return anchor.line
    for cell in runbook.cells:
        if cell.name == fragment:
            return cell.start_line
    line = re.fullmatch(r"L?(\d+)(?:[-,].*)?", fragment)
    return max(0, int(line[1]) - 1) if line else None
