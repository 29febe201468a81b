"""Emacs with eglot: the configuration of its page, pasted into init.el."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import left_over
from .pages import configuration

if TYPE_CHECKING:
    from .terminal import Window

META, ENTER = "\x1b", "\r"


@pytest.fixture(scope="module")
def window(
    folder: Path, path: str, pictures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    from . import terminal

    emacs = shutil.which("emacs")
    if emacs is None:
        pytest.skip("there is no Emacs on this machine")
    asked = "(progn (package-initialize) (require 'eglot) (require 'markdown-mode))"
    if subprocess.run([emacs, "-q", "--batch", "--eval", asked], capture_output=True).returncode:
        pytest.skip("this Emacs has no eglot, or no markdown-mode")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    home = tmp_path_factory.mktemp("emacs")
    (home / ".emacs.d").mkdir()
    (home / ".emacs.d" / "init.el").write_text(
        "(setq make-backup-files nil create-lockfiles nil)\n" + configuration("emacs.md", "elisp")
    )
    with terminal.window([emacs, "-nw", "operations.md"], home, folder, pictures, path) as opened:
        yield opened


def do(window: Window, command: str) -> None:
    """Give a command by its name."""
    window.press(f"{META}x{command}{ENTER}")


def act(window: Window, line: int, title: str) -> None:
    """Choose a code action of a 1-based line, as from its menu."""
    window.press(f"{META}gg{line}{ENTER}")
    do(window, "eglot-code-actions")
    window.see("Pick an action")
    window.press(f"{title}\t{ENTER}")


def test_a_problem_is_shown_and_fixed(window: Window) -> None:
    window.see("[eglot:")
    do(window, "flymake-show-buffer-diagnostics")
    window.see("The prompt is part of the cell")
    window.picture("emacs-1-problem")
    act(window, 8, "Remove the prompts")
    window.see("$ find reports", gone=True)


def test_a_cell_runs_and_its_receipt_is_said(window: Window) -> None:
    act(window, 8, "Run cell")
    window.see("exit 0 in")
    window.see("learned")
    window.picture("emacs-2-ran")


def test_what_destroys_is_asked_and_enter_does_not_run_it(window: Window) -> None:
    act(window, 14, "Run cell")
    window.see("> rm -rf reports")
    window.see("Choose an option: Cancel")
    window.picture("emacs-3-question")
    window.press(ENTER)
    window.see("Choose an option", gone=True)
    assert (window.folder / "reports").exists()


def test_nothing_is_left_when_emacs_ends(window: Window) -> None:
    window.press("\x18s!")  # save what was changed
    window.press("\x18\x03")
    window.ended()
    assert left_over(window.log.parent.parent) == []
