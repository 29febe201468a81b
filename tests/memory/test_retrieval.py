"""What is recalled, and in which order; the journal has the last word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_ls.memory import direct
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.examples import Example
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Outcome
from runbook_ls.memory.retrieval import Recollection, recall
from runbook_ls.memory.wording import content_words, overlap
from runbook_ls.values import RunbookError
from tests.memory.conftest import a_run, lesson, python, taught

Teach = Callable[..., Outcome]


@pytest.fixture(scope="module")
def minilm() -> object:
    return direct.load_embedder("minilm")


@pytest.fixture
def memory(journal: Journal, minilm: object, monkeypatch: pytest.MonkeyPatch) -> DirectMemory:
    """Memory with the real model, which is loaded once for all tests."""
    monkeypatch.setattr(direct, "load_embedder", lambda name: minilm)
    return DirectMemory(journal)


def intents(found: Recollection) -> list[str]:
    return [candidate.example.intent for candidate in found.candidates]


def test_an_empty_memory(memory: DirectMemory) -> None:
    assert memory.recall("list the pods") == Recollection(())


def test_by_meaning_and_by_words(memory: DirectMemory, teach: Teach) -> None:
    teach("fetch the hydros logs for the image vscode-ext", "gcloud logging read")
    teach("show what runs in the cluster", "kubectl get pods")
    teach("bake a loaf of bread", "oven --on")

    found = memory.recall("show the hydros logs for the image caribou")
    assert intents(found)[0] == "fetch the hydros logs for the image vscode-ext"
    assert found.candidates[0].similarity > 0.5
    assert found.candidates[0].words == pytest.approx(6 / 11)
    assert found.notes == ()

    assert intents(memory.recall("list all kubernetes workloads"))[0] == "show what runs in the cluster"


def test_at_most_as_many_as_asked_for(memory: DirectMemory, teach: Teach) -> None:
    for number in range(100):
        teach(f"list the pods of team {number}", f"kubectl get pods -n team-{number}")
    assert len(memory.recall("list the pods of team 7").candidates) == 24
    found = memory.recall("list the pods of team 7", limit=3)
    assert len(found.candidates) == 3
    assert found.candidates[0].example.command == "kubectl get pods -n team-7"
    assert found.candidates[0].similarity == pytest.approx(1.0, abs=1e-3)


def test_the_same_pair_comes_once_and_from_here_first(memory: DirectMemory, teach: Teach) -> None:
    for workspace in ("/other", "/w", "/third"):
        teach("list the pods", "kubectl get pods", workspace=workspace)
    teach("list the pods", "oc get pods", workspace="/other-tool")
    found = memory.recall("list the pods", workspace="/w").candidates
    assert [(each.example.command, each.example.workspace) for each in found] == [
        ("kubectl get pods", "/w"),
        ("oc get pods", "/other-tool"),
    ]


def test_documented_examples_answer_in_their_workspace_only(memory: DirectMemory, teach: Teach) -> None:
    teach("list the pods", "kubectl get pods", source="documented", workspace="/w", everywhere=False)
    teach("list the nodes", "kubectl get nodes", source="documented", workspace="/w", everywhere=True)
    assert intents(memory.recall("list the pods", workspace="/w")) == ["list the pods", "list the nodes"]
    assert intents(memory.recall("list the pods", workspace="/other")) == ["list the nodes"]
    assert intents(memory.recall("list the pods")) == ["list the nodes"]


def test_what_was_run_comes_before_what_is_documented(memory: DirectMemory, teach: Teach) -> None:
    teach("list the pods", "kubectl get pod", source="documented", file="/w/a.md", workspace="/w")
    teach("list all the pods", "kubectl get pods -A", source="documented", file="/w/a.md", workspace="/w")
    teach("List the pods", "kubectl get pods", workspace="/w")
    found = [each.example.command for each in memory.recall("list the pods", workspace="/w").candidates]
    assert found == ["kubectl get pods", "kubectl get pods -A"]


def test_a_correction_is_used_by_the_next_request(memory: DirectMemory, teach: Teach, path: Path) -> None:
    teach("list the pods", "kubectl get pod", workspace="/w")
    assert memory.recall("list the pods").candidates[0].example.command == "kubectl get pod"
    teach("list the pods", "kubectl get pods", workspace="/w")
    assert [each.example.command for each in memory.recall("list the pods").candidates] == [
        "kubectl get pods"
    ]
    other_process = """
import sys
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson
with Journal.open(Path(sys.argv[1])) as journal, journal.writing() as writing:
    writing.teach(Lesson("list the pods", "oc get pods", "corrected", workspace="/w"))
