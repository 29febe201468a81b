"""initialized, shutdown, folders that come and go: what is done for a session at its beginning, turns and end."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types
from pygls.uris import to_fs_path

from runbook_ls.lsp.features import configuration, folders, model_state
from runbook_ls.lsp.features.background_learning import read_team_files, read_workspace
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.session import Session


def register(server: RunbookServer) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.complain()
        model_state.tell(server)
        server.start(configuration.watch(server))
        if server.can("workspace.configuration"):
            server.start(configuration.ask(server))
        for folder, session in server.folders.items():
            _learn(server, folder, session)

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            path = to_fs_path(folder.uri)
            if path:
                server.folders.pop(Path(path), None)
        for folder in params.event.added:
            path = to_fs_path(folder.uri)
            if path and Path(path) not in server.folders:
                folders.settle(server, Path(path))
                _learn(server, Path(path), server.folders[Path(path)])
        # What is open may lie in another folder now, and a new folder has settings of its own.
        server.start(configuration.ask(server))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.stop()
        await server.off_loop(server.background, server.session.close)


def _learn(server: RunbookServer, folder: Path, session: Session) -> None:
    """Read, in the background, what a folder that was opened teaches."""
    server.start(read_workspace(server, folder, session))
    server.start(read_team_files(server, session))
