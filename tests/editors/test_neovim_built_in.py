"""Neovim without the plugin: the configuration of its page, pasted into init.lua."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import left_over
from .pages import configuration

if TYPE_CHECKING:
    from .terminal import Window

ENTER = "\r"


@pytest.fixture(scope="module")
def window(
    nvim: Path, folder: Path, path: str, pictures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    from . import terminal

    (folder / ".git").mkdir(exist_ok=True)
    home = tmp_path_factory.mktemp("neovim")
    config = home / ".config" / "nvim"
    config.mkdir(parents=True)
    blocks = [configuration("neovim.md", "lua", number) for number in (0, 1)]
    (config / "init.lua").write_text("vim.o.swapfile = false\n" + "\n".join(blocks))
    with terminal.window([str(nvim), "operations.md"], home, folder, pictures, path) as opened:
        yield opened


def test_a_problem_is_shown_and_fixed(window: Window) -> None:
    window.see("W ")
    window.see("Run cell")  # the lens
    window.command("8")
    window.press("gra")
    window.choose("Remove the prompts")
    window.see("$ find reports", gone=True)


def test_a_cell_runs_and_its_receipt_is_said(window: Window) -> None:
    window.press("gra")
    window.choose("Run cell")
    window.see("exit 0 in")
    window.see("learned")
    window.picture("nvim-built-in")


def test_nothing_is_left_when_neovim_ends(window: Window) -> None:
    window.press(ENTER)
    window.command("qa!")
    window.ended()
    assert left_over(window.log.parent.parent) == []
