"""VS Code, as people use it: the whole story in one window, by keys and clicks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import vscode
from .conftest import REPOSITORY
from .vscode import Window

EXTENSION = REPOSITORY / "editor-clients" / "vscode"
GUESS = "hydros logs vscode-ext"
RIGHT = (
    """gcloud logging read 'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"' """
    "--freshness=1d --project=foyle-dev"
)


@pytest.fixture(scope="session")
def extension() -> Path:
    if not shutil.which("npm"):
        pytest.skip("npm is not on PATH, so the extension cannot be built")
    if not (EXTENSION / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--loglevel=error"], cwd=EXTENSION, check=True)
    subprocess.run(["npm", "run", "--silent", "package"], cwd=EXTENSION, check=True)
    return EXTENSION / "runbook-ls.vsix"


@pytest.fixture(scope="module")
def window(
    editors: Path, extension: Path, folder: Path, pictures: Path, path: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Window]:
    place = editors / "code-server"
    if not place.exists():
        pytest.skip("VS Code is not installed (see what install.sh said)")
    browser = vscode.chromium()
    if browser is None:
        pytest.skip("there is no Chromium on this machine")
    sync = pytest.importorskip("playwright.sync_api")
    home = tmp_path_factory.mktemp("vscode")
    settings = {"workbench.colorTheme": vscode.THEMES["light"], "security.workspace.trust.enabled": False}
    with (
        vscode.code_server(place, home, extension, folder, settings, path) as (address, _),
        sync.sync_playwright() as playwright,
    ):
        chrome = playwright.chromium.launch(executable_path=browser, args=list(vscode.CHROMIUM))
        page = chrome.new_page(viewport={"width": 1280, "height": 800})
        yield Window(page, address, folder, pictures, home / "runbook-ls" / "state" / "server.log")
        chrome.close()


def test_diagnostics_and_lenses(window: Window) -> None:
    window.open("operations.md")
    window.see(".squiggly-warning")
    window.lens("Run cell").wait_for()
    window.status("Runbook")
    window.picture("1-opened")
