"""Definition, references and rename: cell names, shell variables, links between runbooks."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from runbook_ls.document.lines import split_lines
from runbook_ls.lint.files import read_runbook
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.values import RunbookError
from runbook_ls.workbench import references
from runbook_ls.workbench.references import Mention, Target
from runbook_ls.workbench.session import OpenDocument

_Asked = types.DefinitionParams | types.ReferenceParams | types.PrepareRenameParams | types.RenameParams


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(params: types.DefinitionParams) -> list[types.Location]:
        document, mention = _at(server, params)
        if mention is None:
            return []
        found = await server.off_loop(server.background, references.definition, document, mention)
        return [
            await server.off_loop(server.background, _location, server, document, target) for target in found
        ]

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def all_references(params: types.ReferenceParams) -> list[types.Location]:
        document, mention = _at(server, params)
        if mention is None:
            return []
        columns = server.columns(document)
        return [
            types.Location(document.uri, columns.to_range(found.span))
            for found in await server.off_loop(server.background, references.all_of, document, mention)
            if params.context.include_declaration or not found.defines
        ]

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare_rename(params: types.PrepareRenameParams) -> types.Range | None:
        document, mention = _at(server, params)
        if mention is None:
            return None
        await server.off_loop(server.background, references.check_renaming, document, mention)
        return server.columns(document).to_range(mention.span)

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    async def rename(params: types.RenameParams) -> types.WorkspaceEdit:
        document, mention = _at(server, params)
        if mention is None:
            raise RunbookError("Nothing to rename here: put the cursor on a cell's name or a shell variable.")
        edits = await server.off_loop(
            server.background, references.rename, document, mention, params.new_name
        )
        return server.workspace_edit(document, edits)


def _at(server: RunbookServer, params: _Asked) -> tuple[OpenDocument, Mention | None]:
    document = server.document(params.text_document.uri)
    server.last_position = (document.uri, params.position.line)
    return document, references.at(document, server.columns(document).position(params.position))


def _location(server: RunbookServer, document: OpenDocument, target: Target) -> types.Location:
    """Where the client finds the target: columns are counted in the line that the target's file has there."""
    if target.file is None:
        return types.Location(document.uri, server.columns(document).to_range(target.span))
    return types.Location(target.file.as_uri(), _columns_of(server, target.file).to_range(target.span))


def _columns_of(server: RunbookServer, file: Path) -> Columns:
    try:
        return Columns(split_lines(read_runbook(str(file))), server.encoding)
    except RunbookError:
        return Columns((), server.encoding)
