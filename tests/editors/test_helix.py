"""Helix: the configuration of its page, pasted into languages.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import left_over
from .pages import configuration

if TYPE_CHECKING:
    from .terminal import Window

NEXT, ENTER, ESCAPE = "\x0e", "\r", "\x1b"


@pytest.fixture(scope="module")
def window(
    editors: Path, folder: Path, path: str, pictures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    from . import terminal

    helix = editors / "helix" / "hx"
    if not helix.exists():
        pytest.skip("Helix is not installed (see what install said)")
    (folder / ".git").mkdir(exist_ok=True)
    home = tmp_path_factory.mktemp("helix")
    config = home / ".config" / "helix"
    config.mkdir(parents=True)
    (config / "languages.toml").write_text(configuration("helix.md", "toml"))
    with terminal.window([str(helix), "operations.md"], home, folder, pictures, path) as opened:
        yield opened


def act(window: Window, line: int, title: str) -> None:
    """Choose a code action of a 1-based line from its menu, which is right below the cursor."""
    window.press(f"{line}gg")
    window.press(" a")
    window.see(title)
    window.terminal.settle()
    rows = window.terminal.text.splitlines()
    [cursor] = [number for number, text in enumerate(rows) if re.match(rf"\D*{line}\b", text)]
    [found] = [number for number, text in enumerate(rows) if title in text]
    window.press(NEXT * (found - cursor - 1) + ENTER)  # the first is chosen already


def test_a_problem_is_shown_and_fixed(window: Window) -> None:
    window.see("● 1")  # one warning, in the status line
    window.press("8gg")
    window.see("The prompt is part of the cell")
    window.picture("helix-1-problem")
    act(window, 8, "Remove the prompts")
    window.see("$ find reports", gone=True)


def test_a_cell_runs_and_its_receipt_is_said(window: Window) -> None:
    act(window, 8, "Run cell")
    window.see("exit 0 in")
    window.see("learned")
    window.press(" k")
    window.see("exit 0 after")
    window.picture("helix-2-ran")
    window.press(ESCAPE)


def test_what_destroys_does_not_run_unasked(window: Window) -> None:
    act(window, 14, "Run cell")
    window.see("Not run: `rm` removes files")
    window.picture("helix-3-refused")
    assert (window.folder / "reports").exists()


def test_what_was_learned_is_generated(window: Window) -> None:
    window.press(f":write{ENTER}")
    window.press(f":open again.md{ENTER}")
    window.see("# Again")
    act(window, 5, "Generate command")
    window.see("find reports -type f | wc -l")
    window.picture("helix-4-generated")


def test_nothing_is_left_when_helix_ends(window: Window) -> None:
    window.press(":qa!\r")
    window.ended()
    assert left_over(window.log.parent.parent) == []
