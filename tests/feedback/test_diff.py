from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.feedback.diff import diff


@pytest.mark.parametrize(
    ("suggested", "executed", "shown"),
    [
        ("kubectl get pods", "kubectl get pods", ""),
        ("kubectl  get   pods", "kubectl get pods", ""),
        ("gcloud logs --freshness=1d", "gcloud logs --freshness=3d", "1d → 3d"),
        ("""x 'image="a"' -f""", """x 'image="b/c"' -f""", "a → b/c"),
        ("kubectl get pods", "kubectl get pods -A", "+ -A"),
        ("kubectl get pods -A", "kubectl get pods", "- -A"),
        ("a b c d e", "v w x y z", "a → v, b → w, c → x and 2 more"),
    ],
)
def test_changes_as_a_receipt_tells_them(suggested: str, executed: str, shown: str) -> None:
    assert str(diff(suggested, executed)) == shown


def test_whole_scripts_are_compared() -> None:
    found = diff("cd /srv\nmake build", "cd /srv\nmake deploy")
    assert [(c.old, c.new) for c in found.changes] == [("build", "deploy")]
    assert 0 < found.distance < 0.5


@given(st.text())
def test_a_text_is_no_distance_from_itself(text: str) -> None:
    assert diff(text, text).changes == ()
    assert diff(text, text).distance == 0


@given(st.text(), st.text())
def test_the_distance_is_a_share_and_has_no_direction(a: str, b: str) -> None:
    assert 0 <= diff(a, b).distance <= 1
    assert diff(a, b).distance == diff(b, a).distance
