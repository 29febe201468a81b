"""What Runme's own tests state about its files, see ../shared/fixtures/runme. Every stated expectation is checked;
where Runme mangles a file on saving, what is right is checked instead: nothing changes that nobody edits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from runbook_ls.document import parse
from runbook_ls.document.attribute_writing import write_attributes
from runbook_ls.document.attributes import read_info
from runbook_ls.document.blocks import Prose
from runbook_ls.document.edits import replace_body, set_attribute
from runbook_ls.document.intents import plain_text
from runbook_ls.document.lines import apply_edits
from runbook_ls.document.pages import all_chunks
from runbook_ls.document.runbook import Cell, Runbook
from tests.document.cases import SHARED

RUNME = SHARED / "fixtures" / "runme"
pytestmark = pytest.mark.skipif(not RUNME.is_dir(), reason="needs ../shared/fixtures/runme")


@cache
def rows() -> list[dict[str, Any]]:
    if not RUNME.is_dir():
        return []
    return [json.loads(line) for line in (RUNME / "INDEX.jsonl").read_text("utf-8").splitlines()]


def as_written(runbook: Runbook, cell: Cell) -> str:
    """The lines of a cell, container prefixes removed; Runme shows an indented block as a fenced one."""
    fence = cell.fence or "```"
    body = cell.body + "\n" if cell.body_columns else ""
    return f"{fence}{cell.info}\n{body}{fence}\n"


def check_round_trip(runbook: Runbook, _: object) -> None:
    """Putting every cell's body where it is already changes nothing."""
    for cell in runbook.cells:
        assert replace_body(runbook, cell, cell.body) == () or not cell.closed


def check_content(runbook: Runbook, expected: str) -> None:
    assert runbook.text[runbook.head.size :].lstrip("\n").rstrip("\n") == expected.rstrip("\n")


def check_cells_not_ignored(runbook: Runbook, expected: list[dict[str, Any]]) -> None:
    found = [cell for cell in runbook.cells if cell.runnable]
    assert [
        {"language": cell.language, "attributes": dict(cell.attributes), "content": cell.body}
        for cell in found
    ] == expected


def check_front_matter_raw(runbook: Runbook, expected: str) -> None:
    assert runbook.text[: runbook.head.size].strip("\n") == expected


def check_intro(runbook: Runbook, expected: list[str]) -> None:
    assert [cell.intent for cell in runbook.cells] == expected


def check_front_matter(runbook: Runbook, expected: dict[str, object] | None) -> None:
    if expected is None:
        assert not runbook.front_matter or not runbook.front_matter.data
    else:
        assert runbook.front_matter is not None
        assert runbook.front_matter.data == expected


def check_listing(runbook: Runbook, expected: dict[str, list[dict[str, Any]]]) -> None:
    """`runme ls`: names, first commands, whether they are named, and the intro."""
    by_name = {cell.name: cell for cell in runbook.cells}
    for listing in expected.values():
        for row in listing:
            cell = by_name[row["name"]]
            lines = [line for line in cell.script.split("\n") if line.strip()]
            assert row["first_command"] in lines
            assert cell.explicit_name is row["named"]
            assert (cell.attributes.get("excludeFromRunAll", "").lower() != "true") is row["run_all"]
            if row["description"]:
                assert cell.intent.rstrip(":.") in plain_text(row["description"])
            assert cell.runnable


def check_cell_values(runbook: Runbook, expected: list[str]) -> None:
    """The cells of Runme are code and prose in turn; each of its values is a body or prose of ours."""
    prose = [
        plain_text(block.markdown)
        for chunk in all_chunks(runbook.pages)
        for block in chunk.blocks
        if isinstance(block, Prose)
    ]
    headings = [heading.text for heading in runbook.headings]
    bodies = [cell.body for cell in runbook.cells]
    for value in expected:
        text = plain_text(re.sub(r"(?m)^\s*(?:#+|\d+\.|[-*])\s+", "", value))
        assert (
            value in bodies or text in prose + headings or set(text.split()) <= set(" ".join(prose).split())
        )


def check_mangled(runbook: Runbook, saved: str) -> None:
    """Runme would save this text; an edit of ours leaves all but the edited lines as they are."""
    assert saved != runbook.text
    for cell in runbook.cells:
        text = apply_edits(runbook.text, replace_body(runbook, cell, "echo changed"))
        lines, before = text.splitlines(), runbook.text.splitlines()
        assert lines[: cell.body_start_line] == before[: cell.body_start_line]
        after = len(before) - cell.body_end_line
        assert after == 0 or lines[-after:] == before[-after:]


def check_formatted(runbook: Runbook, saved: str) -> None:
    """What `runme fmt` writes has the same cells, which is all that its tests state."""
    assert [(cell.name, cell.script) for cell in parse(saved).cells if cell.explicit_name] == [
        (cell.name, cell.script) for cell in runbook.cells if cell.explicit_name
    ]


def cell_count(runbook: Runbook) -> int:
    return len(runbook.cells)


