"""Features without a process: a runbook with a cursor (`$0`) in it, and what the server answers there."""

from __future__ import annotations

import asyncio
import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.workspace import Workspace

from runbook_ls.config import paths
from runbook_ls.config.settings import Settings
from runbook_ls.config.trust import Trust
from runbook_ls.document.lines import apply_edits
from runbook_ls.lsp.server import RunbookServer, build
from runbook_ls.values import TextEdit
from runbook_ls.workbench import open as opening
from runbook_ls.workbench.connect import connect_directly
from runbook_ls.workbench.session import Session


class Features:
    """The server's features on one runbook. `ask` calls a feature at the cursor."""

    def __init__(self, server: RunbookServer, uri: str, cursor: types.Position) -> None:
        self.server = server
        self.uri = uri
        self.cursor = cursor

    def ask(self, method: str, params: object) -> object:
        found = self.server.protocol.fm.features[method](params)
        return asyncio.run(found) if inspect.iscoroutine(found) else found

    def actions(self, only: list[str] | None = None) -> list[str]:
        found = self.ask(
            types.TEXT_DOCUMENT_CODE_ACTION,
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri),
                types.Range(self.cursor, self.cursor),
                types.CodeActionContext([], only=only),  # type: ignore[arg-type]
            ),
        )
        return [action.title for action in found]  # type: ignore[attr-defined]

    def lenses(self) -> list[tuple[int, str]]:
        found = self.ask(
            types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensParams(types.TextDocumentIdentifier(self.uri))
        )
        return [(lens.range.start.line, lens.command.title) for lens in found]  # type: ignore[attr-defined]

    def at(self, method: str, **more: object) -> object:
        """Ask a feature that takes a document and a position."""
        known = types.METHOD_TO_TYPES[method][2]
        document = types.TextDocumentIdentifier(self.uri)
        return self.ask(method, known(text_document=document, position=self.cursor, **more))  # type: ignore[misc]

    def on(self, method: str, **more: object) -> object:
        """Ask a feature that takes a document."""
        known = types.METHOD_TO_TYPES[method][2]
        return self.ask(method, known(text_document=types.TextDocumentIdentifier(self.uri), **more))  # type: ignore[misc]

    def text_after(self, edit: object) -> str:
        """The runbook after an edit of it."""
        assert isinstance(edit, types.WorkspaceEdit)
        document = self.server.document(self.uri)
        columns = self.server.columns(document)
        edits = [TextEdit(columns.span(e.range), e.new_text) for e in (edit.changes or {})[self.uri]]
        return apply_edits(document.runbook.text, edits)


@pytest.fixture
def features(tmp_path: Path) -> Callable[..., Features]:
    """Open a runbook written in a test, indented as it stands there, with `$0` where the cursor is."""

    def open_at_cursor(text: str, trust: Trust = Trust.TRUSTED) -> Features:
        text = textwrap.dedent(text)
        before, _, after = text.partition("$0")
        server = build()
        server.protocol._workspace = Workspace(None)
        server.protocol.client_capabilities = types.ClientCapabilities()
        server.session = Session(paths.find(), Settings(), trust, tmp_path, connect_directly, print)
        uri = (tmp_path / "runbook.md").as_uri()
        opening.open_document(server.session, uri, str(tmp_path / "runbook.md"), 1, before + after)
        line = before.count("\n")
        return Features(server, uri, types.Position(line, len(before) - (before.rfind("\n") + 1)))

    return open_at_cursor
