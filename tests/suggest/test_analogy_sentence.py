"""How an intent is read: verbs, roles, names, bounds."""

from __future__ import annotations

import pytest

from runbook_ls.suggest import language
from runbook_ls.suggest.alignment import assign, clash
from runbook_ls.suggest.sentence import Part, parts


def part(intent: str, value: str) -> Part:
    return next(p for p in parts(intent) if p.unit.value == value)


@pytest.mark.parametrize(
    "intent",
    [
        "show the container heron",
        "show the heron container",
        'show the container named "heron"',
        "show container heron",
    ],
)
def test_the_noun_beside_a_value(intent: str) -> None:
    heron = part(intent, "heron")
    assert "container" in {heron.before, heron.after}


def test_what_introduces_a_value() -> None:
    intent = "copy a.txt from the host alpha-1 to beta-2"
    assert part(intent, "alpha-1").governor == "from"
    assert part(intent, "beta-2").governor == "to"


def test_what_is_said_of_one_holds_for_the_next() -> None:
    intent = "search the folders foo and bar"
    assert part(intent, "bar").before == part(intent, "foo").before == "directory"


@pytest.mark.parametrize(
    ("intent", "verbs"),
    [
        ("Restart the service and show its status", ["Restart", "show"]),
        ("I need to let me see the logs", ["see"]),
        ("please verify the unit", ["verify"]),
        ("Recursively remove the folder", ["remove"]),
        ("how many rows are in the table", []),
        ("the errors of the unit", []),
    ],
)
def test_verbs(intent: str, verbs: list[str]) -> None:
    assert [p.unit.value for p in parts(intent) if p.is_verb] == verbs


@pytest.mark.parametrize(
    ("intent", "word"),
    [
        ("restart keepalived now", "keepalived"),
        ("the errors of kubelet", "kubelet"),
        ("the service haproxy", "haproxy"),
        ("show containerd's errors", "containerd"),
        ("the tag named nightly", "nightly"),
    ],
)
def test_a_name_by_grammar(intent: str, word: str) -> None:
    assert part(intent, word).name >= 0.7


@pytest.mark.parametrize(
    ("intent", "word"), [("show the logs of web-1", "logs"), ("in the folder", "folder")]
)
def test_vocabulary_by_grammar(intent: str, word: str) -> None:
    assert part(intent, word).name <= 0.2


@pytest.mark.parametrize(
    ("intent", "side"),
    [
        ("files older than 3 days", "more"),
        ("files of the last 3 days", "less"),
        ("files not used in the last 3 days", "more"),
        ("files of exactly 3 days", ""),
    ],
)
def test_the_side_of_a_bound(intent: str, side: str) -> None:
    assert part(intent, "3 days").side == side


def test_an_alternative_is_no_path() -> None:
    assert not any(p.unit.is_literal for p in parts("all regular/normal files"))
    assert part("the image backend/otter", "backend/otter").unit.is_literal


@pytest.mark.parametrize(
    ("taught", "new", "expected"),
    [
        ("list the pods", "delete the pods", True),
        ("delete the pods", "list the pods", True),
        ("start the service", "stop the service", True),
        ("lock the door", "unlock the door", True),
        ("drain the node", "show the node", True),
        ("delete the pods", "get rid of the pods", False),
        ("list the pods", "show me the pods", False),
        ("find the files and remove them", "remove the files", False),
        ("restart nginx", "bounce nginx", False),
        ("list the pods", "which pods are there", False),
    ],
)
def test_clash_of_operations(taught: str, new: str, expected: bool) -> None:
    assert clash(parts(taught), parts(new)) is expected


def test_stems_and_verbs() -> None:
    assert language.stem("Policies") == language.stem("policy")
    assert language.stem("folders") == language.stem("directory")
    assert language.stem("status") == "status"
    assert "delete" in language.operations("removing")
    assert language.operations("turn", "off") & language.operations("disable")


def test_the_best_assignment_is_found() -> None:
    assert assign([[3.0, 2.9], [2.9, 0.0]]) == [1, 0]
    assert assign([[-1.0, -1.0]]) == [-1]
    assert assign([[1.0], [2.0], [0.5]]) == [-1, 0, -1]
    assert assign([]) == []
