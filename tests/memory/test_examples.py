"""Which runs teach, and what the receipt of the others says."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_ls.memory.examples import judge
from runbook_ls.values import Problem, Severity

PLACEHOLDER = Problem("RB201", Severity.ERROR, "placeholder <namespace>.")
LEAKED = Problem("RB202", Severity.WARNING, "prod-eu comes from another workspace")


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ({}, None),
        ({"exit_code": 127}, "exit 127"),
        ({"exit_code": -9}, "exit -9"),
        ({"exit_code": None}, "it did not finish"),
        ({"intent": " \n"}, "no intent above the cell"),
        ({"command": " \n"}, "nothing was run"),
        # What exits 0 may still be wrong: `kubectl -n <namespace> get pods` reads a file named namespace.
        ({"problems": [LEAKED, PLACEHOLDER]}, "placeholder <namespace>"),
        ({"problems": [LEAKED]}, None),
        # The user overrules …
        ({"user": False}, "as you asked"),
        ({"paused": True}, "learning is paused"),
        ({"cell": False}, "the cell says learn=false"),
        ({"front_matter": False}, "the front matter says learn: false"),
        # … and the nearer word counts more.
        ({"cell": True, "front_matter": False}, None),
        ({"cell": False, "front_matter": True}, "the cell says learn=false"),
        ({"cell": True, "paused": True}, "learning is paused"),
        ({"user": True, "paused": True, "cell": False, "front_matter": False}, None),
        # *Learn this run* lifts the rules too: `diff` and `grep` say 1 when they worked.
        ({"user": True, "exit_code": 1, "problems": [PLACEHOLDER]}, None),
        ({"user": True, "intent": ""}, "no intent above the cell"),
        # `learn=true` says where to learn, not that a failure is right.
        ({"cell": True, "exit_code": 1}, "exit 1"),
    ],
)
def test_judge(run: dict[str, Any], reason: str | None) -> None:
    verdict = judge(**{"exit_code": 0, "intent": "list the pods", "command": "kubectl get pods", **run})
    assert (verdict.teaches, verdict.reason) == ((True, "") if reason is None else (False, reason))
