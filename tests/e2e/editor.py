"""An editor for tests: a real server process over stdio, a buffer per file, and what its user sees."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Union

from cattrs import Converter
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp import LanguageClient, client_capabilities
from pytest_lsp.client import register_lsp_features

from runbook_ls.document.lines import apply_edits, split_lines
from runbook_ls.lsp.convert import Columns
from runbook_ls.values import TextEdit

STAND_INS = Path(__file__).parents[2] / "runbook_ls" / "demo" / "bin"


class Editor:
    """What a person does in an editor, in the words of a person. Lines are 0-based."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.buffers: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.questions: list[types.ShowMessageRequestParams] = []
        self.published: list[types.PublishDiagnosticsParams] = []
        self._more_published = asyncio.Event()
        self.answer: str | None = None
        # pygls marks handlers with attributes, which bound methods cannot have.
        # pytest-lsp has a handler for this one, which keeps the newest only.
        client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(lambda params: self._take(params))
        client.feature(types.WORKSPACE_APPLY_EDIT)(lambda params: self._apply(params))
        client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(lambda params: self._asked(params))
        client.feature(types.WORKSPACE_CODE_LENS_REFRESH)(lambda params: None)
        client.feature(types.WORKSPACE_INLAY_HINT_REFRESH)(lambda params: None)

    def open(self, file: Path) -> str:
        """Open a file; its URI."""
        uri = file.as_uri()
        self.buffers[uri] = file.read_text(encoding="utf-8")
        self.versions[uri] = 1
        item = types.TextDocumentItem(uri, "markdown", 1, self.buffers[uri])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def line_of(self, uri: str, text: str, after: int = 0) -> int:
        """The first line from `after` on that contains `text`."""
        lines = split_lines(self.buffers[uri])
        return next(n for n, line in enumerate(lines) if n >= after and text in line)

    def replace(self, uri: str, old: str, new: str) -> None:
        """Type over the only place where `old` stands."""
        buffer = self.buffers[uri]
        assert buffer.count(old) == 1, f"{old!r} stands {buffer.count(old)} times"
        at = buffer.index(old)
        self._change(uri, self._range(buffer, at, at + len(old)), new)

    def type_into_cell(self, uri: str, line: int, text: str) -> None:
        """Type `text` as a line of its own under the fence at `line`, indented as the fence is."""
        fence = split_lines(self.buffers[uri])[line]
        indent = fence[: fence.index("`")]
        place = types.Position(line + 1, 0)
        body = "".join(f"{indent}{row}\n" for row in text.split("\n"))
        self._change(uri, types.Range(place, place), body)

    async def actions(self, uri: str, line: int) -> list[types.CodeAction]:
        place = types.Position(line, 0)
        found = await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri), types.Range(place, place), types.CodeActionContext([])
            )
        )
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def act(self, uri: str, line: int, title: str) -> object:
        """Choose the code action that begins with `title` at `line`; what its command answers."""
        found = await self.actions(uri, line)
        action = next((a for a in found if a.title.startswith(title)), None)
        assert action is not None, f"no action {title!r} among {[a.title for a in found]}"
        assert action.command is not None
        return await self.client.workspace_execute_command_async(
            types.ExecuteCommandParams(action.command.command, arguments=action.command.arguments)
        )

    async def complete(self, uri: str, line: int, column: int) -> list[types.CompletionItem]:
        found = await self.client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(line, column))
        )
        return list(found.items if isinstance(found, types.CompletionList) else found or [])

    def accept(self, uri: str, item: types.CompletionItem) -> None:
        """Take a completion item, as the editor does."""
        assert isinstance(item.text_edit, types.TextEdit)
        self._change(uri, item.text_edit.range, item.text_edit.new_text)

    async def hover(self, uri: str, line: int) -> str:
        found = await self.client.text_document_hover_async(
            types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, 0))
        )
        return found.contents.value if found else ""  # type: ignore[union-attr]

    async def lenses(self, uri: str) -> list[tuple[int, str]]:
        found = await self.client.text_document_code_lens_async(
            types.CodeLensParams(types.TextDocumentIdentifier(uri))
        )
        return [(lens.range.start.line, lens.command.title) for lens in found or [] if lens.command]

    async def until(self, uri: str, happened: Callable[[], bool]) -> None:
        """Go on using the editor until something has happened."""
        for _ in range(20_000):
            if happened():
                return
            await self.lenses(uri)
        raise AssertionError("it did not happen")

    async def publication(self, uri: str, version: int) -> types.PublishDiagnosticsParams:
        """The first diagnostics that were published for this version of a document. Waits until there are some."""
        while True:
            self._more_published.clear()
            for published in self.published:
                if (published.uri, published.version) == (uri, version):
                    return published
            await self._more_published.wait()

    @property
    def progress(self) -> list[object]:
        """Everything that progress bars showed."""
        return [report for reports in self.client.progress_reports.values() for report in reports]

    @property
    def messages(self) -> list[str]:
        """What the editor showed, oldest first."""
        return [message.message for message in self.client.messages]

    def _take(self, params: types.PublishDiagnosticsParams) -> None:
        self.client.diagnostics[params.uri] = params.diagnostics
        self.published.append(params)
        self._more_published.set()

    def _apply(self, params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        edit = params.edit
        changes: list[tuple[str, list[types.TextEdit]]] = []
        for change in edit.document_changes or []:
            assert isinstance(change, types.TextDocumentEdit)
            uri = change.text_document.uri
            if change.text_document.version not in (None, self.versions[uri]):
                return types.ApplyWorkspaceEditResult(applied=False)
            changes.append((uri, [e for e in change.edits if isinstance(e, types.TextEdit)]))
        changes += [(uri, list(edits)) for uri, edits in (edit.changes or {}).items()]
        for uri, edits in changes:
            columns = Columns(split_lines(self.buffers[uri]), "utf-16")
            mine = [TextEdit(columns.span(e.range), e.new_text) for e in edits]
            self.buffers[uri] = apply_edits(self.buffers[uri], mine)
            self._tell(uri, [types.TextDocumentContentChangeWholeDocument(self.buffers[uri])])
        return types.ApplyWorkspaceEditResult(applied=True)

    def _asked(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        self.questions.append(params)
        return next((action for action in params.actions or [] if action.title == self.answer), None)

    def _change(self, uri: str, where: types.Range, text: str) -> None:
        columns = Columns(split_lines(self.buffers[uri]), "utf-16")
        self.buffers[uri] = apply_edits(self.buffers[uri], [TextEdit(columns.span(where), text)])
        self._tell(uri, [types.TextDocumentContentChangePartial(where, text)])

    def _tell(self, uri: str, changes: list[types.TextDocumentContentChangeEvent]) -> None:
        self.versions[uri] += 1
        document = types.VersionedTextDocumentIdentifier(self.versions[uri], uri)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, changes))

    @staticmethod
    def _range(buffer: str, start: int, end: int) -> types.Range:
        def place(offset: int) -> types.Position:
            before = buffer[:offset]
            return types.Position(before.count("\n"), offset - (before.rfind("\n") + 1))

        return types.Range(place(start), place(end))


