"""VS Code beyond the story: questions for values, what is said aloud, keys, what is taken along."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import vscode
from .conftest import left_over
from .vscode import Window


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vscode")


@pytest.fixture(scope="module")
def window(
    editors: Path, extension: Path, folder: Path, pictures: Path, path: str, home: Path
) -> Iterator[Window]:
    settings = {
        "workbench.colorTheme": vscode.THEMES["dark"],
        "security.workspace.trust.enabled": False,
        "runbook-ls.announce": "always",
        "runbook-ls.settings": {"suggest.llm": "always", "llm.model": "small"},
    }
    with vscode.window(editors, home, extension, folder, settings, path, pictures) as opened:
        yield opened
    assert left_over(home, "runbook") == []


def test_the_values_of_inputs_are_asked(window: Window) -> None:
    window.open("release.md")
    window.lens("Run cell").wait_for()
    window.go_to_line(15)
    window.press("Shift+Enter")
    window.see(".quick-input-list .monaco-list-row", "us")
    window.picture("20-dark-choice")
    window.type("us")
    window.press("Enter")
    window.see(".quick-input-widget", "Which version is released?")
    window.picture("21-dark-input")
    window.press("Enter")
    window.output("releasing 1.4 in us")


def test_the_end_of_a_cell_is_said_where_screens_are_read_aloud(window: Window) -> None:
    toast = window.toast("echo-releasing: exit 0 in")
    window.picture("22-dark-announced")
    assert "Show Output" in toast.inner_text()
    window.dismiss()


def test_the_status_says_in_words_whether_a_model_is_on(window: Window) -> None:
    label = window.page.locator(
        "#runbook-ls\\.runbook-ls\\.runbook-ls\\.status, .statusbar-item[id*='runbook-ls']"
    )
    assert "model on" in (label.first.locator("[aria-label]").first.get_attribute("aria-label") or "")


def test_control_enter_moves_on_and_keys_are_plain_outside_of_cells(window: Window) -> None:
    window.go_to_line(15)
    window.press("Control+Enter")
    window.status("Ln 21, Col 1")
    window.toast("echo-releasing: exit 0 in")
    window.dismiss()
    window.go_to_line(18, 18)
    window.press("Shift+Enter")
    window.status("Ln 19, Col 1")
    window.press("Backspace")
    window.status("Ln 18, Col 18")


def test_a_run_is_copied_as_markdown(window: Window) -> None:
    window.go_to_line(15)
    window.command("Runbook: Copy Run as Markdown")
    window.toast("Copied the run of echo-releasing")
    window.dismiss()
    window.go_to_file("notes.md")
    window.go_to_line(1)
    window.press("Control+End", "Control+v")
    window.see(".view-line", "releasing 1.4 in us")
    window.picture("23-dark-copied")


def test_a_run_leads_back_to_its_cell(window: Window) -> None:
    window.go_to_file("release.md")
    window.go_to_line(1)
    window.command("Runbook: Go to the Cell of a Run…")
    window.see(".quick-input-list .monaco-list-row", "echo-releasing")
    window.press("Enter")
    window.status("Ln 14, Col 1")


def test_what_was_learned_is_exported(window: Window) -> None:
    window.command("Runbooks: Focus on Learned View")
    window.see(".pane-body .monaco-list-row", "Say what is released")
    window.picture("24-dark-learned")
    window.command("Runbook Learned: Export Examples…")
    target = window.folder / "examples.jsonl"
    window.page.wait_for_function(
        "file => [...document.querySelectorAll('.quick-input-widget input')].some(box => box.value === file)",
        arg=str(target),
    )
    window.press("Enter")
    window.toast("Exported")
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert "Say what is released" in [row["intent"] for row in rows]
    window.dismiss()


def test_the_walkthrough_is_two_keys_away(window: Window) -> None:
    window.status("Runbook").click()
    window.see(".quick-input-list .monaco-list-row", "The five-minute tour").click()
    window.see(".gettingStartedContainer", "One correction is enough")
    window.see(".gettingStartedContainer", "Run a cell")
    window.picture("25-dark-walkthrough")
    window.command("View: Close Editor")


def test_a_plain_markdown_file_stays_the_normal_editor(window: Window) -> None:
    window.go_to_file("plain.md")
    window.see(".view-line", "No cell at all.")
    assert window.page.locator(".editor-instance .codelens-decoration").count() == 0
    assert window.text("plain.md") == "# Plain\n\nNo cell at all.\n"
