"""initialize, initialized, shutdown: the session begins and ends here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.config import files, paths
from runbook_ls.config.settings import merge
from runbook_ls.config.trust import Trust
from runbook_ls.lsp.features.background_learning import read_workspace
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.connect import connect_worker
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.surroundings import workspace_of


def register(server: RunbookServer) -> None:
    complaints: list[str] = []

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        given = dict(options) if isinstance(options, Mapping) else {}
        trust = Trust.from_client(given.pop("trusted", None))
        where = paths.find()
        server.folder = _folder(params)
        loaded = files.load(where, server.folder, trust)
        over = merge(loaded.settings, given, "initializationOptions")
        complaints.extend(loaded.complaints + over.complaints)
        loop = asyncio.get_running_loop()

        def tell(notice: str) -> None:
            loop.call_soon_threadsafe(server.say, notice, types.MessageType.Warning)

        workspace = workspace_of(server.folder) if server.folder else None
        server.session = Session(where, over.settings, trust, workspace, connect_worker, tell)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        for complaint in complaints:
            server.say(complaint, types.MessageType.Warning)
        server.start(read_workspace(server))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.stop()
        await server.off_loop(server.background, server.session.close)


def _folder(params: types.InitializeParams) -> Path | None:
    """The folder the editor opened: its first workspace folder, else its root."""
    folders = [folder.uri for folder in params.workspace_folders or ()]
    for uri in [*folders, params.root_uri]:
        path = to_fs_path(uri) if uri else None
        if path:
            return Path(path)
    return Path(params.root_path) if params.root_path else None
