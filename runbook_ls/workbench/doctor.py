"""What works here and what does not, and why nothing was learned."""

from __future__ import annotations

import importlib.util
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from runbook_ls import __version__
from runbook_ls.config.model import is_configured
from runbook_ls.memory.embedder import load_embedder
from runbook_ls.memory.records import Counts
from runbook_ls.suggest import endpoint
from runbook_ls.values import RunbookError
from runbook_ls.workbench import connect, model, team
from runbook_ls.workbench.connect import team_server
from runbook_ls.workbench.session import Session

_EXTRA = "install runbook-ls[full]"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that was looked at. `works` is None for a plain fact."""

    what: str
    finding: str
    works: bool | None = None


def examine(session: Session) -> Iterator[Symptom]:
    """Look at everything a user's question could be about, the cheap things first."""
    yield Symptom(
        "version", f"runbook-ls {__version__}, Python {platform.python_version()} ({sys.executable})"
    )
    yield Symptom("settings", str(session.paths.user_settings))
    yield Symptom("log", str(session.paths.log))
    yield Symptom("outputs of runs", str(session.paths.outputs))
    for shell in ("bash", "zsh"):
        found = shutil.which(shell)
        yield Symptom(shell, found or "not on PATH", bool(found) if shell == "bash" else None)
    yield from _memory(session)
    yield from _model(session)
    yield from _journal(session)
    yield from _team(session)


def _memory(session: Session) -> Iterator[Symptom]:
    has_chroma = importlib.util.find_spec("chromadb") is not None
    yield Symptom("index", "Chroma, in memory" if has_chroma else f"exact search only: {_EXTRA}", has_chroma)
    try:
        which = connect.embedder(session.settings)
        if not isinstance(which, str):  # nobody is asked without need
            yield Symptom("embedder", f"{which.model} of {endpoint.said(which.url)}", True)
            return
        embedder = load_embedder(which)
        yield Symptom("embedder", f"{embedder.name}, {embedder.dimension} dimensions", True)
    except RunbookError as error:
        yield Symptom("embedder", f"{error} Until then suggestions go by words only.", False)


def _model(session: Session) -> Iterator[Symptom]:
    """Whether a model would be asked, where, and what that cost. Nothing is sent."""
    settings = session.settings
    if not is_configured(settings):
        yield Symptom("model", "none: set OPENAI_API_KEY, OPENAI_BASE_URL or llm.endpoint to have one")
        return
    when = model.mode(session)
    if when == "never":
        yield Symptom("model", 'off: RUNBOOK_LS_LLM=off, suggest.llm = "never", or an untrusted workspace')
    else:
        try:
            where = model.endpoint(settings)
            endpoint.check(where)
            yield Symptom("model", f"{where.model} at {endpoint.said(where.url)}, asked: {when}", True)
        except RunbookError as error:
            yield Symptom("model", str(error), False)
        has_openai = importlib.util.find_spec("openai") is not None
        yield Symptom("openai", "installed" if has_openai else _EXTRA, has_openai)
        yield Symptom("key", model.key_state(settings))
    for used in model.usage(session.paths):
        yield Symptom(
            "tokens, 30 days",
            f"{used.prompt} in, {used.completion} out, {used.requests} answers of {used.model}",
        )


def _journal(session: Session) -> Iterator[Symptom]:
    try:
        counts = session.journal.counts()
    except RunbookError as error:
        yield Symptom("journal", str(error), False)
        return
    yield Symptom("journal", f"{session.paths.journal}, {counts.size / 1024:.0f} KB", True)
    for notice in session.journal.notices:
        yield Symptom("journal", notice, False)
    yield Symptom("learned", _learned(counts), sum(counts.examples.values()) > 0 or None)
    for receipt, number in list(counts.not_learned.items())[:5]:
        yield Symptom(receipt, f"{number} run{'' if number == 1 else 's'}")
    if not session.settings.learning:
        yield Symptom("learning", "paused by the setting `learning = false`", False)


def _team(session: Session) -> Iterator[Symptom]:
    settings = session.settings
    if settings.memory_server:
        try:
            team_server(settings)
        except RunbookError as error:
            yield Symptom("team's server", str(error), False)
        else:
            yield Symptom("team's server", f"{settings.memory_server}, sharing: {settings.memory_share}")
    for complaint in team.read_files(session):
        yield Symptom("team's files", complaint, False)


def _learned(counts: Counts) -> str:
    examples = ", ".join(f"{number} {source}" for source, number in sorted(counts.examples.items()))
    return f"{examples or 'nothing yet'} ({counts.runs} runs, {counts.suggestions} suggestions taken)"
