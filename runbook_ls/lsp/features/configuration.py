"""Settings that change while the server runs: `workspace/configuration`, pushed settings, watched files.

Trust is not among them: a setting may come from a file of the very folder it would speak for.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import to_fs_path

from runbook_ls.lsp.features import diagnostics, folders, model_state
from runbook_ls.lsp.features.background_learning import is_team_file, read_team_files
from runbook_ls.lsp.server import RunbookServer

SECTION = "runbook-ls"

logger = logging.getLogger(__name__)


def register(server: RunbookServer) -> None:
    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        pushed = params.settings.get(SECTION) if isinstance(params.settings, Mapping) else None
        if isinstance(pushed, Mapping):
            server.given.by_folder = {str(folder): dict(pushed) for folder in ("", *server.folders)}
            _apply(server)
        else:
            server.start(ask(server))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        _apply(server)
        changed = [Path(path) for change in params.changes if (path := to_fs_path(change.uri))]
        for session in server.folders.values():
            if any(is_team_file(session, path) for path in changed):
                server.start(read_team_files(server, session))


async def ask(server: RunbookServer) -> None:
    """Ask the client for the settings of each folder, if it can tell, and apply them."""
    if server.can("workspace.configuration"):
        scopes: list[Path | None] = [*server.folders] or [None]
        items = [
            types.ConfigurationItem(scope_uri=scope.as_uri() if scope else None, section=SECTION)
            for scope in scopes
        ]
        try:
            told = await server.workspace_configuration_async(types.ConfigurationParams(items))
        except JsonRpcException as error:
            logger.warning("The client did not tell its settings: %s", error)
            return
        server.given.by_folder = {
            str(scope) if scope else "": {key: value for key, value in one.items() if value is not None}
            for scope, one in zip(scopes, told, strict=False)
            if isinstance(one, Mapping)
        }
    _apply(server)


async def watch(server: RunbookServer) -> None:
    """Have the client tell when settings files, .gitignore and a team's files change, if it can."""
    if not server.can("workspace.did_change_watched_files.dynamic_registration"):
        return
    named = {Path(name).name for session in server.folders.values() for name in session.settings.memory_files}
    watchers = [
        types.FileSystemWatcher(f"**/{name}") for name in ("runbook-ls.toml", ".gitignore", *sorted(named))
    ]
    registration = types.Registration(
        "runbook-ls-settings",
        types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
        types.DidChangeWatchedFilesRegistrationOptions(watchers),
    )
    try:
        await server.client_register_capability_async(types.RegistrationParams([registration]))
    except JsonRpcException as error:
        logger.warning("The client watches no files: %s", error)


def _apply(server: RunbookServer) -> None:
    """Read the settings again and show what comes of it."""
    folders.reload(server)
    server.forget_runbooks()
    server.complain()
    model_state.tell(server)
    server.refresh()
    diagnostics.look_again(server)
