"""One suggestion for an intent: recall examples, adapt one or ask the model, guard what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from runbook_ls.document import parse
from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.files import read_runbook
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.memory.records import new_id
from runbook_ls.memory.retrieval import Recollection
from runbook_ls.suggest import analogy, guard, policy
from runbook_ls.suggest.context import Ran
from runbook_ls.suggest.endpoint import Cancellation, ModelError
from runbook_ls.suggest.prompt import RULES, Question
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.values import Problem, RunbookError, Severity
from runbook_ls.workbench import model
from runbook_ls.workbench.cells import kept
from runbook_ls.workbench.outputs import tail
from runbook_ls.workbench.session import Offer, Session

_RECALLED = 24
_REMEMBERED_RUNS = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of asking: a guarded suggestion and the examples it was made from, or why there is none.

    `reason` is one sentence, "" when there is a suggestion. `problems` are those of the suggestion, or what went wrong
    where there is none (`llm-unavailable`). `notes` are things the user should know, such as that the embedder is
    missing.
    """

    suggestion: Suggestion | None
    examples: tuple[Example, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def suggest(session: Session, intent: str, *, document: str = "") -> Answer:
    """A suggestion for `intent` from what this user's runs and runbooks taught: milliseconds, and no network.
    `document` is the text around it: values that stand there are known."""
    return suggestions(session, intent, limit=1, document=document)[0]


def suggestions(session: Session, intent: str, *, limit: int, document: str = "") -> list[Answer]:
    """Up to `limit` of them with different texts, best first. The first may be without a suggestion, and says then
    why there is none."""
    if not intent.strip():
        return [Answer(None, reason=_NO_INTENT)]
    recalled = _recall(session, intent)
    answers = _answers(intent, recalled.candidates, limit, document=document, workspace=session.workspace)
    return [replace(answers[0], notes=tuple(recalled.notes)), *answers[1:]]


def _recall(session: Session, intent: str) -> Recollection:
    return session.memory.recall(intent, workspace=session.workspace, limit=_RECALLED)


def generate(
    session: Session,
    question: Question,
    cancel: Cancellation | None = None,
    on_model: Callable[[], None] = lambda: None,
    rules: str = RULES,
) -> Answer:
    """A suggestion from what was learned, or from the model where the policy says so. Blocks as long as the model
    takes; `on_model` is called before it is asked. Raises TakenBackError soon after `cancel` is set; a model that
    fails is a problem of the answer."""
    if not question.intent.strip():
        return Answer(None, reason=_NO_INTENT)
    recalled = _recall(session, question.intent)
    answer = decide(session, question, recalled.candidates, cancel or Cancellation(), on_model, rules)
    return replace(answer, notes=tuple(recalled.notes))


def generate_from(
    session: Session, memory: DirectMemory, intent: str, pairs: Sequence[tuple[str, str]]
) -> Answer:
    """As `generate`, from these (intent, command) pairs alone; the journal is not read."""
    examples = [Example(f"given-{n}", known, command) for n, (known, command) in enumerate(pairs, start=1)]
    weighed = memory.weigh(intent, examples)
    answer = decide(session, Question(intent), weighed.candidates, Cancellation())
    return replace(answer, notes=tuple(weighed.notes))


def decide(
    session: Session,
    question: Question,
    candidates: Sequence[Candidate],
    cancel: Cancellation,
    on_model: Callable[[], None] = lambda: None,
    rules: str = RULES,
) -> Answer:
    """Analogy first; the model where the policy wants it; analogy's answer again where the model has none."""
    document = question.runbook.text if question.runbook else ""
    mode = model.mode(session, question.runbook)
    learned = _answers(question.intent, candidates, 1, document=document, workspace=session.workspace)[0]
    if not policy.wants_model(mode, learned.suggestion):
        return learned
    on_model()
    try:
        told = model.ask(session, question, candidates, cancel, rules=rules)
    except ModelError as error:
        problem = trouble(error)
        if learned.suggestion is None:
            return replace(learned, reason=f"{_NOTHING_LEARNED} {error}", problems=(problem,))
        found = replace(learned.suggestion, problems=(*learned.suggestion.problems, problem))
        return replace(learned, suggestion=found, problems=found.problems)
    if told.suggestion is not None:
        return guarded(
            told.suggestion, told.examples, question.intent, document=document, workspace=session.workspace
        )
    if mode == "fallback" and learned.suggestion is not None:
        return learned
    return Answer(None, reason=told.reason)


def trouble(error: ModelError) -> Problem:
    """The problem that says why a model gave no answer."""
    return Problem("llm-unavailable", Severity.WARNING, str(error))


def conversation(session: Session, uri: str, file: str, runbook: Runbook, cell: Cell) -> Question:
    """The question about a cell of an open runbook, or of a file: with how the other cells ended, and the ends of
    what they printed if the setting lets a model see them."""
    if model.mode(session, runbook) == "never":
        return Question(cell.intent, runbook, cell)
    ran: dict[int, Ran] = {}
    outputs = session.settings.llm_outputs
    standing = {(other.name, kept(other)): other.start_line for other in runbook.cells}
    for run in reversed(session.journal.runs(_REMEMBERED_RUNS, file=file)):
        line = standing.get((run.cell, run.executed))
        if line is not None:
            ran[line] = Ran(run.exit_code, tail(run) if outputs else "")
    for result in session.results.get(uri, ()):
        # As it was kept: there the values of secret inputs are hidden too, which nobody can tell by their looks.
        ran[result.line] = Ran(result.run.exit_code, tail(result.run) if outputs else "")
    return Question(cell.intent, runbook, cell, ran)


def read_cell(file: Path, line: int) -> tuple[Runbook, Cell]:
    """The cell at the 0-based `line` of `file`, and the runbook around it.

    Raises RunbookError if the file cannot be read or has no cell there.
    """
    runbook = parse(read_runbook(str(file)))
    cell = runbook.cell_at(line)
    if cell is None:
        raise RunbookError(f"{file}: there is no cell at line {line + 1}.")
    return runbook, cell


def _answers(
    intent: str, candidates: Sequence[Candidate], limit: int, *, document: str, workspace: str
) -> list[Answer]:
    """Guarded suggestions for `intent` from these examples alone; one answer that says so if there are none."""
    by_id = {candidate.example.id: candidate.example for candidate in candidates}
    answers: list[Answer] = []
    for suggestion in analogy.suggestions(intent, candidates, limit=limit):
        examples = tuple(by_id[id_] for id_ in suggestion.examples if id_ in by_id)
        answers.append(guarded(suggestion, examples, intent, document=document, workspace=workspace))
    return answers or [Answer(None, reason=_NOTHING_YET)]


def guarded(
    suggestion: Suggestion, examples: tuple[Example, ...], intent: str, *, document: str, workspace: str
) -> Answer:
    """The answer that shows this suggestion, with what the guard found."""
    problems = guard.check_suggestion(
        suggestion,
        intent=intent,
        document=document,
        examples=examples,
        workspace=workspace,
        is_program=model.on_path,
    )
    found = replace(suggestion, problems=suggestion.problems + problems)
    return Answer(found, examples, problems=found.problems)


def offer(session: Session, uri: str, intent: str, suggestion: Suggestion) -> Offer:
    """Remember that this suggestion was shown for a cell, so that it is known when it enters the document."""
    for shown in session.offers:
        if (shown.uri, shown.intent, shown.suggestion.text) == (uri, intent, suggestion.text):
            return shown
    shown = Offer(new_id(), uri, intent, suggestion)
    session.offers.append(shown)
    return shown


_NO_INTENT = "Write above the cell what it should do, then ask again."
_NOTHING_LEARNED = "Nothing learned fits, and the model could not help."
_NOTHING_YET = (
    "Nothing yet: no run and no runbook has taught this. Write the command, run it, and it is learned."
)
