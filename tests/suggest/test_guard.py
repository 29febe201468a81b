"""What the guard says of a suggestion, before anyone sees it, and of a run, before it teaches."""

from __future__ import annotations

import pytest

from runbook_ls.memory.examples import Example
from runbook_ls.suggest import guard
from runbook_ls.suggest.suggestion import Slot, Suggestion
from runbook_ls.values import Severity, Span


@pytest.mark.parametrize(
    ("text", "known", "codes"),
    [
        ("kubectl get pods", "", []),
        ("kubectl -n <namespace> get pods", "", ["placeholder-redirect"]),
        ("gcloud run --project=YOUR_PROJECT", "", ["placeholder"]),
        ("gcloud run --project=YOUR_PROJECT", "my project is really YOUR_PROJECT", []),
        ("curl https://api.anyscale.com", "", []),
        ("login --token «redacted:github-token»", "", ["redacted-value"]),
        ("echo 'no end", "", ["shell-syntax"]),
        ("rm -rf build", "", ["destructive"]),
        ("kubectl get ns && kubectl delete ns prod", "", ["destructive"]),
        ("echo a\u202eb", "", ["invisible-character"]),
    ],
)
def test_what_is_found(text: str, known: str, codes: list[str]) -> None:
    assert [problem.code for problem in guard.check(text, known=known)] == codes


def test_the_span_is_the_place_in_the_text() -> None:
    (problem,) = guard.check("echo ok\nkubectl -n <namespace> get pods", known="")
    assert problem.severity is Severity.ERROR
    assert problem.span == Span.of(1, 11, 1, 22)


def test_what_cannot_be_traced_is_said() -> None:
    example = Example("01E", "show the logs of web", "logs web --since=1d", workspace="/other")
    suggestion = Suggestion(
        "logs web --since=1d", "analogy", 0.8, ("01E",), (Slot(5, 8, "web", "web", False),), ("3 days",)
    )
    found = guard.check_suggestion(suggestion, intent="show the logs", examples=[example], workspace="/here")
    assert [problem.code for problem in found] == ["ungrounded", "unused-value", "other-workspace"]
    assert found[0].span == Span.of(0, 5, 0, 8)
    assert '"3 days" of the intent was not used' in found[1].message


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("kubectl --context prod-eu get nodes", [Span.of(0, 18, 0, 25)]),
        ("kubectl get nodes", []),
    ],
)
def test_of_what_a_model_was_shown_only_what_it_used_counts(text: str, spans: list[Span]) -> None:
    example = Example("01E", "list the pods", "kubectl --context prod-eu get pods", workspace="/other")
    found = guard.check_suggestion(
        Suggestion(text, "llm", 0.5, ("01E",)), intent="list the nodes", examples=[example], workspace="/here"
    )
    assert [(problem.code, problem.span) for problem in found] == [
        ("other-workspace", span) for span in spans
    ]