def _converter() -> Converter:
    """lsprotocol reads every action that has a command as a bare Command; here it is told apart (its issue 441)."""
    converter = default_converter()

    def action(found: Any, _: object) -> types.Command | types.CodeAction:
        bare = isinstance(found.get("command"), str)
        return converter.structure(found, types.Command if bare else types.CodeAction)

    converter.register_structure_hook(Union[types.Command, types.CodeAction], action)  # noqa: UP007
    return converter


@asynccontextmanager
async def editor(
    workspace: Path,
    *,
    capabilities: str | types.ClientCapabilities = "neovim",
    trusted: bool | None = True,
    settings: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Editor]:
    """An editor with its server, from start to a clean end. `capabilities` is a preset's name or the real thing."""
    client = LanguageClient(converter_factory=_converter)
    register_lsp_features(client)
    path = f"{STAND_INS}{os.pathsep}{os.environ['PATH']}"
    await client.start_io(
        sys.executable, "-m", "runbook_ls", "serve", env={**os.environ, "PATH": path, **(environment or {})}
    )
    options = dict(settings or {})
    if trusted is not None:
        options["trusted"] = trusted
    if isinstance(capabilities, str):
        capabilities = client_capabilities(capabilities)
    try:
        await client.initialize_session(
            types.InitializeParams(
                capabilities=capabilities,
                workspace_folders=[types.WorkspaceFolder(workspace.as_uri(), workspace.name)],
                initialization_options=options,
            )
        )
        yield Editor(client)
        await client.shutdown_session()
    except BaseException:
        if client._server is not None and client._server.returncode is None:
            client._server.kill()  # a failing test must not wait for a server that waits for it
        raise
    finally:
        await asyncio.wait_for(client.stop(), 30)
