"""Neovim in a terminal, with the plugin as a user installs it: keys in, a screen out."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from .conftest import REPOSITORY, left_over
from .pages import shell_of

if TYPE_CHECKING:
    from .terminal import Window

PLUGIN = REPOSITORY / "editor-clients" / "neovim"
ESCAPE, ENTER = "\x1b", "\r"
GUESS = "hydros logs vscode-ext"
RIGHT = (
    """gcloud logging read 'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"' """
    "--freshness=1d --project=foyle-dev"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the plugin, installed as its page says; the server is this checkout's."""
    place = tmp_path_factory.mktemp("neovim")
    install = [line for line in shell_of(PLUGIN / "README.md").splitlines() if not line.startswith("uv ")]
    told = {"HOME": str(place), "PATH": os.environ["PATH"], "PWD": str(REPOSITORY)}
    subprocess.run(["sh", "-euc", "\n".join(install)], cwd=REPOSITORY, env=told, check=True)
    with (place / ".config" / "nvim" / "init.lua").open("a") as init:
        init.write("vim.o.swapfile = false\nvim.o.number = true\n")
        init.write('vim.keymap.set("n", "<CR>", "<Plug>(runbook-run)")\n')
    return place


@pytest.fixture(scope="module")
def window(nvim: Path, home: Path, path: str, folder: Path, pictures: Path) -> Iterator[Window]:
    from . import terminal

    (folder / ".git").mkdir(exist_ok=True)
    with terminal.window([str(nvim), "operations.md"], home, folder, pictures, path) as opened:
        yield opened


def test_trust_is_asked_once_per_folder(window: Window) -> None:
    window.see("Do you trust the runbooks of")
    window.picture("nvim-1-trust")
    window.choose("Trust it")
    window.see("this folder is trusted")


def test_a_problem_is_shown_and_fixed(window: Window) -> None:
    window.see("W   8")
    window.command("8")
    for _ in range(6):  # the server starts anew once the folder is trusted, and takes the window away
        window.command("lua vim.diagnostic.open_float()")
        with contextlib.suppress(AssertionError):
            window.terminal.see("The prompt is part of the cell", patience=5)
            break
    window.see("The prompt is part of the cell")
    window.press(f"{ESCAPE}gra")
    window.see("Remove the prompts")
    window.picture("nvim-2-actions")
    window.choose("Remove the prompts")
    window.see("$ find reports", gone=True)


def test_a_cell_runs_and_its_state_stands_at_the_fence(window: Window) -> None:
    window.command("8")
    window.press(ENTER)  # mapped to <Plug>(runbook-run)
    window.see("✓ exit 0 in")
    window.see("· learned")
    window.see("│ 1")
    window.picture("nvim-3-ran")


def test_output_streams_while_a_cell_runs(window: Window) -> None:
    window.command("23")
    window.command("Runbook run")
    window.see("◌ running")
    window.see("│ step one")
    window.picture("nvim-4-running")
    (window.folder / "build-done").touch()
    window.see("│ step two")
    window.see("◌ running", gone=True)


def test_a_running_cell_is_cancelled(window: Window) -> None:
    window.command("31")
    window.command("Runbook run")
    window.see("│ waiting")
    window.command("Runbook cancel")
    window.see("✗ cancelled after")


def test_what_destroys_is_refused_and_then_confirmed(window: Window) -> None:
    window.command("14")
    window.command("Runbook run")
    window.see("> rm -rf reports")
    window.see(f"in {window.folder}")
    window.picture("nvim-5-question")
    window.choose("Cancel")
    window.see("> rm -rf reports", gone=True)
    assert (window.folder / "reports").exists()
    window.command("Runbook run")
    window.see("> rm -rf reports")
    window.choose("Run")
    window.see("> rm -rf reports", gone=True)
    window.command("14")
    window.see("✓ exit 0 in")
    window.press("")
    assert not (window.folder / "reports").exists()


def test_the_whole_output_is_in_a_split(window: Window) -> None:
    window.command("Runbook output")
    window.see("▶ echo-waiting · line 29")
    window.picture("nvim-6-output")
    window.command("only")


def test_one_correction_is_enough(window: Window) -> None:
    window.command("write | edit builds.md")
    window.command("12")
    window.press(f"o{GUESS}{ESCAPE}")
    window.command("Runbook run")
    window.see("✗ exit 127 in")
    window.press(f"0C{RIGHT}{ESCAPE}")
    window.command("Runbook run")
    window.see("· learned")
    window.picture("nvim-7-learned")
    window.command("write | edit incident.md")
    window.command("5")
    window.command("Runbook generate")
    window.see('jsonPayload.image="caribou"')
    window.picture("nvim-8-generated")


def test_why_says_where_a_suggestion_came_from(window: Window) -> None:
    window.command("6")
    window.command("Runbook explain")
    window.see("Fetch the hydros logs for the image vscode-ext")
    window.picture("nvim-9-why")
    window.press(ESCAPE)


def test_history_and_health(window: Window) -> None:
    window.command("write | edit builds.md | Runbook history")
    window.see("exit 127")
    window.command("only | enew | checkhealth runbook")
    window.see("runbook-ls, version")
    window.picture("nvim-10-health")


def test_nothing_is_left_when_neovim_ends(window: Window) -> None:
    window.command("qa!")
    window.ended()
    assert left_over(window.log.parent.parent) == []


def test_the_help_has_tags(nvim: Path, tmp_path: Path) -> None:
    help_ = shutil.copytree(PLUGIN / "doc", tmp_path / "plugin" / "doc").parent
    asked = [f"+set rtp+={help_}", f"+helptags {help_}/doc", "+help :Runbook", "+echo expand('%:t')", "+qa"]
    done = subprocess.run(
        [nvim, "-u", "NONE", "--headless", *asked],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "runbook.txt" in done.stdout + done.stderr
    assert (help_ / "doc" / "tags").read_text() == (PLUGIN / "doc" / "tags").read_text()


def test_the_lua_is_clean() -> None:
    luacheck = shutil.which("luacheck")
    if luacheck is None:
        pytest.skip("luacheck is not on PATH")
    done = subprocess.run([luacheck, "--quiet", "."], cwd=PLUGIN, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_lua_is_formatted(editors: Path) -> None:
    if not (editors / "stylua").exists():
        pytest.skip("stylua is not installed (see what install said)")
    script = Path(__file__).parent / "stylua.cjs"
    done = subprocess.run(["node", script, editors / "stylua", PLUGIN], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
