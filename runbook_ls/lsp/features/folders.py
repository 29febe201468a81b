"""Workspace folders: each has its own settings and its own trust, and sees the one session from its side."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from runbook_ls.config import paths
from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings
from runbook_ls.lsp.given import Given, folders_of
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.connect import connect_worker
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of


def begin(server: RunbookServer, params: types.InitializeParams) -> None:
    """Make the session, as the first folder sees it, and the sides of the other folders."""
    server.given = Given.of(params)
    opened = folders_of(params)
    where = paths.find()
    first = opened[0] if opened else None
    trust = server.given.trust(first)
    settings = _load(server, where, first)
    workspace = workspace_of(first) if first else None
    server.session = Session(where, settings, trust, workspace, connect_worker, server.tell_from_thread())
    if first:
        server.folders[first] = server.session
    for folder in opened[1:]:
        settle(server, folder)


def settle(server: RunbookServer, folder: Path) -> None:
    """Take a folder in, with its settings and trust."""
    trust = server.given.trust(folder)
    settings = _load(server, server.session.paths, folder)
    server.folders[folder] = server.session.in_folder(settings, trust, workspace_of(folder))


def reload(server: RunbookServer) -> None:
    """Read all settings again; what runs and what is open stays."""
    for folder, session in server.folders.items():
        session.settings = _load(server, session.paths, folder)
    if server.session not in server.folders.values():
        server.session.settings = _load(server, server.session.paths, None)


def _load(server: RunbookServer, where: Paths, folder: Path | None) -> Settings:
    loaded = server.given.settings(where, folder)
    server.complaints += loaded.complaints
    return loaded.settings
