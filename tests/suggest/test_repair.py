"""What a past correction makes of a command that failed in the same way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.memory.examples import Example
from runbook_ls.suggest.prompt import Failure
from runbook_ls.suggest.repair import Correction, repair


def correction(failed: str, executed: str, code: int = 1, error: str = "") -> Correction:
    return Correction(Failure(failed, code, error), executed, Example("01R", "an intent", executed))


@pytest.mark.parametrize(
    ("failed", "executed", "now", "expected"),
    [
        ("kubectl log web", "kubectl logs web", "kubectl log api -n shop", "kubectl logs api -n shop"),
        ("helm list", "helm list -n shop", "helm list", "helm list -n shop"),
        ("sl", "ls", "sl -a", "ls -a"),
        ("tar xf a.tgz --gz", "tar xf a.tgz", "tar xf b.tgz --gz", "tar xf b.tgz"),
        ("pull web", "login\npull web", "pull api", "login\npull api"),
        (
            "hydros logs vscode-ext",
            "gcloud logging read 'image=\"vscode-ext\"' --project=foyle-dev",
            "hydros logs caribou-2",
            "gcloud logging read 'image=\"caribou-2\"' --project=foyle-dev",
        ),
    ],
)
def test_the_same_edit_repairs_the_same_failure(failed: str, executed: str, now: str, expected: str) -> None:
    found = repair(Failure(now, 1, ""), [correction(failed, executed)])
    assert found is not None
    assert (found.text, found.generator, found.examples) == (expected, "analogy", ("01R",))


@pytest.mark.parametrize(
    ("past", "now"),
    [
        (correction("kubectl log web", "kubectl logs web", 1), Failure("kubectl log api", 127, "")),
        (correction("kubectl log web", "kubectl logs web", 1), Failure("helm log api", 1, "")),
        (
            correction("kubectl log web", "kubectl logs web", 1, 'error: unknown command "log"'),
            Failure("kubectl log api", 1, "Unable to connect to the server: timeout"),
        ),
        (correction("kubectl log web", "kubectl logs web", 1), Failure("kubectl logs web", 1, "")),
    ],
)
def test_another_failure_is_not_repaired_by_it(past: Correction, now: Failure) -> None:
    assert repair(now, [past]) is None


def test_the_likelier_correction_counts() -> None:
    found = repair(
        Failure("kubectl get pods", 1, "error: no context is set"),
        [
            correction("kubectl get pods", "kubectl get pods -n shop", 1, "error: no namespace is set"),
            correction("kubectl get pods", "kubectl get pods --context eu", 1, "error: no context is set"),
        ],
    )
    assert found is not None
    assert found.text == "kubectl get pods --context eu"


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_any_text_gives_a_repair_or_none(failed: str, executed: str, now: str, error: str) -> None:
    found = repair(Failure(now, 1, error), [correction(failed, executed, 1, error)])
    assert found is None or found.text.strip() != now.strip()
