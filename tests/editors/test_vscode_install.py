"""VS Code where the server is missing, or does not fit: one click makes a private environment, here without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import vscode
from .conftest import REPOSITORY, left_over
from .vscode import Window

_INSTALLING_MS = 300_000


@pytest.fixture(scope="module")
def wheels(editors: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the server of this checkout and all it needs, as wheels."""
    if not (editors / "wheels").exists():
        pytest.skip("there are no wheels to install from (see what install said)")
    folder = tmp_path_factory.mktemp("offline") / "wheels"
    shutil.copytree(editors / "wheels", folder)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def bare_path() -> str:
    """A PATH with the Python that the wheels are for, and no server."""
    folders = [str(Path(sys.base_prefix) / "bin"), *os.environ["PATH"].split(os.pathsep)]
    return os.pathsep.join(folder for folder in folders if not (Path(folder) / "runbook-ls").exists())


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A folder with a runbook-ls of an older series."""
    program = tmp_path / "older" / "runbook-ls"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport runbook_ls\nrunbook_ls.__version__ = '0.0.9'\n"
        "from runbook_ls.cli.main import main\nmain()\n"
    )
    program.chmod(0o755)
    return program.parent


@pytest.fixture(params=["no server", "an older server"])
def window(
    request: pytest.FixtureRequest,
    editors: Path,
    extension: Path,
    folder: Path,
    pictures: Path,
    bare_path: str,
    older: Path,
    tmp_path: Path,
    wheels: Path,
) -> Iterator[Window]:
    settings = {
        "workbench.colorTheme": vscode.THEMES["light"],
        "security.workspace.trust.enabled": False,
        "runbook-ls.server.wheels": str(wheels),
        "runbook-ls.keybindings": False,
    }
    path = bare_path if request.param == "no server" else f"{older}{os.pathsep}{bare_path}"
    home = tmp_path / "home"
    home.mkdir()
    with vscode.window(editors, home, extension, folder, settings, path, pictures) as opened:
        yield opened
    assert left_over(home, "runbook") == []


def install(window: Window, message: str) -> None:
    """From the message to a server that answers, by two clicks: what is done is said before it is done."""
    told = window.toast(message)
    window.picture("16-missing")
    assert window.page.locator(".notification-toast").count() == 1
    window.press_button(told, "Install")
    assert "from the wheels in" in window.dialog().inner_text()
    window.picture("17-install")
    window.answer("Install without Memory")
    window.see(".squiggly-warning", patience_ms=_INSTALLING_MS)
    window.lens("Run cell").click()
    window.state("exit 0 in")
    window.picture("18-installed")


@pytest.mark.parametrize("window", ["no server"], indirect=True)
def test_a_missing_server_is_installed_from_a_folder_of_wheels(window: Window, tmp_path: Path) -> None:
    window.open("operations.md")
    window.status("Runbook: install the server")
    install(window, "runbook-ls, which is not on this machine yet")
    [program] = tmp_path.glob("home/**/server/bin/runbook-ls")
    # The keys of cells were turned off: Shift+Enter is VS Code's own.
    window.go_to_line(14, 15)
    window.press("Shift+Enter")
    window.status("Ln 15, Col 1")
    assert window.page.locator(".monaco-dialog-box").count() == 0
    asked = subprocess.run([program, "--version"], capture_output=True, text=True)
    assert "runbook-ls, version" in asked.stdout


@pytest.mark.parametrize("window", ["an older server"], indirect=True)
def test_a_server_that_does_not_fit_is_said_and_replaced(window: Window) -> None:
    window.open("operations.md")
    window.status("Runbook: server not running")
    install(window, "runbook-ls 0.0.9 (")
