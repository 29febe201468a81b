"""initialized, shutdown: what is done for a session at its beginning and its end."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.features import configuration, model_state
from runbook_ls.lsp.features.background_learning import read_team_files, read_workspace
from runbook_ls.lsp.server import RunbookServer


def register(server: RunbookServer) -> None:
    @server.feature(types.INITIALIZED)
    def initialized(_: types.InitializedParams) -> None:
        server.complain()
        model_state.tell(server)
        server.start(configuration.watch(server))
        if server.can("workspace.configuration"):
            server.start(configuration.ask(server))
        for folder, session in server.folders.items():
            server.start(read_workspace(server, folder, session))
            server.start(read_team_files(server, session))

    @server.feature(types.SHUTDOWN)
    async def shutdown(_: None) -> None:
        await server.stop()
        await server.off_loop(server.background, server.session.close)
