"""The model, as this user has it: whether it may be asked, where it is, what it costs; and one question to it."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.config import model as config_model
from runbook_ls.config.model import Mode
from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings
from runbook_ls.document.runbook import Runbook
from runbook_ls.memory.examples import Candidate, Example
from runbook_ls.suggest import answer, guard, prompt
from runbook_ls.suggest.endpoint import Cancellation, Completion, Endpoint, Message, ModelError, check
from runbook_ls.suggest.prompt import RULES, Question
from runbook_ls.suggest.suggestion import Suggestion
from runbook_ls.workbench.key import source
from runbook_ls.workbench.session import Session

_CONFIDENCE = 0.5  # what a model says of itself is worth little: this says "not known"
_USAGE_BYTES = 1_000_000
_REFERENCE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of asking the model: a suggestion (not yet guarded) with the examples it was shown, or a reason."""

    suggestion: Suggestion | None
    examples: tuple[Example, ...] = ()
    reason: str = ""


def mode(session: Session, runbook: Runbook | None = None) -> Mode:
    """When the model is asked for this runbook: what the settings say, and `never` where the front matter's
    `runbook-ls: off` says so."""
    return "never" if _is_off_here(runbook) else config_model.mode(session.settings, session.trust)


def _is_off_here(runbook: Runbook | None) -> bool:
    """Front matter `runbook-ls: off`. YAML reads a bare `off` as false."""
    head = runbook.front_matter if runbook else None
    value = head.data.get("runbook-ls") if head else None
    return value is False or (isinstance(value, str) and value.strip().lower() in ("off", "false", "no"))


def endpoint(settings: Settings) -> Endpoint:
    """Where the model is. Raises ModelError if a header names a variable that is not set, or a setting has another
    type than it must."""
    return Endpoint(
        url=config_model.address(settings),
        model=settings.llm_model,
        headers=dict(_headers(settings.llm_headers)),
        query=settings.llm_query,
        body=settings.llm_body,
        key_from=source(settings),
        connect_timeout=settings.llm_connect_timeout,
        timeout=settings.llm_timeout,
    )


def key_state(settings: Settings) -> str:
    """Where the key comes from and whether it is there, for a person. No command is run for it."""
    if settings.llm_key_command:
        return "from llm.key_command, when it is needed"
    there = bool(settings.llm_key_env and os.environ.get(settings.llm_key_env))
    return f"{source(settings)}: {'set' if there else 'not set; a local server needs none'}"


def _headers(given: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        if not isinstance(value, str):
            raise ModelError(f'llm.headers: the value of "{name}" must be a text.')
        for reference in _REFERENCE.findall(value):
            if reference not in os.environ:
                raise ModelError(
                    f'llm.headers: "{name}" needs the environment variable {reference}, which is not set.'
                )
        text = _REFERENCE.sub(lambda match: os.environ[match[1]], value)
        if not re.fullmatch(r"[!#$%&'*+.^`|~\w-]+", name, re.ASCII) or not re.fullmatch(
            r"[\x20-\x7e]*", text
        ):
            raise ModelError(f'llm.headers: "{name}" or its value has a character that no header can have.')
        yield name, text


def ask(
    session: Session,
    question: Question,
    candidates: Sequence[Candidate],
    cancel: Cancellation,
    *,
    rules: str = RULES,
) -> Told:
    """Ask the model. Blocks; raises ModelError, and TakenBackError once `cancel` is set."""
    settings = session.settings
    if settings.memory_scope == "workspace":
        candidates = [c for c in candidates if c.example.workspace == session.workspace]
    asked = prompt.build(question, candidates, budget=int(settings.llm_context), rules=rules)
    completion = _completion(session, asked.messages, cancel)
    program_names = _programs(question, asked.examples)
    found = answer.read(
        completion,
        question.intent,
        lambda name: name in program_names or guard.is_builtin(name) or on_path(name),
    )
    if not found.command:
        return Told(None, reason=found.reason)
    command = asked.hidden.restore(found.command)
    remarks = (asked.trimmed,) if asked.trimmed else ()
    ids = tuple(example.id for example in asked.examples)
    return Told(Suggestion(command, "llm", _CONFIDENCE, ids, remarks=remarks), asked.examples)


def _completion(session: Session, messages: Sequence[Message], cancel: Cancellation) -> Completion:
    from runbook_ls.suggest import llm  # asyncio and ssl, 70 ms, which `run` can do without

    settings = session.settings
    where = endpoint(settings)
    check(where)
    key = session.key.get(settings)
    if not key and where.url.rstrip("/") == config_model.OPENAI and not where.headers:
        raise ModelError(
            f"OpenAI needs a key: set {source(settings)} or llm.key_command, or name another llm.endpoint."
        )
    try:
        completion = llm.ask(where, key, messages, cancel)
    except ModelError as error:
        if not (error.refused_key and settings.llm_key_command):
            raise
        completion = llm.ask(
            where, session.key.get(settings, anew=True), messages, cancel
        )  # it may have expired
    _note_usage(session.paths, settings.llm_model, completion)
    return completion


def _programs(question: Question, examples: Sequence[Example]) -> frozenset[str]:
    """The programs that the runbook and the examples run: they exist, if perhaps not here."""
    texts = [example.command for example in examples]
    if question.runbook is not None:
        texts += [cell.script for cell in question.runbook.cells if cell.runnable]
    return frozenset(name for text in texts for name in guard.programs(text))


def on_path(name: str) -> bool:
    """Whether a program of this name can be found."""
    return shutil.which(name) is not None


def _note_usage(paths: Paths, model: str, completion: Completion) -> None:
    """Add one line to the record of what the model cost; what cannot be written is not worth a word."""
    row = {
        "time": int(time.time()),
        "model": model,
        "prompt": completion.prompt_tokens,
        "completion": completion.completion_tokens,
    }
    file = paths.usage
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file.exists() and file.stat().st_size > _USAGE_BYTES:
            file.replace(file.with_suffix(".old.jsonl"))
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as out:
            out.write(json.dumps(row) + "\n")
    except OSError:
        pass


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked of one model: how often, and tokens in and out."""

    model: str
    requests: int
    prompt: int
    completion: int


def usage(paths: Paths, *, days: float = 30) -> list[Usage]:
    """What the models cost in the last days, by name."""
    since = time.time() - days * 86_400
    requests: Counter[str] = Counter()
    prompts: Counter[str] = Counter()
    completions: Counter[str] = Counter()
    for row in _rows([paths.usage.with_suffix(".old.jsonl"), paths.usage]):
        name, when = row.get("model"), row.get("time")
        if isinstance(name, str) and isinstance(when, int) and when >= since:
            requests[name] += 1
            prompts[name] += _count(row.get("prompt"))
            completions[name] += _count(row.get("completion"))
    return [Usage(name, requests[name], prompts[name], completions[name]) for name in sorted(requests)]


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _rows(files: Sequence[Path]) -> Iterator[Mapping[str, object]]:
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            try:
                row = json.loads(line)
            except ValueError:
                continue  # a line that was cut off
            if isinstance(row, dict):
                yield row
