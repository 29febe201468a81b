"""The story: one correction teaches. Everything else about analogy is in fixtures/analogy."""

from __future__ import annotations

from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.suggest import analogy

TAUGHT = (
    'gcloud logging read \'logName="projects/foyle-dev/logs/hydros" jsonPayload.image="vscode-ext"\''
    " --freshness=1d --project=foyle-dev"
)


def candidates(*pairs: tuple[str, str], similarity: float = 0.6) -> list[Candidate]:
    return [Candidate(Example(str(n), q, a), similarity, 0.5) for n, (q, a) in enumerate(pairs)]


def test_another_image() -> None:
    stored = candidates(("fetch the hydros logs for the image vscode-ext", TAUGHT))
    suggestion = analogy.suggest("show the hydros logs for the image caribou", stored)
    assert suggestion is not None
    assert suggestion.text == TAUGHT.replace("vscode-ext", "caribou")
    assert suggestion.grounded


def test_a_value_without_a_place_is_told() -> None:
    stored = candidates(
        ("fetch the hydros logs for the image vscode-ext", TAUGHT),
        ("show the hydros logs for the image caribou", TAUGHT.replace("vscode-ext", "caribou")),
    )
    suggestion = analogy.suggest("hydros logs of the image backend/otter, the last 3 days", stored)
    assert suggestion is not None
    assert suggestion.text == TAUGHT.replace("vscode-ext", "backend/otter")
    assert suggestion.unused == ("3 days",)
    assert not suggestion.grounded


def test_after_the_duration_is_taught_it_varies() -> None:
    stored = candidates(
        ("fetch the hydros logs for the image vscode-ext", TAUGHT),
        ("show the hydros logs for the image caribou", TAUGHT.replace("vscode-ext", "caribou")),
        (
            "hydros logs of the image backend/otter, the last 3 days",
            TAUGHT.replace("vscode-ext", "backend/otter").replace("1d", "3d"),
        ),
    )
    suggestion = analogy.suggest("hydros logs of the image backend/otter, the last 7 days", stored)
    assert suggestion is not None
    assert suggestion.text == TAUGHT.replace("vscode-ext", "backend/otter").replace("1d", "7d")
    assert suggestion.grounded
