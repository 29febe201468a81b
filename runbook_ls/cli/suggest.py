"""`runbook-ls suggest`: one suggestion, or a batch of them."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click

from runbook_ls.cli import shown
from runbook_ls.cli.session import open_session, warn
from runbook_ls.files import absolute
from runbook_ls.suggest.prompt import Question
from runbook_ls.values import RunbookError
from runbook_ls.workbench import suggest, team
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.suggest import Answer


@click.command()
@click.argument("intent", required=False)
@click.option(
    "--in", "place", metavar="FILE:LINE", help="The cell it is for: a 1-based line of it or its fence."
)
@click.option("--json", "as_json", is_flag=True, help="One object with the keys of --jsonl.")
@click.option("--jsonl", is_flag=True, help="A batch: an object a line on stdin, an object a line on stdout.")
def command(intent: str | None, place: str | None, as_json: bool, jsonl: bool) -> int:
    """Suggest a command for INTENT, from what was learned.

    Exit code 1 when there is nothing to suggest.

    \b
    A batch line is {"id", "intent", "examples"?: [{"intent", "command"}]}; with "examples" only those are used.
    """
    if jsonl:
        with open_session() as session:
            return _batch(session)
    file, line = _place(place)
    with open_session(file) as session:
        question = Question(intent or "")
        if file is not None:
            runbook, cell = suggest.read_cell(file, line)
            question = suggest.conversation(session, "", str(absolute(file)), runbook, cell)
            question = replace(question, intent=intent or cell.intent)
        if not question.intent:
            raise click.UsageError("Say what the command should do: runbook-ls suggest INTENT.")
        for complaint in team.read_files(session):
            warn(complaint)
        started = time.perf_counter()
        answer = suggest.generate(session, question)
        took = (time.perf_counter() - started) * 1000
    for note in answer.notes:
        warn(note)
    if as_json:
        click.echo(json.dumps(_as_json(None, answer, took), ensure_ascii=False))
    else:
        _tell(answer)
    return 0 if answer.suggestion else 1


def _tell(answer: Answer) -> None:
    if answer.suggestion is None:
        warn(answer.reason)
        return
    text = answer.suggestion.text
    click.echo(shown.lines(text) if sys.stdout.isatty() else text)  # a program gets it byte for byte
    for problem in answer.suggestion.problems:
        click.echo(shown.line(f"{problem.severity.value}: {problem.message}"), err=True)
    for remark in answer.suggestion.remarks:
        click.echo(shown.line(remark), err=True)


def _batch(session: Session) -> int:
    told: set[str] = set()
    given_only = connect_directly(session.journal, session.settings)
    for number, text in enumerate(sys.stdin, start=1):
        if not text.strip():
            continue
        question = _question(number, text)
        started = time.perf_counter()
        given = question.get("examples")
        if given is None:
            answer = suggest.generate(session, Question(str(question["intent"])))
        else:
            pairs = _pairs(number, given)
            answer = suggest.generate_from(session, given_only, str(question["intent"]), pairs)
        took = (time.perf_counter() - started) * 1000
        for note in set(answer.notes) - told:
            warn(note)
            told.add(note)
        click.echo(json.dumps(_as_json(question.get("id"), answer, took), ensure_ascii=False))
    return 0


def _question(number: int, text: str) -> Mapping[str, object]:
    try:
        question = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RunbookError(f"stdin, line {number}: not JSON ({error}).") from None
    if not isinstance(question, dict) or not isinstance(question.get("intent"), str):
        raise RunbookError(f'stdin, line {number}: an object with a text "intent" is needed.')
    return question


def _pairs(number: int, given: object) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for pair in given if isinstance(given, list) else [given]:
        intent, text = (pair.get("intent"), pair.get("command")) if isinstance(pair, dict) else (None, None)
        if not isinstance(intent, str) or not isinstance(text, str):
            raise RunbookError(
                f'stdin, line {number}: "examples" is a list of {{"intent", "command"}}, both texts.'
            )
        pairs.append((intent, text))
    return pairs


def _as_json(id_: object, answer: Answer, ms: float) -> dict[str, object]:
    suggestion = answer.suggestion
    return {
        "id": id_,
        "command": suggestion.text if suggestion else None,
        "generator": suggestion.generator if suggestion else None,
        "confidence": round(suggestion.confidence, 3) if suggestion else 0.0,
        "examples": list(suggestion.examples) if suggestion else [],
        "problems": [{"code": p.code, "message": p.message} for p in answer.problems],
        "ms": round(ms, 3),
    }


def _place(place: str | None) -> tuple[Path | None, int]:
    if place is None:
        return None, 0
    file, _, line = place.rpartition(":")
    if not file or not line.isdigit() or int(line) < 1:
        raise click.UsageError(f"--in takes FILE:LINE with a line from 1, not {place}.")
    return Path(file), int(line) - 1
