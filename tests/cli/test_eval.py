"""`runbook-ls eval`: plain counts of all runs, arms, the threshold, the learning curve."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.suggest import scoring
from runbook_ls.values import RunbookError
from runbook_ls.workbench import evaluate

from ..conftest import shared
from ..model_server import Model, says, serving, status

Cli = Callable[..., subprocess.CompletedProcess[str]]

CASES = [
    {
        "id": "same",
        "intent": "show the logs of the service api",
        "expected": "journalctl -u api",
        "examples": [{"intent": "show the logs of the service web", "command": "journalctl -u web"}],
    },
    {"id": "new", "intent": "sort a.txt by size", "expected": ["sort -n a.txt", "sort -n < a.txt"]},
    {"id": "none", "intent": "write a poem about autumn", "expected": None},
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    file = tmp_path / "cases.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in CASES))
    return file


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    with serving() as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        monkeypatch.setenv("RUNBOOK_LS_LLM", "fallback")
        yield model


def test_without_a_model_analogy_is_measured(cli: Cli, cases: Path) -> None:
    done = cli("eval", str(cases), "--runs", "3", "--threshold", "0.6")
    assert done.returncode == 0, done.stderr
    assert "same        3/3" in done.stdout
    assert "new         0/3" in done.stdout
    assert "analogy    6 of 9 runs right = 66.7% (95%: " in done.stdout
    assert "only the arm analogy runs" in done.stderr


def test_below_the_threshold_is_exit_1(cli: Cli, cases: Path) -> None:
    done = cli("eval", str(cases), "--threshold", "0.7", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["passed"], report["judged"]) == (False, "analogy")
    assert report["arms"][0]["right"] == 2
    assert "66.7% is below the threshold of 70.0%" in done.stderr


def test_every_arm_and_all_runs_are_counted(cli: Cli, cases: Path, server: Model) -> None:
    right, wrong = says("```sh\nsort -n a.txt\n```"), says("```sh\nsort a.txt\n```")
    refuses = says("NONE")
    server.replies = [
        *(wrong, wrong), *(right, wrong), *(right, right), refuses, refuses, refuses, refuses, refuses,
    ]  # fmt: skip
    done = cli("eval", str(cases), "--runs", "2", "--json")
    report = json.loads(done.stdout)
    counts = {(row["id"], row["arm"]): (row["right"], row["of"]) for row in report["cases"]}
    assert counts == {
        ("same", "analogy"): (2, 2), ("same", "no memory"): (0, 2), ("same", "memory"): (2, 2),
        ("new", "analogy"): (0, 2), ("new", "no memory"): (1, 2), ("new", "memory"): (2, 2),
        ("none", "analogy"): (2, 2), ("none", "no memory"): (2, 2), ("none", "memory"): (2, 2),
    }  # fmt: skip
    assert report["judged"] == "memory"
    assert not any("journalctl -u web" in request.text for request in server.requests[:2])


def test_another_prompt_can_be_tried(cli: Cli, cases: Path, server: Model, tmp_path: Path) -> None:
    (tmp_path / "rules.txt").write_text("Answer in one block. Be terse.")
    server.replies = [status(404)]
    done = cli("eval", str(cases), "--arm", "no-memory", "--prompt", str(tmp_path / "rules.txt"), "--json")
    assert server.requests[0].json["messages"][0]["content"] == "Answer in one block. Be terse."
    assert json.loads(done.stdout)["arms"][0]["troubles"] == 3
    assert "(404): check llm.model" in done.stderr


def test_the_learning_curve_of_pairs(cli: Cli, tmp_path: Path) -> None:
    pairs = [
        {"intent": f"show the logs of the service {name}", "command": f"journalctl -u {name}"}
        for name in ("web", "api-2", "db-7")
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
    report = json.loads(cli("eval", str(file), "--learning-curve", "--json").stdout)
    assert [(step["before"], step["after"]) for step in report["steps"]] == [
        (False, True), (True, True), (True, True),
    ]  # fmt: skip
    assert (
        "right before the correction 2, after it 3, of 3" in cli("eval", str(file), "--learning-curve").stdout
    )


def test_wrong_use_is_said(cli: Cli, cases: Path) -> None:
    for arguments, message in [
        ([], "Name a file of cases"),
        (["/nowhere.jsonl"], "/nowhere.jsonl"),
        ([str(cases), "--arm", "memory"], "needs a model"),
        (["--learning-curve"], "No run has taught anything yet"),
    ]:
        done = cli("eval", *arguments)
        assert done.returncode == 2
        assert message in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[]", "line 1: an object"),
        ('{"intent": 3}', 'line 1: "intent" is a text'),
        ('{"intent": "x", "expected": [3]}', 'line 1: "intent" is a text'),
        ('{"intent": "x", "examples": [3]}', "line 1: an example is"),
        ('{"intent": "x", "examples": 3}', "are lists"),
        ("", "has no case"),
    ],
)
def test_bad_cases_name_their_line(line: str, message: str) -> None:
    with pytest.raises(RunbookError, match=message):
        evaluate.load(line, "cases.jsonl")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ls  -l", "ls -l", True),
        ('grep "x" a', "grep 'x' a", True),
        ("ls # all", "ls", True),
        ("ls -l", "ls -a", False),
        ("echo a b", "echo 'a b'", False),
        ("a; b", "a && b", False),
    ],
)
def test_what_counts_as_the_same(one: str, other: str, alike: bool) -> None:
    assert scoring.equivalent(one, other) is alike


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(right: int, more: int) -> None:
    of = right + more
    low, high = scoring.interval(right, of)
    assert 0 <= low <= high <= 1
    if of:
        assert low <= right / of + 1e-9
        assert right / of <= high + 1e-9


def test_the_open_devops_cases(cli: Cli) -> None:
    done = cli("eval", str(shared("bench") / "devops_open.jsonl"), "--runs", "3", "--json")
    assert done.returncode == 0, done.stderr
    (arm,) = json.loads(done.stdout)["arms"]
    assert (arm["arm"], arm["of"]) == ("analogy", 120)
