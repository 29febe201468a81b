"""`runbook-ls eval`: an experiment on cases, or the learning curve of what was taught."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import cast

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import open_session, warn
from runbook_ls.lint.files import read_runbook
from runbook_ls.suggest.prompt import RULES
from runbook_ls.values import RunbookError
from runbook_ls.workbench import evaluate, model
from runbook_ls.workbench.evaluate import Arm, Outcome, Score, Step
from runbook_ls.workbench.session import Session

_ARMS = ("analogy", "no-memory", "memory")


@click.command()
@click.argument("cases", required=False)
@click.option(
    "--runs", default=1, show_default=True, type=click.IntRange(1), help="How often each case is asked."
)
@click.option(
    "--threshold",
    default=0.0,
    type=click.FloatRange(0, 1),
    help="Exit 1 if the share of right runs is below.",
)
@click.option(
    "--arm", "wanted", multiple=True, type=click.Choice(_ARMS), help="Only these; default: all that can run."
)
@click.option(
    "--prompt", "prompt_file", metavar="FILE", help="Rules for the model instead of the built-in ones."
)
@click.option("--show-prompt", is_flag=True, help="Print the built-in rules, to begin a FILE with.")
@click.option(
    "--learning-curve",
    is_flag=True,
    help="Replay CASES, or this user's runs, one correction after the other.",
)
@click.option("--json", "as_json", is_flag=True, help="One object.")
def command(
    cases: str | None,
    runs: int,
    threshold: float,
    wanted: tuple[str, ...],
    prompt_file: str | None,
    show_prompt: bool,
    learning_curve: bool,
    as_json: bool,
) -> int:
    """Ask every case of CASES, and count the right answers of all runs.

    \b
    A case is a JSON line: {"intent", "expected": text, list or null, "examples"?: [{"intent", "command"}]}.
    All examples of the file are learned first, in a memory of their own. null: the right answer is none.
    Arms: analogy (no model), no-memory (the model alone), memory (both, as suggest.llm says).

    The threshold is for the arm memory where it runs, else for the first. With --learning-curve, CASES are lines
    {"intent", "command"} in the order of time; without CASES it is this user's journal.
    """
    if show_prompt:
        click.echo(RULES)
        return 0
    with open_session() as session:
        if learning_curve:
            return _curve(session, cases, wanted, threshold, as_json=as_json)
        if cases is None:
            raise click.UsageError("Name a file of cases: runbook-ls eval CASES.jsonl.")
        given = evaluate.load(_read(cases), cases)
        rules = read_runbook(prompt_file) if prompt_file else RULES
        chosen = _chosen(session, wanted)
        with _progress(len(given.cases) * len(chosen) * runs) as advance:
            outcomes = list(evaluate.run(session, given, chosen, runs=runs, rules=rules, on_progress=advance))
        policy = model.mode(session)
    return _tell(outcomes, runs, threshold, policy, as_json=as_json)


def _read(cases: str) -> str:
    return sys.stdin.read() if cases == "-" else read_runbook(cases)


def _chosen(session: Session, wanted: Sequence[str]) -> list[Arm]:
    possible = evaluate.arms(session)
    if not wanted:
        if len(possible) == 1:
            warn("no model is configured or it is off, so only the arm analogy runs; see `runbook-ls doctor`")
        return list(possible)
    chosen = [cast(Arm, arm.replace("-", " ")) for arm in dict.fromkeys(wanted)]
    for arm in chosen:
        if arm not in possible:
            raise RunbookError(
                f"The arm {arm} needs a model, and none may be asked: see `runbook-ls doctor`."
            )
    return chosen


def _tell(outcomes: Sequence[Outcome], runs: int, threshold: float, policy: str, *, as_json: bool) -> int:
    found = evaluate.scores(outcomes)
    judged = evaluate.judged(found)
    passed = judged.rate >= threshold
    if as_json:
        report = {
            "runs": runs,
            "threshold": threshold,
            "passed": passed,
            "judged": judged.arm,
            "policy": policy,
            "arms": [_score(score) for score in found],
            "cases": [_outcome(outcome) for outcome in outcomes],
        }
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print_cases(outcomes)
        for score in found:
            trouble = f", {score.troubles} runs without the model" if score.troubles else ""
            click.echo(
                f"{score.arm:10} {score.right} of {score.of} runs right = {score.rate:.1%} "
                f"(95%: {score.low:.1%} to {score.high:.1%}), {score.exact} to the letter{trouble}"
            )
    for message in dict.fromkeys(message for outcome in outcomes for message in outcome.troubles):
        warn(message)
    if not passed:
        warn(f"{judged.arm}: {judged.rate:.1%} is below the threshold of {threshold:.1%}")
    return 0 if passed else 1


def _print_cases(outcomes: Sequence[Outcome]) -> None:
    names = list(dict.fromkeys(outcome.arm for outcome in outcomes))
    width = max(len("case"), *(len(outcome.case.id) for outcome in outcomes))
    click.echo(f"{'case':{width}}  " + "  ".join(f"{name:>9}" for name in names) + "  intent")
    for _, group in groupby(outcomes, key=lambda outcome: outcome.case):
        row = list(group)
        counts = "  ".join(f"{f'{outcome.right}/{len(outcome.answers)}':>9}" for outcome in row)
        click.echo(f"{row[0].case.id:{width}}  {counts}  {shown.line(row[0].case.intent[:60])}")
    click.echo()


def _score(score: Score) -> dict[str, object]:
    return {
        "arm": score.arm,
        "right": score.right,
        "exact": score.exact,
        "of": score.of,
        "rate": round(score.rate, 4),
        "low": round(score.low, 4),
        "high": round(score.high, 4),
        "troubles": score.troubles,
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "id": outcome.case.id,
        "arm": outcome.arm,
        "intent": outcome.case.intent,
        "expected": list(outcome.case.expected),
        "right": outcome.right,
        "of": len(outcome.answers),
        "answers": list(outcome.answers),
    }


def _curve(
    session: Session, cases: str | None, wanted: Sequence[str], threshold: float, *, as_json: bool
) -> int:
    pairs = evaluate.load_pairs(_read(cases), cases) if cases else evaluate.taught_pairs(session)
    if not pairs:
        raise RunbookError("No run has taught anything yet: name a file of {intent, command} lines.")
    arm = _chosen(session, wanted or ("analogy",))[0]
    with _progress(len(pairs)) as advance:
        steps = list(evaluate.learning_curve(session, pairs, arm, advance))
    before, after = sum(step.before for step in steps), sum(step.after for step in steps)
    if as_json:
        report = {
            "arm": arm,
            "corrections": len(steps),
            "right_before": before,
            "right_after": after,
            "steps": [{"intent": s.intent, "before": s.before, "after": s.after} for s in steps],
        }
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print_curve(steps)
        click.echo(f"{arm}: right before the correction {before}, after it {after}, of {len(steps)}")
    return 0 if after >= threshold * len(steps) else 1


def _print_curve(steps: Sequence[Step]) -> None:
    """Ten rows at most: how many of each stretch of corrections were right before and after."""
    size = max(1, -(-len(steps) // 10))
    click.echo("corrections   before    after")
    for start in range(0, len(steps), size):
        part = steps[start : start + size]
        before, after = (
            sum(getattr(step, when) for step in part) / len(part) for when in ("before", "after")
        )
        click.echo(f"{start + 1:5}–{start + len(part):<5}  {before:6.1%}   {after:6.1%}")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=total)
        yield lambda: bar.advance(task)
