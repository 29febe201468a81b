"""The table of docs/configuration.md."""

from __future__ import annotations

from pathlib import Path

from runbook_ls.config import reference

PAGE = Path(__file__).parents[2] / "docs" / "configuration.md"


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == reference.put(page), (
        "run: .venv/bin/python -m runbook_ls.config.reference docs/configuration.md"
    )


def test_the_table_says_what_a_workspace_may() -> None:
    rows = {row.split(" | ")[0]: row.split(" | ")[2] for row in reference.table().splitlines()[2:]}
    assert rows["| `consent`"] == 'only `"strict"`'
    assert rows["| `memory.server`"] == "no"
    assert rows["| `learning`"] == "yes"
