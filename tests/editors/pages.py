"""The configuration that the documentation tells its reader to paste: the tests use it as it stands there."""

from __future__ import annotations

from pathlib import Path

from runbook_ls.document import parse

from .conftest import REPOSITORY


def configuration(page: str, language: str, number: int = 0) -> str:
    """The `number`th block (from 0) of a language on a page of docs/editors."""
    text = (REPOSITORY / "docs" / "editors" / page).read_text(encoding="utf-8")
    return [cell.body for cell in parse(text).cells if cell.language == language][number] + "\n"


def shell_of(page: Path) -> str:
    """The first shell block of a page: what it tells its reader to type."""
    return next(cell.body for cell in parse(page.read_text(encoding="utf-8")).cells if cell.language == "sh")
