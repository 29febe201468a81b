"""Open documents: what is known of their cells moves along with the text, and taken suggestions are noticed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Span, TextEdit
from runbook_ls.workbench import open as opening
from runbook_ls.workbench import suggest
from runbook_ls.workbench.session import OpenDocument, Session

TEXT = "Show the pods\n\n```sh\n```\n"


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> TextEdit:
    return TextEdit(Span.of(line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (edit(0, 0, 0, 0, "x"), 5),
        (edit(0, 0, 0, 0, "x\n"), 6),
        (edit(5, 0, 5, 0, "x\n"), 6),
        (edit(5, 1, 5, 1, "x\n"), 5),
        (edit(9, 0, 9, 0, "x\n"), 5),
        (edit(1, 0, 3, 0, ""), 3),
        (edit(1, 0, 3, 0, "a\r\nb\rc\n"), 6),
        (edit(4, 0, 6, 0, ""), opening.GONE),
        (edit(5, 0, 6, 0, ""), opening.GONE),
        (edit(4, 3, 5, 2, ""), opening.GONE),
        (edit(5, 0, 6, 0, "x\n"), 5),
        (edit(4, 0, 7, 0, "a\nb\nc\n"), 5),
        (edit(5, 0, 5, 3, ""), 5),
    ],
)
def test_a_line_moves_along_with_edits(change: TextEdit, line: int) -> None:
    assert opening.moved(5, change) == line


def opened(session: Session, tmp_path: Path) -> OpenDocument:
    return opening.open_document(session, "file:///a.md", str(tmp_path / "a.md"), 1, TEXT)


def changed(session: Session, document: OpenDocument, *edits: TextEdit) -> OpenDocument:
    text = document.runbook.text
    for one in edits:
        text = apply_edits(text, [one])
    return opening.change_document(
        session, document.uri, document.version + 1, tuple(split_lines(text)), edits
    )


def test_an_offer_that_is_taken_enters_the_journal_once(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    here = session()
    document = opened(here, tmp_path)
    offered = suggest.offer(
        here, document.uri, "Show the pods", Suggestion("kubectl get pods", "analogy", 0.9)
    )
    assert suggest.offer(here, document.uri, "Show the pods", offered.suggestion) is offered
    assert opening.entered(here, document) == []
    document = changed(here, document, edit(3, 0, 3, 0, "kubectl get pods\n"))
    (stored,) = opening.entered(here, document)
    assert (stored.id, stored.text, stored.line, stored.intent) == (
        offered.id, "kubectl get pods", 2, "Show the pods",
    )  # fmt: skip
    assert opening.entered(here, document) == []


def test_what_was_shown_for_another_intent_did_not_enter(
    session: Callable[..., Session], tmp_path: Path
) -> None:
    here = session()
    document = opened(here, tmp_path)
    suggest.offer(here, document.uri, "Show the nodes", Suggestion("kubectl get pods", "analogy", 0.9))
    document = changed(here, document, edit(3, 0, 3, 0, "kubectl get pods\n"))
    assert opening.entered(here, document) == []


def test_secrets_of_a_taken_suggestion_are_redacted(session: Callable[..., Session], tmp_path: Path) -> None:
    here = session()
    document = opened(here, tmp_path)
    secret = "ghp_" + "a1B2" * 9
    suggest.offer(here, document.uri, "Show the pods", Suggestion(f"login {secret}", "analogy", 0.9))
    document = changed(here, document, edit(3, 0, 3, 0, f"login {secret}\n"))
    (stored,) = opening.entered(here, document)
    assert stored.text == "login «redacted:github-token»"


def test_offers_that_were_only_shown_wait_in_a_bounded_list(session: Callable[..., Session]) -> None:
    here = session()
    suggestion = Suggestion("x", "analogy", 0.9)
    for number in range(1000):
        suggest.offer(here, "file:///a.md", f"intent {number}", replace(suggestion, text=str(number)))
    assert len(here.offers) == 256
