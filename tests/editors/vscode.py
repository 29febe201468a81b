"""VS Code as a person has it: code-server in headless Chromium, real keys and clicks, and what stands on the screen."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

SETTINGS = {
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "workbench.startupEditor": "none",
    "workbench.enableExperiments": False,
    "workbench.reduceMotion": "on",
    "workbench.settings.enableNaturalLanguageSearch": False,
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "chat.commandCenter.enabled": False,
    "git.enabled": False,
    "security.workspace.trust.startupPrompt": "never",
    "security.workspace.trust.banner": "never",
    "editor.minimap.enabled": False,
    "editor.fontFamily": "DejaVu Sans Mono",
    "terminal.integrated.fontFamily": "DejaVu Sans Mono",
    "terminal.integrated.gpuAcceleration": "off",
    "files.autoSave": "afterDelay",
    "window.dialogStyle": "custom",
    "remote.autoForwardPorts": False,
}
THEMES = {"dark": "Default Dark Modern", "light": "Default Light Modern"}
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PATIENCE_MS = 60_000  # a loaded machine is slow; what is there is seen at once

_ASIDE = (6, 500)  # a place where the mouse points at nothing: no tooltip covers what is looked at


class Window:
    """One window. Texts are what a person reads on the screen; waiting is for something to appear."""

    def __init__(self, page: Any, base: str, folder: Path, pictures: Path, log: Path) -> None:
        self.page = page
        self.base = base
        self.folder = folder
        self.pictures = pictures
        self.log = log

    def open(self, name: str) -> None:
        """Open the window with a file of the folder."""
        host = urllib.parse.urlsplit(self.base).netloc
        file = f"vscode-remote://{host}{self.folder / name}"
        payload = urllib.parse.quote(json.dumps([["openFile", file]]))
        self.page.goto(f"{self.base}/?folder={urllib.parse.quote(str(self.folder))}&payload={payload}")
        self.page.wait_for_selector(".monaco-editor .view-line", timeout=_PATIENCE_MS)

    def command(self, title: str) -> None:
        """Choose a command of the palette by its title."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input").first
        box.wait_for(timeout=_PATIENCE_MS)
        box.fill(f">{title}")
        self.page.locator(".quick-input-list .monaco-list-row", has_text=title.split(": ")[-1]).first.click()
        self.page.mouse.move(*_ASIDE)

    def go_to_file(self, name: str) -> None:
        self.page.keyboard.press("Control+p")
        box = self.page.locator(".quick-input-widget input").first
        box.wait_for(timeout=_PATIENCE_MS)
        box.fill(name)
        self.page.locator(".quick-input-list .monaco-list-row", has_text=name).first.click()
        self.page.mouse.move(*_ASIDE)
        self.page.locator(".tab.active", has_text=name).wait_for(timeout=_PATIENCE_MS)

    def go_to_line(self, line: int, column: int = 1) -> None:
        """Put the cursor at a 1-based place of the file."""
        self.page.locator(".editor-group-container.active .monaco-editor .view-lines").first.click()
        self.page.keyboard.press("Control+g")
        box = self.page.locator(".quick-input-widget input").first
        box.wait_for(timeout=_PATIENCE_MS)
        box.fill(f":{line}:{column}")
        self.page.keyboard.press("Enter")
        self.page.locator(".statusbar-item", has_text=f"Ln {line}, Col").wait_for(timeout=_PATIENCE_MS)
        # A person looks where the cursor is; meanwhile the extension tells VS Code whether that is a cell.
        self.page.wait_for_timeout(400)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def text(self, name: str) -> str:
        """What the file holds on the disk."""
        return (self.folder / name).read_text(encoding="utf-8")

    def lens(self, title: str, number: int = 0) -> Any:
        """The lens of that title, counted from the top."""
        return self.page.locator(".codelens-decoration a", has_text=title).filter(visible=True).nth(number)

    def see(self, selector: str, text: str = "", patience_ms: int = _PATIENCE_MS) -> Any:
        """Wait until something with that text is on the screen."""
        found = (
            self.page.locator(selector, has_text=text).first if text else self.page.locator(selector).first
        )
        found.wait_for(timeout=patience_ms)
        return found

    def state(self, words: str) -> None:
        """Wait until a cell's state, written at its fence, holds these words."""
        self.page.wait_for_function(
            """words => [...document.querySelectorAll('.monaco-editor .view-line span')].some(span =>
                getComputedStyle(span, '::after').content.replaceAll('\\u00a0', ' ').includes(words))""",
            arg=words,
            timeout=_PATIENCE_MS,
        )

    def output(self, words: str) -> None:
        """Wait until the terminal in view, the Runbook view as a rule, shows these words."""
        self.page.wait_for_function(
            """words => [...document.querySelectorAll('.terminal .xterm-rows > div')].some(row =>
                row.offsetParent && row.textContent.replaceAll('\\u00a0', ' ').includes(words))""",
            arg=words,
            timeout=_PATIENCE_MS,
        )

    def page_with(self, words: str) -> None:
        """Wait until a page, which VS Code shows in a frame, has these words."""
        for _ in range(_PATIENCE_MS // 100):
            for frame in self.page.frames[1:]:
                try:
                    if words in (frame.text_content("body", timeout=1000) or ""):
                        return
                except Exception:  # a frame may go while it is read
                    continue
            self.page.wait_for_timeout(100)
        raise AssertionError(f"no page has {words!r}")

    def status(self, words: str) -> Any:
        return self.see(".statusbar-item", words)

    def dialog(self) -> Any:
        return self.see(".monaco-dialog-box")

    def answer(self, button: str) -> None:
        self.page.locator(".monaco-dialog-box .monaco-button", has_text=button).first.click()
        self.page.locator(".monaco-dialog-box").wait_for(state="detached", timeout=_PATIENCE_MS)

    def toast(self, words: str) -> Any:
        return self.see(".notification-toast", words)

    def press_button(self, toast: Any, title: str) -> None:
        """Press a button of a notification."""
        toast.locator(".monaco-button", has_text=title).first.click()

    def dismiss(self) -> None:
        """Clear the notifications."""
        self.command("Notifications: Clear All Notifications")

    def picture(self, name: str) -> Path:
        file = self.pictures / f"{name}.png"
        self.page.screenshot(path=str(file))
        return file


@contextmanager
def code_server(
    place: Path, home: Path, extension: Path, folder: Path, settings: dict[str, object], path: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """VS Code's server with the extension installed; its address. `place` is where code-server is installed."""
    node = place / "node_modules" / "node" / "bin" / "node"
    entry = place / "node_modules" / "code-server" / "out" / "node" / "entry.js"
    data = home / "data"
    (data / "User").mkdir(parents=True)
    (data / "User" / "settings.json").write_text(json.dumps(SETTINGS | settings))
    # Settings of the machine, such as where the server is, do not come from the browser's side.
    ours = {name: value for name, value in settings.items() if name.startswith("runbook-ls.")}
    (data / "Machine").mkdir()
    (data / "Machine" / "settings.json").write_text(json.dumps(ours))
    (home / "config.yaml").write_text("auth: none\ncert: false\n")
    # VS Code asks a login shell for the environment, as the server does.
    for profile in (".profile", ".bash_profile", ".zprofile"):
        (home / profile).write_text(f"export PATH={shlex.quote(path)}\n")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("VSCODE_", "npm_"))},
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "cfg"),
        "XDG_DATA_HOME": str(home / "share"),
        "RUNBOOK_LS_HOME": str(home / "runbook-ls"),
        "PATH": path,
        "SHELL": shutil.which("bash") or "/bin/sh",
    }
    base = [str(node), str(entry), "--user-data-dir", str(data), "--extensions-dir", str(home / "extensions")]
    base += ["--config", str(home / "config.yaml")]
    with (home / "code-server.log").open("wb") as log:
        run = {"env": environment, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        subprocess.run([*base, "--install-extension", str(extension)], check=True, timeout=300, **run)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = ["--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry"]
        options += ["--disable-update-check", "--disable-getting-started-override", str(folder)]
        server = subprocess.Popen([*base, *options], start_new_session=True, **run)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_healthy(server, address)
            yield address, server
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait(10)


@contextmanager
def window(
    editors: Path,
    home: Path,
    extension: Path,
    folder: Path,
    settings: dict[str, object],
    path: str,
    pictures: Path,
) -> Iterator[Window]:
    """A window on a folder, from its start to its end; the test is skipped, aloud, where something is missing."""
    browser = next(
        (found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None
    )
    if not (editors / "code-server").exists():
        pytest.skip("VS Code is not installed (see what install said)")
    if browser is None:
        pytest.skip("there is no Chromium on this machine")
    sync = pytest.importorskip("playwright.sync_api")
    with (
        code_server(editors / "code-server", home, extension, folder, settings, path) as (address, _),
        sync.sync_playwright() as playwright,
    ):
        chrome = playwright.chromium.launch(executable_path=browser, args=list(CHROMIUM))
        context = chrome.new_context(viewport={"width": 1280, "height": 800})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        yield Window(page, address, folder, pictures, home / "runbook-ls" / "state" / "server.log")
        chrome.close()


def _wait_until_healthy(server: subprocess.Popen[bytes], address: str) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):
                return
        except OSError:
            try:
                server.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError("code-server ended before it answered")
