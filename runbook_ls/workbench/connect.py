"""How a face reaches the memory: a server through its worker process, one command line directly."""

from __future__ import annotations

from runbook_ls.config.settings import Settings
from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.retrieval import Memory
from runbook_ls.workbench.session import Session


def connect_worker(journal: Journal, settings: Settings) -> Memory:
    """For a server: recall happens in a child process, which the first recall starts."""
    return WorkerMemory(journal, settings.memory_embedder)


def warm_up(session: Session) -> None:
    """Start the memory's worker, so that the first question finds it ready; nothing where nothing was ever learned."""
    if session.paths.journal.exists():
        memory = session.memory
        if isinstance(memory, WorkerMemory):
            memory.start()


def connect_directly(journal: Journal, settings: Settings) -> DirectMemory:
    """For one command: recall in this process, exact search."""
    return DirectMemory(journal, settings.memory_embedder)