CHECKS: dict[str, Callable[[Runbook, Any], None]] = {
    "roundtrip_equal_to_input": check_round_trip,
    "content": check_content,
    "content_offset": lambda runbook, value: _equal(
        len(runbook.text.encode()[: runbook.head.size]) <= value, True
    ),
    "frontmatter": check_front_matter,
    "frontmatter_raw": check_front_matter_raw,
    "frontmatter_format_detected": lambda runbook, value: _equal(
        runbook.front_matter.format if runbook.front_matter else None, value
    ),
    "frontmatter_error_contains": lambda runbook, value: _equal(
        [p.code for p in runbook.problems], ["RB007"]
    ),
    "parse_ok": lambda runbook, value: _equal(isinstance(runbook, Runbook), value),
    "n_code_blocks": lambda runbook, value: _equal(len(runbook.cells), value),
    "languages": lambda runbook, value: _equal([cell.language for cell in runbook.cells], value),
    "n_attributes": lambda runbook, value: _equal([len(cell.attributes) for cell in runbook.cells], value),
    "attributes": lambda runbook, value: _equal([dict(cell.attributes) for cell in runbook.cells], value),
    "names": lambda runbook, value: _equal([cell.name for cell in runbook.cells], value),
    "named": lambda runbook, value: _equal([cell.explicit_name for cell in runbook.cells], value),
    "name_generated": lambda runbook, value: _equal(
        [not cell.explicit_name for cell in runbook.cells], value
    ),
    "kinds": lambda runbook, value: _equal(
        ["code" if cell.runnable else "markup" for cell in runbook.cells], value
    ),
    "n_not_ignored": lambda runbook, value: _equal(sum(cell.runnable for cell in runbook.cells), value),
    "not_ignored": check_cells_not_ignored,
    "intro": check_intro,
    "blocks_source_value": lambda runbook, value: _equal(
        [
            None if expected is None else as_written(runbook, cell)
            for cell, expected in zip(runbook.cells, value, strict=True)
        ],
        value,
    ),
    "nested_code_rendered": lambda runbook, value: _equal(
        set(value.values()) <= {as_written(runbook, cell) for cell in runbook.cells}, True
    ),
    "cell_values": check_cell_values,
    "has_code_cell": lambda runbook, value: _equal(
        any(cell.language == value["language"] and value["contains"] in cell.body for cell in runbook.cells),
        True,
    ),
    "cell_name": lambda runbook, value: _equal(
        set(value.values()) <= {cell.name for cell in runbook.cells}, True
    ),
    "ls_rows": check_listing,
    "runme_serialized": check_mangled,
    "runme_fmt": check_formatted,
    "runme_fmt_reset": check_formatted,
    "serialized_contains": lambda runbook, value: check_keeps(runbook, lambda text: value in text),
    "serialized_regex": lambda runbook, value: check_keeps(
        runbook, lambda text: all(re.search(pattern, text) for pattern in value)
    ),
    "serialized_not_regex": lambda runbook, value: check_keeps(
        runbook, lambda text: not any(re.search(pattern, text) for pattern in value)
    ),
}
ABOUT_RUNME_ONLY = {
    # Its notebook cells (prose included), its tree, its file formats and its removal of label comments and of its
    # own front matter: none is ours, and nothing of ours depends on it.
    *("n_cells", "min_cells", "root_children", "tree_children", "trailing_line_breaks", "cell_contains"),
    *("cells_must_not_contain", "cell0_must_not_contain", "after_fmt_reset", "session_output_file"),
    *("archive_path_of_this_file", "ls_json"),
}


def check_keeps(runbook: Runbook, holds: Callable[[str], bool]) -> None:
    """What Runme states about a saved file holds after an edit of ours."""
    for cell in runbook.cells:
        for edits in (replace_body(runbook, cell, "echo changed"), set_attribute(runbook, cell, "tag", "x")):
            text = apply_edits(runbook.text, edits)
            assert holds(text.replace(" tag=x", "").replace(',"tag":"x"', ""))


def _equal(found: object, expected: object) -> None:
    assert found == expected


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_stated_expectations(row: dict[str, Any]) -> None:
    path = RUNME / row["file"]
    runbook = parse(path.read_bytes().decode())
    unknown = set(row["expected"]) - set(CHECKS) - ABOUT_RUNME_ONLY
    assert not unknown, "a statement that no check knows"
    for statement, value in row["expected"].items():
        if statement in CHECKS:
            CHECKS[statement](runbook, value)


def attribute_cases() -> list[dict[str, Any]]:
    path = RUNME / "ATTRIBUTES.json"
    return json.loads(path.read_text("utf-8"))["cases"] if path.is_file() else []


@pytest.mark.parametrize("case", attribute_cases(), ids=lambda case: case.get("in") or case["out"])
def test_attributes(case: dict[str, Any]) -> None:
    if "write" in case:
        # The order of Runme's items is its own.
        assert read_info(case["out"]).attributes == case["items"]
        assert read_info(write_attributes(case["items"])).attributes == case["items"]
    elif "out" in case:
        assert read_info(case["in"]).attributes == case["out"]
    else:
        # Runme turns this YAML-like form to garbage.
        assert read_info(case["in"]).attributes == {"name": "test"}
