"""One intent has one command in a workspace: repeats confirm, another command supersedes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Outcome
from tests.memory.conftest import lesson

Teach = Callable[..., Outcome]


def commands(journal: Journal) -> list[str]:
    return sorted(example.command for example in journal.examples())


@pytest.mark.parametrize(
    "again",
    ["list the pods", "List the pods:", "  list   the pods.", "list the `pods`"],
)
def test_the_same_again_confirms(teach: Teach, journal: Journal, again: str) -> None:
    first = teach("list the pods", "kubectl get pods -A", workspace="/w", time=1.0)
    second = teach(again, "kubectl  get pods  -A\n", workspace="/w", time=2.0)
    assert (first.kind, second.kind) == ("learned", "confirmed")
    (example,) = journal.examples()
    assert example.id == first.example_id == second.example_id
    assert (example.confirmations, example.time, example.command) == (1, 2.0, "kubectl get pods -A")


@pytest.mark.parametrize(
    ("other_intent", "other_command"),
    [
        ("deploy v12", "make deploy VERSION=v1.2"),  # punctuation inside a word is part of a value
        ("show logs of backend/otter", "make deploy VERSION=v1.2"),
    ],
)
def test_another_intent_stands_beside_it(
    teach: Teach, journal: Journal, other_intent: str, other_command: str
) -> None:
    teach("deploy v1.2", "make deploy VERSION=v1.2", workspace="/w", file="/w/a.md", cell="make")
    assert teach(other_intent, other_command, workspace="/w", file="/w/a.md", cell="make").kind == "learned"
    assert len(journal.examples()) == 2


def test_another_command_supersedes(teach: Teach, journal: Journal) -> None:
    old = teach("list the pods", "kubectl get pod", workspace="/w")
    new = teach("List the pods", "kubectl get pods -A", workspace="/w")
    assert new.kind == "superseded"
    assert new.superseded == (old.example_id,)
    assert commands(journal) == ["kubectl get pods -A"]
    assert journal.example(old.example_id) is not None  # kept, but no longer in use
    assert journal.counts().superseded == 1


def test_going_back_revives_the_older_one(teach: Teach, journal: Journal) -> None:
    first = teach("list the pods", "kubectl get pods", workspace="/w")
    second = teach("list the pods", "oc get pods", workspace="/w")
    third = teach("list the pods", "kubectl get pods", workspace="/w")
    assert third.kind == "superseded"
    assert (third.example_id, third.superseded) == (first.example_id, (second.example_id,))
    assert commands(journal) == ["kubectl get pods"]


def test_each_workspace_has_its_own(teach: Teach, journal: Journal) -> None:
    teach("list the pods", "kubectl --context staging get pods", workspace="/staging")
    assert teach("list the pods", "kubectl --context prod get pods", workspace="/prod").kind == "learned"
    assert len(journal.examples()) == 2


def test_a_cell_keeps_its_own_when_its_workspace_changes(teach: Teach, journal: Journal) -> None:
    teach("list the pods", "kubectl get pod", workspace="", file="/w/a.md", cell="pods")
    assert (
        teach("list the pods", "kubectl get pods", workspace="/w", file="/w/a.md", cell="pods").kind
        == "superseded"
    )
    assert commands(journal) == ["kubectl get pods"]


def test_indentation_and_lines_are_part_of_a_script(teach: Teach, journal: Journal) -> None:
    teach("print twice", "for i in 1, 2:\n    print(i)\n    print(i)", workspace="/w")
    assert teach("print twice", "for i in 1, 2:\n    print(i)\nprint(i)", workspace="/w").kind == "superseded"


def test_an_unedited_suggestion_confirms_what_it_was_made_from(teach: Teach, journal: Journal) -> None:
    otter = teach("logs of otter", "kubectl logs otter")
    seal = teach("logs of seal", "kubectl logs seal", source="confirmed", derived_from=(otter.example_id,))
    assert seal.kind == "confirmed"
    assert seal.example_id != otter.example_id
    example = journal.example(otter.example_id)
    assert example is not None
    assert example.confirmations == 1
    assert commands(journal) == ["kubectl logs otter", "kubectl logs seal"]


class TestDocumented:
    """What is read from a runbook stands beside what was run."""

    def test_a_changed_file_replaces_its_examples(self, journal: Journal) -> None:
        def learn(*pairs: tuple[str, str]) -> tuple[int, int]:
            with journal.writing() as writing:
                return writing.replace_documented(
                    "/w/a.md",
                    [lesson(*pair, source="documented", file="/w/a.md", workspace="/w") for pair in pairs],
                )

        assert learn(("list the pods", "kubectl get pods"), ("list the nodes", "kubectl get nodes")) == (2, 0)
        before = {example.command: example.id for example in journal.examples()}
        assert learn(("list the pods", "kubectl get pods"), ("list the nodes", "oc get nodes")) == (1, 1)
        after = {example.command: example.id for example in journal.examples()}
        assert sorted(after) == ["kubectl get pods", "oc get nodes"]
        assert after["kubectl get pods"] == before["kubectl get pods"]
        assert learn() == (0, 2)
        assert journal.examples() == []

    def test_other_files_and_runs_are_left_alone(self, journal: Journal, teach: Teach) -> None:
        teach("list the pods", "kubectl get pods", file="/w/a.md", cell="pods", workspace="/w")
        teach("list the pods", "oc get pods", source="documented", file="/w/b.md", workspace="/w")
        with journal.writing() as writing:
            assert writing.replace_documented("/w/a.md", []) == (0, 0)
        assert commands(journal) == ["kubectl get pods", "oc get pods"]

    def test_a_run_of_the_same_pair_is_learned(self, journal: Journal, teach: Teach) -> None:
        teach("list the pods", "kubectl get pods", source="documented", file="/w/a.md", workspace="/w")
        assert teach("list the pods", "kubectl get pods", workspace="/w").kind == "learned"
        assert journal.counts().examples == {"documented": 1, "hand-written": 1}

    def test_what_was_forgotten_is_not_read_again(self, journal: Journal, teach: Teach) -> None:
        pair = ("log in", "docker login -p hunter2")
        example_id = teach(*pair, source="documented", file="/w/a.md").example_id
        journal.forget(example_id)
        assert teach(*pair, source="documented", file="/w/a.md").kind == "forgotten"
        assert journal.examples() == []
        assert teach(*pair).kind == "learned"  # but the user may run it again
