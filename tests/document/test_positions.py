"""Every character of a body is found in the source."""

from __future__ import annotations

from hypothesis import given

from runbook_ls.document import parse
from runbook_ls.document.lines import split_lines
from runbook_ls.document.runbook import Runbook
from runbook_ls.values import Position, Span
from tests.document.cases import read_cases
from tests.document.texts import examples, runbook_texts


def check_positions(runbook: Runbook) -> None:
    lines = split_lines(runbook.text)
    for cell in runbook.cells:
        body = cell.body.split("\n") if cell.body_columns else []
        assert len(body) == len(cell.body_columns)
        assert cell.body_end_line == cell.body_start_line + len(body)
        for number, line in enumerate(body):
            for column, character in enumerate(line):
                at = cell.source_position(number, column)
                source = lines[at.line][at.column]
                assert source == character or (source, character) in (("\t", " "), ("\0", "\ufffd"))
        if cell.kind == "fence":
            opening = lines[cell.start_line][cell.column :]
            assert opening.startswith(cell.fence + cell.info.replace("\ufffd", "\0")) or "\0" in opening


def test_of_every_case() -> None:
    for name in ("cells", "containers", "attributes", "intents"):
        for case in read_cases(name):
            check_positions(parse(case.text, case.flavour))


@examples(300)
@given(runbook_texts)
def test_of_any_text(text: str) -> None:
    check_positions(parse(text))


def test_a_cut_tab_is_one_place() -> None:
    cell = parse("- a\n\n\t\tx\n").cells[0]
    assert cell.body == "  x"
    assert [cell.source_position(0, column) for column in range(4)] == [
        Position(2, 1),
        Position(2, 1),
        Position(2, 2),
        Position(2, 3),
    ]


def test_spans() -> None:
    cell = parse("> ```sh\n> one\n> two\n> ```\n").cells[0]
    assert cell.source_span(Span.of(0, 1, 1, 2)) == Span.of(1, 3, 2, 4)


def test_cell_at() -> None:
    runbook = parse("text\n\n```sh\none\n```\ntext\n\n```sh\n```\n")
    assert [runbook.cells.index(cell) if (cell := runbook.cell_at(line)) else None for line in range(10)] == (
        [None, None, 0, 0, 0, None, None, 1, 1, None]
    )
    assert runbook.cells_before(runbook.cells[1]) == runbook.cells[:1]
