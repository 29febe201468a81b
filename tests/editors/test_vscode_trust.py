"""VS Code in a folder that the user does not trust: runbooks are checked, and nothing of them runs."""

from __future__ import annotations

from pathlib import Path

from . import vscode


def test_an_untrusted_folder_is_checked_and_not_run(
    editors: Path, extension: Path, folder: Path, pictures: Path, path: str, tmp_path: Path
) -> None:
    settings = {"workbench.colorTheme": vscode.THEMES["light"], "security.workspace.trust.enabled": True}
    with vscode.window(editors, tmp_path, extension, folder, settings, path, pictures) as window:
        try:
            window.open("operations.md")
            window.see(".squiggly-warning")
            window.status("Runbook: folder not trusted")
            assert window.page.locator(".codelens-decoration a", has_text="Run").count() == 0
            window.go_to_line(14)
            window.press("Shift+Enter")
            window.toast("not trusted")
            window.page.wait_for_timeout(500)  # it slides in
            window.picture("15-untrusted")
        except BaseException:
            window.picture("failed-untrusted")
            raise
    assert (folder / "reports").exists()
