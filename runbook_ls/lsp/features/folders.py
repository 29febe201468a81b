"""Workspace folders: each has its own settings and its own trust, and sees the one session from its side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.config import files, paths
from runbook_ls.config.paths import Paths
from runbook_ls.config.settings import Settings, merge
from runbook_ls.config.trust import Trust
from runbook_ls.lsp.features.background_learning import read_workspace
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.connect import connect_worker
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of


def register(server: RunbookServer) -> None:
    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            path = to_fs_path(folder.uri)
            if path:
                server.folders.pop(Path(path), None)
        for folder in params.event.added:
            path = to_fs_path(folder.uri)
            if path and Path(path) not in server.folders:
                settle(server, Path(path))
                server.start(read_workspace(server, Path(path), server.folders[Path(path)]))


@dataclass(slots=True)
class Given:
    """What the client said about itself, settings and trust: at initialize, and since. `by_folder` is from
    `workspace/configuration`, by folder path, "" for what belongs to none."""

    trusted: object = None
    asks: bool = True  # false: it answers no question of the server's, and shows no error but as a message
    options: Mapping[str, object] = field(default_factory=dict)
    by_folder: dict[str, Mapping[str, object]] = field(default_factory=dict)


def begin(server: RunbookServer, params: types.InitializeParams) -> None:
    """Make the session, as the first folder sees it, and the sides of the other folders."""
    options = params.initialization_options
    given = dict(options) if isinstance(options, Mapping) else {}
    trusted, asks = given.pop("trusted", None), given.pop("asks", True)
    server.given = Given(trusted, asks is not False, given)
    opened = _opened(params)
    where = paths.find()
    first = opened[0] if opened else None
    trust = _trust(server.given.trusted, first)
    settings = _load(server, where, first, trust)
    workspace = workspace_of(first) if first else None
    server.session = Session(where, settings, trust, workspace, connect_worker, server.tell_from_thread())
    if first:
        server.folders[first] = server.session
    for folder in opened[1:]:
        settle(server, folder)


def settle(server: RunbookServer, folder: Path) -> None:
    """Take a folder in, with its settings and trust."""
    trust = _trust(server.given.trusted, folder)
    settings = _load(server, server.session.paths, folder, trust)
    server.folders[folder] = server.session.in_folder(settings, trust, workspace_of(folder))


def reload(server: RunbookServer) -> None:
    """Read all settings again; what runs and what is open stays."""
    for folder, session in server.folders.items():
        session.settings = _load(server, session.paths, folder, session.trust)
    if server.session not in server.folders.values():
        server.session.settings = _load(server, server.session.paths, None, server.session.trust)


def _load(server: RunbookServer, where: Paths, folder: Path | None, trust: Trust) -> Settings:
    """Defaults, files, `initializationOptions`, `workspace/configuration`: the later counts more."""
    loaded = files.load(where, folder, trust)
    over = merge(loaded.settings, server.given.options, "initializationOptions")
    named = server.given.by_folder.get(str(folder) if folder else "", {})
    last = merge(over.settings, named, "the editor's settings")
    server.complaints += [*loaded.complaints, *over.complaints, *last.complaints]
    return last.settings


def _trust(said: object, folder: Path | None) -> Trust:
    """`trusted` is one word for all folders, or one for each: `{URI or path: true}`."""
    if isinstance(said, Mapping):
        by_path = {to_fs_path(str(key)) or str(key): value for key, value in said.items()}
        return Trust.from_client(by_path.get(str(folder)) if folder else None)
    return Trust.from_client(said)


def _opened(params: types.InitializeParams) -> list[Path]:
    """The folders that the editor has open: its workspace folders, else its root."""
    found = [to_fs_path(folder.uri) for folder in params.workspace_folders or ()]
    if not any(found):
        found = [to_fs_path(params.root_uri) if params.root_uri else params.root_path]
    return [Path(path) for path in dict.fromkeys(found) if path]
