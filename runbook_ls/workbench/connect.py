"""How a face reaches the memory: through the worker process, or directly for one command without a team's server."""

from __future__ import annotations

import os
from dataclasses import replace

from runbook_ls.config.settings import Settings
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.embedder import EmbedderName
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.remote import Remote
from runbook_ls.memory.retrieval import Memory
from runbook_ls.memory.team import Server
from runbook_ls.values import RunbookError
from runbook_ls.workbench import surroundings
from runbook_ls.workbench.session import Session

_COMMAND_PATIENCE_SECONDS = 5.0


def connect_worker(journal: Journal, settings: Settings) -> Memory:
    """For a server: recall happens in a child process, which the first recall starts.

    Raises RunbookError if the settings of the team's server cannot be used.
    """
    return WorkerMemory(journal, embedder(settings), server=team_server(settings))


def connect_for_command(journal: Journal, settings: Settings) -> Memory:
    """For one command: recall in this process, by exact search. A team's server is spoken to by the worker only,
    since its client reads a `.env` in the working directory.

    Raises RunbookError as `connect_worker` does.
    """
    server = team_server(settings)
    if server is None:
        return connect_directly(journal, settings)
    patient = replace(server, patience=_COMMAND_PATIENCE_SECONDS)
    return WorkerMemory(journal, embedder(settings), server=patient)


def warm_up(session: Session) -> None:
    """Start the memory's worker, so that the first question finds it ready; nothing where nothing was ever learned."""
    if session.paths.journal.exists():
        memory = session.memory
        if isinstance(memory, WorkerMemory):
            memory.start()


def connect_directly(journal: Journal, settings: Settings) -> DirectMemory:
    """Recall in this process, of this user's own memory."""
    return DirectMemory(journal, embedder(settings))


def embedder(settings: Settings) -> EmbedderName | Remote:
    """Which embedder the settings name; nothing is loaded and nobody is asked yet.

    Raises RunbookError if it is at an endpoint whose settings cannot be used.
    """
    if settings.memory_embedder != "openai":
        return settings.memory_embedder
    from runbook_ls.suggest.endpoint import check  # all of the model path, which few need here
    from runbook_ls.workbench.key import Key
    from runbook_ls.workbench.model import endpoint

    where, key = endpoint(settings), Key()
    check(where)
    return Remote(
        where.url,
        settings.memory_embedding_model,
        lambda: key.get(settings),
        where.headers,
        where.query,
        where.timeout,
    )


def team_server(settings: Settings) -> Server | None:
    """The team's server as the settings name it; the header's value comes from the environment.

    Raises RunbookError if the header is not NAME=VARIABLE or the variable is not set.
    """
    if not settings.memory_server:
        return None
    if not settings.memory_server.startswith(("http://", "https://")):
        raise RunbookError(
            f'setting "memory.server" must be a URL such as https://memory.example.org:8000, '
            f'not "{settings.memory_server}".'
        )
    headers = {}
    if settings.memory_server_header:
        name, found, variable = settings.memory_server_header.partition("=")
        if not found or not name.strip() or not variable.strip():
            raise RunbookError(
                'setting "memory.server_header" must be NAME=VARIABLE, such as Authorization=TEAM_MEMORY_TOKEN; '
                "the value itself stays in the environment."
            )
        value = os.environ.get(variable.strip())
        if not value:
            raise RunbookError(
                f'setting "memory.server_header" names the environment variable {variable.strip()}, which is not set.'
            )
        headers[name.strip()] = value
    return Server(
        settings.memory_server,
        headers,
        read_only=settings.memory_share == "never",
        author=f"{surroundings.user()}@{surroundings.host()}",
    )
