"""VS Code, as people use it: the whole story in one window, by keys and clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import vscode
from .conftest import left_over
from .vscode import Window

GUESS = "hydros logs vscode-ext"
RIGHT = (
    """gcloud logging read 'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"' """
    "--freshness=1d --project=foyle-dev"
)


@pytest.fixture(scope="module")
def window(
    editors: Path,
    extension: Path,
    folder: Path,
    pictures: Path,
    path: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Window]:
    home = tmp_path_factory.mktemp("vscode")
    settings = {"workbench.colorTheme": vscode.THEMES["light"], "security.workspace.trust.enabled": False}
    with vscode.window(editors, home, extension, folder, settings, path, pictures) as opened:
        yield opened
    # Closing the window leaves nothing of ours.
    assert left_over(home, "runbook") == []


def test_a_runbook_opens_with_its_problems_and_lenses(window: Window) -> None:
    window.open("operations.md")
    window.see(".squiggly-warning")
    window.lens("Run cell").wait_for()
    window.status("Runbook")
    window.picture("1-opened")


def test_a_problem_is_fixed_from_the_lightbulb(window: Window) -> None:
    window.go_to_line(8)
    window.press("Control+.")
    window.see(".action-widget", "Remove the prompts").get_by_text("Remove the prompts").first.click()
    window.page.locator(".squiggly-warning").first.wait_for(state="detached")
    window.picture("2-fixed")


def test_a_lens_runs_the_cell_and_the_receipt_stands_at_the_fence(window: Window) -> None:
    window.lens("Run cell").click()
    window.state("exit 0 in")
    window.output("exit 0 in")
    window.picture("3-ran")


def test_output_streams_while_a_cell_runs(window: Window) -> None:
    window.go_to_line(23)
    window.press("Shift+Enter")
    window.output("step one")
    window.state("running")
    window.status("Running")
    window.picture("4-running")
    assert not (window.folder / "build-done").exists()
    (window.folder / "build-done").touch()
    window.output("step two")
    window.state("exit 0 in")


def test_a_running_cell_is_cancelled(window: Window) -> None:
    window.go_to_line(31)
    window.press("Control+Enter")
    window.output("waiting")
    window.lens("Cancel").click()
    window.state("cancelled after")


def test_what_destroys_is_refused_and_then_confirmed(window: Window) -> None:
    window.go_to_line(14)
    window.press("Shift+Enter")
    dialog = window.dialog()
    assert "rm -rf reports" in dialog.inner_text()
    assert str(window.folder) in dialog.inner_text()
    window.picture("5-question")
    window.answer("Cancel")
    assert (window.folder / "reports").exists()

    window.press("Shift+Enter")
    window.dialog()
    window.page.locator(".monaco-dialog-box .monaco-button", has_text="Run").get_by_text(
        "Run", exact=True
    ).click()
    window.output("rm-rf · line 13")
    _until_gone(window, window.folder / "reports")


def test_nothing_is_guessed_and_a_failure_teaches_nothing(window: Window) -> None:
    window.go_to_file("builds.md")
    window.lens("Generate command").click()
    window.toast("Nothing yet")
    window.picture("6-nothing-yet")
    window.dismiss()
    window.go_to_line(12, 6)
    window.type(f"\n{GUESS}")
    window.press("Shift+Enter")
    window.state("exit 127")
    window.state("not learned")


def test_one_correction_teaches(window: Window) -> None:
    window.press("Shift+Home")
    window.type(RIGHT)
    window.press("Shift+Enter")
    window.state("exit 0 in")
    window.state("learned")
    window.output("build of vscode-ext finished")
    window.picture("7-learned")


def test_the_next_runbook_has_it_as_ghost_text(window: Window) -> None:
    window.go_to_file("incident.md")
    window.go_to_line(5, 9)
    window.type("\n")
    window.page.wait_for_function(
        "() => [...document.querySelectorAll('.ghost-text-decoration')].some(part => part.textContent.includes('caribou'))"
    )
    window.picture("8-ghost-text")
    window.press("Tab")
    window.page.locator(".ghost-text-decoration").first.wait_for(state="detached")
    window.see(".view-line", 'jsonPayload.image="caribou"')


def test_a_suggestion_that_was_not_changed_only_reads(window: Window) -> None:
    window.press("Shift+Enter")
    window.state("confirmed")
    window.lens("Run cell").wait_for()  # no longer "Generate command"
    window.picture("9-confirmed")


def test_what_was_learned_is_listed_with_where_it_came_from(window: Window) -> None:
    window.command("Runbooks: Focus on Learned View")
    window.see(".pane-body .monaco-list-row", "Fetch the hydros logs")
    window.picture("10-learned-view")


def test_it_says_where_a_suggestion_came_from(window: Window) -> None:
    window.go_to_line(6)
    window.command("Runbook: Why This Suggestion?")
    window.see(".tab", "Why this suggestion")
    window.page_with("Fetch the hydros logs for the image vscode-ext")
    window.picture("11-why")
    window.command("View: Close All Editors in Group")


def test_an_example_is_forgotten(window: Window) -> None:
    row = window.see(".pane-body .monaco-list-row", "Say hello on two lines")
    row.hover()
    row.locator(".action-label[aria-label^='Forget']").click()
    assert "echo two" in window.dialog().inner_text()
    window.answer("Forget")
    window.toast("Forgot “Say hello on two lines”")
    row.wait_for(state="detached")
    window.dismiss()


def test_a_cell_runs_in_a_terminal(window: Window) -> None:
    window.go_to_file("notes.md")
    window.go_to_line(6)
    window.command("Runbook: Run Cell in a Terminal")
    window.output("two")
    window.output("learned")
    window.picture("11-terminal")


def test_a_reloaded_window_finds_its_state(window: Window) -> None:
    window.go_to_file("operations.md")
    window.page.reload()
    window.see(".monaco-editor .view-line")
    window.lens("Run cell").wait_for()
    window.go_to_line(8)
    window.command("Show or Focus Hover")
    window.see(".monaco-hover", "exit 0")
    window.picture("11-reloaded")


def test_it_is_legible_in_the_dark(window: Window) -> None:
    window.command("Preferences: Toggle between Light/Dark Themes")
    window.see(".monaco-workbench.vs-dark")
    window.go_to_file("builds.md")
    window.go_to_line(13)
    window.press("Shift+Enter")
    window.state("exit 0 in")
    window.picture("12-dark-ran")
    window.go_to_file("operations.md")
    window.go_to_line(14)
    window.press("Shift+Enter")
    window.dialog()
    window.picture("13-dark-question")
    window.answer("Cancel")


def test_opening_a_file_does_not_wait_for_the_extension(window: Window) -> None:
    window.command("Developer: Show Running Extensions")
    window.see(".runtime-extensions-editor .monaco-list-row").hover()
    row = window.page.locator(".runtime-extensions-editor .monaco-list-row", has_text="Runbooks that learn")
    for _ in range(40):  # the list only holds what is in view
        if row.count():
            break
        window.page.mouse.wheel(0, 200)
        window.page.wait_for_timeout(50)
    row = row.first.inner_text()
    activation = re.search(r"Activation: (\d+)ms", row)
    assert activation, row
    window.picture("14-activation")
    print(f"activation: {activation[1]} ms")


def _until_gone(window: Window, file: Path) -> None:
    for _ in range(200):
        if not file.exists():
            return
        window.page.wait_for_timeout(50)
    raise AssertionError(f"{file} is still there")
