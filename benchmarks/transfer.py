"""Does one correction teach? Right answers by set, and whether confidence tells the truth.

    python benchmarks/transfer.py [--cases FILE...] [--store FILE...] [--json FILE]

Each case teaches one (intent, command) pair and asks for another. `oracle`: the right pair is given. `stored`: every
pair of the set and of the stores is learned first. Without arguments it takes the open cases in ../shared/bench. Prints
the right answers of each set, and for the stored ones accuracy by decile of confidence: calibrated means that the two
columns agree.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

BENCH = Path(__file__).resolve().parents[2] / "shared" / "bench"
sys.path.insert(0, str(BENCH))
PROGRAM = [sys.executable, "-m", "runbook_ls"]

Case = dict[str, Any]


def read(file: Path) -> list[Case]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def is_right(case: Case, answer: Case) -> bool:
    """As the harness of the cases counts: equal but for white space and the style of quotes."""
    from equivalence import norm

    if case.get("kind") == "abstain":
        return answer["command"] is None
    return answer["command"] is not None and norm(answer["command"]) in map(norm, case["expected"])


def ask(home: str, questions: Iterable[Case]) -> list[Case]:
    """The answers of `suggest --jsonl`, in order."""
    text = "".join(json.dumps(question) + "\n" for question in questions)
    environment = {**os.environ, "RUNBOOK_LS_HOME": home, "RUNBOOK_LS_LLM": "off"}
    done = subprocess.run(
        [*PROGRAM, "suggest", "--jsonl"],
        input=text,
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def learn(home: str, pairs: Iterable[Case]) -> None:
    """Learn these pairs."""
    text = "".join(json.dumps({"intent": p["intent"], "command": p["command"]}) + "\n" for p in pairs)
    environment = {**os.environ, "RUNBOOK_LS_HOME": home}
    subprocess.run([*PROGRAM, "learn", "--jsonl", "-"], input=text, text=True, env=environment, check=True)


def play(file: Path, stores: Iterable[Path]) -> tuple[dict[str, Any], list[tuple[float, bool]]]:
    """The figures of one set, and (confidence, right) of each answer that was given among the stored pairs."""
    cases = [case for case in read(file) if case.get("kind", "transfer") != "distractor"]
    every = read(file)
    queries = {case["query"].lower() for case in every if case.get("query")}
    pairs = [pair for case in every for pair in case.get("train", [])]
    pairs += [pair for store in stores for pair in read(store) if pair["intent"].lower() not in queries]
    transfer = [case for case in cases if case.get("kind", "transfer") == "transfer"]
    with tempfile.TemporaryDirectory() as home:
        given = [{"id": c["id"], "intent": c["query"], "examples": c["train"]} for c in transfer]
        oracle = [is_right(case, answer) for case, answer in zip(transfer, ask(home, given), strict=True)]
        learn(home, pairs)
        answers = ask(home, ({"id": case["id"], "intent": case["query"]} for case in cases))
    stored = [(case, answer, is_right(case, answer)) for case, answer in zip(cases, answers, strict=True)]
    of_transfer = [right for case, _, right in stored if case.get("kind", "transfer") == "transfer"]
    of_abstain = [right for case, _, right in stored if case.get("kind") == "abstain"]
    figures = {
        "cases": file.name,
        "oracle": [sum(oracle), len(oracle)],
        "stored": [sum(of_transfer), len(of_transfer)],
        "abstain": [sum(of_abstain), len(of_abstain)],
        "pairs": len(pairs),
    }
    told = [
        (answer["confidence"], right and case.get("kind") != "abstain")
        for case, answer, right in stored
        if answer["command"] is not None
    ]
    return figures, told


def deciles(told: Iterable[tuple[float, bool]]) -> list[dict[str, float]]:
    """Answers by tenth of confidence: how many, their mean confidence, and which share was right."""
    rows = []
    told = list(told)
    for tenth in range(10):
        own = [(sure, right) for sure, right in told if tenth == min(9, int(sure * 10))]
        if own:
            mean, right = (sum(values) / len(own) for values in zip(*own, strict=True))
            rows.append({"from": tenth / 10, "answers": len(own), "confidence": mean, "right": right})
    return rows


def main() -> None:
    """Play the sets and print the tables."""
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument(
        "--cases", nargs="*", type=Path,
        default=[BENCH / f"{name}.jsonl" for name in ("devops_open", "transfer_open", "foyle")],
    )  # fmt: skip
    options.add_argument(
        "--store", nargs="*", type=Path,
        default=[BENCH / f"{name}.jsonl" for name in ("distractor_pool", "runbook_pairs_open")],
    )  # fmt: skip
    options.add_argument("--json", type=Path)
    arguments = options.parse_args()
    if not BENCH.is_dir():
        sys.exit(f"the cases are not there: {BENCH}")
    sets, told = [], []
    print(f"{'set':24} {'oracle':>14} {'stored':>14} {'abstain':>10}   pairs")
    for file in arguments.cases:
        figures, answers = play(file, arguments.store)
        sets.append(figures)
        told += answers
        shown = [
            f"{right}/{number} {100 * right / number:5.1f}%" if number else "-"
            for right, number in (figures["oracle"], figures["stored"], figures["abstain"])
        ]
        print(f"{file.stem:24} {shown[0]:>14} {shown[1]:>14} {shown[2]:>14} {figures['pairs']:>7,}")
    rows = deciles(told)
    print(f"\n{'confidence':>10} {'answers':>8} {'mean':>6} {'right':>6}")
    for row in rows:
        print(f"{row['from']:>10.1f} {row['answers']:>8} {row['confidence']:>6.2f} {row['right']:>6.2f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"sets": sets, "calibration": rows}, indent=2))


if __name__ == "__main__":
    main()
