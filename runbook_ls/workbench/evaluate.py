"""Experiments: every case several times, with and without memory and model, all runs counted; and what each
correction taught. All of it in a memory of its own: nothing is learned from an experiment."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from runbook_ls.memory.records import Lesson
from runbook_ls.suggest import scoring
from runbook_ls.suggest.endpoint import Cancellation, ModelError
from runbook_ls.suggest.prompt import RULES, Question
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn, model, suggest
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.suggest import Answer

Arm = Literal["analogy", "no memory", "memory"]
"""`analogy`: memory without a model. `no memory`: the model without examples. `memory`: both, by the policy in
force."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with its right answers; none: the right answer is to abstain."""

    id: str
    intent: str
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cases:
    """The questions of a file, and the (intent, command) pairs that are learned before any is asked."""

    cases: tuple[Case, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one case went in one arm: the answers of its runs (None: abstained), how many were right, how many of
    them to the letter, and what went wrong with the model."""

    case: Case
    arm: Arm
    answers: tuple[str | None, ...]
    right: int
    exact: int
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """An arm's share of right runs with its 95% interval. The runs of one case are no independent trials, so the
    interval counts cases."""

    arm: Arm
    right: int
    exact: int
    of: int
    low: float
    high: float
    troubles: int

    @property
    def rate(self) -> float:
        return self.right / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """One correction of a learning curve: whether its intent was answered right before it, and after it."""

    intent: str
    before: bool
    after: bool


def load(text: str, where: str) -> Cases:
    """Read cases, one JSON object a line.

    `{"intent", "expected": text, list or null, "examples"?: [{"intent", "command"}]}`, or with the names `query` and
    `train`; without an intent a line only adds its examples. Raises RunbookError with the line.
    """
    cases: list[Case] = []
    pairs: list[Pair] = []
    for number, row in _rows(text, where):
        for pair in _list(row.get("examples", row.get("train", [])), where, number):
            pairs.append(_pair(pair, where, number))
        intent = row.get("intent", row.get("query"))
        if intent is None:
            continue
        expected = row.get("expected")
        texts = [expected] if isinstance(expected, str) else _list(expected or [], where, number)
        if not isinstance(intent, str) or not all(isinstance(one, str) for one in texts):
            raise RunbookError(
                f'{where}, line {number}: "intent" is a text, "expected" a text, a list of texts or null.'
            )
        cases.append(Case(str(row.get("id", number)), intent, tuple(map(str, texts))))
    if not cases:
        raise RunbookError(f'{where} has no case: a line is {{"intent", "expected", "examples"?}}.')
    return Cases(tuple(cases), tuple(pairs))


def load_pairs(text: str, where: str) -> list[Pair]:
    """The (intent, command) pairs to replay, oldest first: lines `{"intent", "command"}`, or cases, of which the
    first right answer counts. Raises RunbookError with the line."""
    pairs: list[Pair] = []
    for number, row in _rows(text, where):
        intent = row.get("intent", row.get("query"))
        command, expected = row.get("command"), row.get("expected")
        if command is None and isinstance(expected, list) and expected:
            command = expected[0]
        if isinstance(intent, str) and isinstance(command or expected, str):
            pairs.append((intent, str(command or expected)))
        elif command is not None:
            raise RunbookError(f'{where}, line {number}: a pair is {{"intent", "command"}}, both texts.')
    if not pairs:
        raise RunbookError(f'{where} has no pair: a line is {{"intent", "command"}}.')
    return pairs


def taught_pairs(session: Session) -> list[Pair]:
    """What this user's runs taught, oldest first."""
    found = [run for run in session.journal.runs(1_000_000) if run.teaching != "none" and run.intent]
    return [(run.intent, run.executed) for run in sorted(found, key=lambda run: run.time)]


def arms(session: Session) -> tuple[Arm, ...]:
    """The arms that can run here: those with a model only where one may be asked."""
    return ("analogy",) if model.mode(session) == "never" else ("analogy", "no memory", "memory")


def run(
    session: Session,
    given: Cases,
    chosen: Sequence[Arm],
    *,
    runs: int,
    rules: str = RULES,
    on_progress: Callable[[], None],
) -> Iterator[Outcome]:
    """Ask every case `runs` times in every arm. `rules` replace the prompt's."""
    with _apart(session) as apart:
        learn.learn_lessons(apart, [Lesson(intent, command, "taught") for intent, command in given.pairs])
        for case in given.cases:
            for arm in chosen:
                answers: list[str | None] = []
                troubles: list[str] = []
                for _ in range(runs):
                    answer = _ask(apart, case.intent, arm, rules)
                    answers.append(answer.suggestion.text if answer.suggestion else None)
                    troubles += [p.message for p in answer.problems if p.code == "llm-unavailable"]
                    on_progress()
                yield Outcome(
                    case,
                    arm,
                    tuple(answers),
                    sum(_right(answer, case, scoring.equivalent) for answer in answers),
                    sum(_right(answer, case, scoring.same) for answer in answers),
                    tuple(troubles),
                )


def scores(outcomes: Sequence[Outcome]) -> list[Score]:
    """One for each arm, in the order of their first outcomes."""
    found: list[Score] = []
    for arm in dict.fromkeys(outcome.arm for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.arm == arm]
        of = sum(len(outcome.answers) for outcome in mine)
        right = sum(outcome.right for outcome in mine)
        low, high = scoring.interval(len(mine) * right / of if of else 0.0, len(mine))
        exact, troubles = sum(o.exact for o in mine), sum(len(o.troubles) for o in mine)
        found.append(Score(arm, right, exact, of, low, high, troubles))
    return found


def judged(found: Sequence[Score]) -> Score:
    """The arm that a threshold is for: what a user would get."""
    return next((score for score in found if score.arm == "memory"), found[0])


def learning_curve(
    session: Session, pairs: Sequence[Pair], arm: Arm, on_progress: Callable[[], None]
) -> Iterator[Step]:
    """Replay the pairs in order in an empty memory: ask, teach, ask again."""
    with _apart(session) as apart:
        for intent, command in pairs:
            case = Case("", intent, (command,))
            before = _ask(apart, intent, arm, RULES).suggestion
            learn.learn_lessons(apart, [Lesson(intent, command, "taught")])
            after = _ask(apart, intent, arm, RULES).suggestion
            on_progress()
            yield Step(
                intent,
                _right(before.text if before else None, case, scoring.equivalent),
                _right(after.text if after else None, case, scoring.equivalent),
            )


def _ask(session: Session, intent: str, arm: Arm, rules: str) -> Answer:
    if arm == "analogy":
        return suggest.suggest(session, intent)
    question = Question(intent)
    if arm == "memory":
        return suggest.generate(session, question, rules=rules)
    try:
        told = model.ask(session, question, (), Cancellation(), rules=rules)
    except ModelError as error:
        return Answer(None, problems=(suggest.trouble(error),))
    if told.suggestion is None:
        return Answer(None, reason=told.reason)
    return suggest.guarded(told.suggestion, told.examples, intent, document="", workspace="")


def _right(answer: str | None, case: Case, alike: Callable[[str, str], bool]) -> bool:
    if answer is None:
        return not case.expected
    return any(alike(answer, expected) for expected in case.expected)


@contextmanager
def _apart(session: Session) -> Iterator[Session]:
    """A session like this one, with an empty memory that is gone afterwards. What it costs counts for this user."""
    with tempfile.TemporaryDirectory(prefix="runbook-ls-eval-") as folder:
        paths = session.paths._replace(data=Path(folder))
        apart = Session(paths, session.settings, session.trust, None, connect_directly, lambda _: None)
        apart.key = session.key
        try:
            yield apart
        finally:
            apart.close()


def _rows(text: str, where: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RunbookError(f"{where}, line {number}: not JSON ({error}).") from None
        if not isinstance(row, dict):
            raise RunbookError(f"{where}, line {number}: an object is needed, one a line.")
        yield number, row


def _list(value: object, where: str, number: int) -> list[object]:
    if not isinstance(value, list):
        raise RunbookError(f'{where}, line {number}: "examples" and "expected" are lists.')
    return value


def _pair(value: object, where: str, number: int) -> Pair:
    intent, command = (value.get("intent"), value.get("command")) if isinstance(value, dict) else (None, None)
    if not isinstance(intent, str) or not isinstance(command, str):
        raise RunbookError(f'{where}, line {number}: an example is {{"intent", "command"}}, both texts.')
    return intent, command