"""
    python(other_process, path)
    assert [each.example.command for each in memory.recall("list the pods").candidates] == ["oc get pods"]


def test_the_latest_run_is_recalled_however_many_alike_came_before(
    memory: DirectMemory, teach: Teach
) -> None:
    for number in range(200):
        teach(
            f"show the hydros logs for the image web-{number}",
            f"hydros logs web-{number}",
            time=float(number),
        )
    teach("show the hydros logs for the image redis", "gcloud logging read redis", source="corrected")
    for asked in ("show the hydros logs for the image web-17-beta", "hydros logs of the image web-201"):
        found = intents(memory.recall(asked, limit=14))
        assert "show the hydros logs for the image redis" in found
        assert "web-" in found[0]


def test_a_correction_comes_with_what_it_corrected(memory: DirectMemory, journal: Journal) -> None:
    run = a_run(suggestion="kubectl get pod", executed="kubectl get pods")
    with journal.writing() as writing:
        writing.teach(lesson(run.intent, run.executed, source="corrected", run_id=run.id))
        writing.add_run(run)
        writing.teach(lesson("list the nodes", "kubectl get nodes"))
    found = {each.example.command: each.instead_of for each in memory.recall("list the pods").candidates}
    assert found == {"kubectl get pods": "kubectl get pod", "kubectl get nodes": ""}
    journal.forget(run.id)
    assert all(each.instead_of == "" for each in memory.recall("list the pods").candidates)


def test_what_is_forgotten_is_not_recalled(memory: DirectMemory, teach: Teach, journal: Journal) -> None:
    pods = teach("list the pods", "kubectl get pods").example_id
    teach("list the nodes", "kubectl get nodes")
    assert len(memory.recall("list the pods").candidates) == 2
    journal.forget(pods)
    assert intents(memory.recall("list the pods")) == ["list the nodes"]


def test_vectors_are_kept_with_the_name_of_their_model(path: Path, minilm: object) -> None:
    with Journal.open(path) as journal:
        taught(journal, "list the pods", "kubectl get pods")
        for name in ("hashing", "minilm", "hashing"):
            memory = DirectMemory(journal, name)  # type: ignore[arg-type]
            assert intents(memory.recall("list the pods")) == ["list the pods"]
            memory.close()
        assert journal.counts().vectors == {"all-MiniLM-L6-v2-int8+masked": 1, "hashing-512+masked": 1}


def test_only_so_many_are_embedded_at_once(journal: Journal, teach: Teach) -> None:
    for number in range(50):
        teach(f"list the pods of team {number}", f"kubectl get pods -n team-{number}")
    memory = DirectMemory(journal, "hashing", embed_at_most=32)
    found = memory.recall("list the pods of team 3").candidates
    assert found[0].example.command == "kubectl get pods -n team-3"  # by its words, until its turn comes
    memory.close()
    assert journal.counts().vectors == {"hashing-512+masked": 32}
    while memory.work():
        pass
    assert journal.counts().vectors == {"hashing-512+masked": 50}


class TestWithoutEmbedder:
    @pytest.fixture
    def memory(self, journal: Journal, monkeypatch: pytest.MonkeyPatch) -> DirectMemory:
        def refuse(name: str) -> None:
            raise RunbookError("model.onnx is not the published file")

        monkeypatch.setattr(direct, "load_embedder", refuse)
        return DirectMemory(journal)

    def test_words_must_do_and_a_note_says_why(self, memory: DirectMemory, teach: Teach) -> None:
        teach("fetch the hydros logs", "gcloud logging read")
        teach("bake a loaf of bread", "oven --on")
        found = memory.recall("show the hydros log")
        assert intents(found) == ["fetch the hydros logs"]
        assert found.candidates[0].similarity == 0
        assert found.notes == ("memory goes by words only: model.onnx is not the published file",)

    def test_weigh(self, memory: DirectMemory) -> None:
        found = memory.weigh(
            "list the pods", [Example("1", "bake bread", ""), Example("2", "list the pods", "")]
        )
        assert intents(found) == ["list the pods", "bake bread"]
        assert len(found.notes) == 1


def test_weigh_reads_no_journal(memory: DirectMemory, teach: Teach) -> None:
    teach("list the pods", "kubectl get pods")
    given = [Example("1", "bake a loaf of bread", "oven"), Example("2", "show pods", "oc get pods")]
    found = memory.weigh("list all pods", given)
    assert [each.example.id for each in found.candidates] == ["2", "1"]
    assert found.candidates[0].similarity > 0.5
    assert memory.weigh("list all pods", []) == Recollection(())


@pytest.mark.parametrize(
    "intent",
    ["", "?!", "the of", '" OR 1 --', "NEAR(a b)", "intent: x", "*", "é — 🦦", "\udc80", "x" * 100_000],
)
def test_any_intent_can_be_asked(memory: DirectMemory, teach: Teach, intent: str) -> None:
    teach("list the pods", "kubectl get pods")
    memory.recall(intent)
    teach(intent, "true")
    assert "true" in {each.example.command for each in memory.recall(intent).candidates}


def test_by_words_alone(journal: Journal, teach: Teach) -> None:
    teach("restart the nginx services", "systemctl restart nginx")
    teach("show the status of postgres", "systemctl status postgresql")
    found = recall(journal, "restart a service", workspace="", limit=5)
    assert [each.example.command for each in found] == ["systemctl restart nginx"]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("list the pods", "List all pods!", 1.0),
        ("list the pods", "bake bread", 0.0),
        ("list the pods", "list the nodes", 0.5),
        ("", "list", 0.0),
    ],
)
def test_overlap(left: str, right: str, expected: float) -> None:
    assert overlap(content_words(left), content_words(right)) == expected
