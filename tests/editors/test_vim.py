"""Vim with ALE: the configuration of its page, pasted into .vimrc."""

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


@pytest.fixture(scope="module")
def window(
    folder: Path, path: str, pictures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    from . import terminal

    vim = shutil.which("vim")
    if vim is None:
        pytest.skip("there is no Vim on this machine")
    asked = "if empty(globpath(&packpath, 'pack/*/opt/ale')) | cquit | endif"
    if subprocess.run([vim, "-u", "NONE", "-es", "-c", asked, "-c", "qa!"]).returncode:
        pytest.skip("this Vim has no ALE")
    (folder / ".git").mkdir(exist_ok=True)
    home = tmp_path_factory.mktemp("vim")
    (home / ".vimrc").write_text("set noswapfile\n" + configuration("vim.md", "vim"))
    with terminal.window([vim, "operations.md"], home, folder, pictures, path) as opened:
        yield opened


def test_a_problem_is_shown_and_fixed(window: Window) -> None:
    window.see("The prompt is part of the cell")
    window.command("8")
    window.command("ALECodeAction")
    window.picture("vim-1-actions")
    window.choose("Remove the prompts")
    window.see("$ find reports", gone=True)


def test_a_cell_runs_and_its_receipt_is_said(window: Window) -> None:
    window.command("ALECodeAction")
    window.choose("Run cell")
    window.see("exit 0 in")
    window.see("learned")
    window.command("ALEHover")
    window.see("**exit 0 after")
    window.picture("vim-2-ran")
    window.command("pclose")


def test_what_destroys_is_refused_with_the_way_to_run_it(window: Window) -> None:
    window.command("14")
    window.command("ALECodeAction")
    window.choose("Run cell")
    window.see("this editor cannot ask you")
    window.picture("vim-3-refused")
    assert (window.folder / "reports").exists()
    window.command("pclose")


def test_what_was_learned_completes(window: Window) -> None:
    window.command("write | edit again.md")
    window.see("# Again")
    window.command("5")
    window.command("ALECodeAction")
    window.choose("Generate command")
    window.see("find reports -type f | wc -l")
    window.picture("vim-4-generated")


def test_nothing_is_left_when_vim_ends(window: Window) -> None:
    window.command("qa!")
    window.ended()
    assert left_over(window.log.parent.parent) == []
