"""The last word on an intent counts, however often the former was said; and what that must not touch."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.suggest import analogy
from runbook_ls.suggest.outdated import outdated

IMAGES = ("vscode-ext", "ingress", "billing", "cart", "auth", "search", "mailer", "web", "api", "queue")
GCLOUD = """gcloud logging read 'logName="projects/acme/logs/hydros" jsonPayload.image="{}"' --limit 20"""


def shown(number: int, intent: str, command: str, source: str, **more: Any) -> Candidate:
    """An example learned at second `number`; all are about as near to the question."""
    instead_of = more.pop("instead_of", "")
    example = Example(str(number), intent, command, source, time=float(number), **more)  # type: ignore[arg-type]
    return Candidate(example, 0.9, 0.5, instead_of)


def former(times: int, source: str, intent: str = "show the hydros logs for the image {}") -> list[Candidate]:
    return [
        shown(n, intent.format(image), f"hydros logs {image}", source)
        for n, image in enumerate(IMAGES[:times])
    ]


def corrected(**more: Any) -> Candidate:
    intent = "show the hydros logs for the image redis"
    return shown(100, intent, GCLOUD.format("redis"), "corrected", **more)


@pytest.mark.parametrize("source", ["confirmed", "hand-written", "taught", "documented", "corrected"])
@pytest.mark.parametrize("times", [1, 3, 10])
def test_one_correction_outweighs_all_that_it_corrected(times: int, source: str) -> None:
    for asked in ("show the hydros logs for the image caribou", "hydros logs of the image caribou, please"):
        answer = analogy.suggest(asked, [*former(times, source), corrected()])
        assert answer is not None
        assert answer.text == GCLOUD.format("caribou")
        assert answer.confidence > 0.8


def test_a_rejected_suggestion_is_rejected_however_it_was_asked_for() -> None:
    old = former(8, "confirmed", "hydros logs of {}")
    asked = "show the hydros logs for the image caribou"
    assert outdated(asked, [*old, corrected()]) == frozenset()
    rejecting = corrected(instead_of="hydros logs redis")
    assert outdated(asked, [*old, rejecting]) == {each.example.id for each in old}


def test_a_value_that_nobody_speaks_of_is_corrected_too() -> None:
    old = [
        shown(
            n,
            f"show the pods of the namespace {name}",
            f"kubectl get pods -n {name} --context=dev",
            "confirmed",
        )
        for n, name in enumerate(IMAGES)
    ]
    intent, command = "show the pods of the namespace shop", "kubectl get pods -n shop --context=prod"
    answer = analogy.suggest(
        "show the pods of the namespace bank", [*old, shown(99, intent, command, "corrected")]
    )
    assert answer is not None
    assert answer.text == "kubectl get pods -n bank --context=prod"


def test_correcting_back_is_a_correction() -> None:
    back = shown(101, "show the hydros logs for the image elk", "hydros logs elk", "corrected")
    answer = analogy.suggest(
        "show the hydros logs for the image caribou", [*former(2, "confirmed"), corrected(), back]
    )
    assert answer is not None
    assert answer.text == "hydros logs caribou"


def test_what_was_put_right_is_still_offered_as_another_suggestion() -> None:
    found = analogy.suggestions(
        "show the hydros logs for the image caribou", [*former(3, "confirmed"), corrected()], limit=5
    )
    assert [each.text for each in found] == [GCLOUD.format("caribou"), "hydros logs caribou"]


DB = shown(1, "restart the service db", "systemctl restart db", "confirmed", workspace="/a")


def api(
    second: int = 2, source: str = "corrected", verb: str = "restart", by: str = "docker", **more: Any
) -> Candidate:
    """Another service, restarted by something else in the same workspace, a second later; or nearly so."""
    return shown(second, f"{verb} the service api", f"{by} {verb} api", source, **{"workspace": "/a", **more})


@pytest.mark.parametrize(
    ("asked", "newer"),
    [
        pytest.param("restart the service db", api(), id="the very intent"),
        pytest.param("restart the service web", api(workspace="/b"), id="another workspace"),
        pytest.param("restart the service web", api(verb="stop"), id="another operation"),
        pytest.param("restart the service web", api(second=0), id="an earlier run"),
        pytest.param("restart the service web", api(source="taught"), id="told, not run"),
        pytest.param(
            "restart the service web",
            api(workspace="", origin="http://team"),
            id="a stranger's word against one's own",
        ),
        pytest.param(
            "restart the service web",
            api(source="confirmed", by="systemctl"),
            id="the same with another value",
        ),
    ],
)
def test_what_stays_as_it_is(asked: str, newer: Candidate) -> None:
    assert DB.example.id not in outdated(asked, [DB, newer])


def test_what_no_test_above_leaves_alone_is_put_right() -> None:
    assert outdated("restart the service web", [DB, api()]) == {DB.example.id}
