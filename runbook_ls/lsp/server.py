"""The language server: wires the features to one session. Each feature is a file of `features/`."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import importlib
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, ParamSpec, TypeVar

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from runbook_ls import __version__
from runbook_ls.lsp import convert, life, promises
from runbook_ls.lsp.convert import Columns
from runbook_ls.lsp.protocol import RunbookProtocol
from runbook_ls.values import RunbookError, TextEdit

if TYPE_CHECKING:  # these come with the features, after `initialize` was answered
    from runbook_ls.document.runbook import Runbook
    from runbook_ls.lsp.given import Given
    from runbook_ls.suggest.endpoint import Cancellation
    from runbook_ls.workbench.lint import Found
    from runbook_ls.workbench.session import OpenDocument, Session

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 0.05  # how often a question looks whether its run was cancelled

# What every window needs, and what is loaded when a client first asks for any of it.
AT_ONCE = ("lifecycle", "configuration", "documents", "diagnostics")
WHEN_ASKED = (
    "completion",
    "inline_completion",
    "code_actions",
    "code_lenses",
    "inlay_hints",
    "hover",
    "symbols",
    "folding",
    "navigation",
    "links",
    "generate",
    "repair",
    "run",
    "selection",
    "show_output",
    "shell_state",
    "explain",
    "forget",
    "learning",
)


class RunbookServer(LanguageServer):
    """The server of one editor. `session` is there from `initialize` on; `folders` are the sides of it that the open
    workspace folders see, `given` is what the client said about settings.

    Nothing slow runs on the event loop: `background` is for recall and programs that are asked, `ledger` (one thread,
    so in order) for the journal, `parser` for documents that take long to read.
    """

    protocol: RunbookProtocol
    session: Session
    given: Given

    def __init__(self) -> None:
        # pygls' pool is not used: stdin has a reader of its own, and our work its own threads.
        super().__init__("runbook-ls", __version__, protocol_cls=RunbookProtocol, max_workers=1)
        self._begun = self._complete = False  # whether what every window needs is loaded, and all
        self._promised: set[str] = set()  # methods whose features are not loaded yet
        self._initialize: types.InitializeParams | None = None
        self._promise()
        self.background = ThreadPoolExecutor(8, thread_name_prefix="work")
        self.ledger = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self.parser = ThreadPoolExecutor(1, thread_name_prefix="parser")
        self.last_position: tuple[str, int] | None = None
        self.questions: dict[str, Cancellation] = {}  # by URI: the suggestion that is being made
        self.pulls = False  # whether the client has asked for diagnostics, and is not to be sent any
        self.problems: dict[str, tuple[Runbook, Found]] = {}  # by URI: of the newest version
        self.folders: dict[Path, Session] = {}
        self.complaints: list[str] = []  # about settings, until they are shown
        self.offered: set[str] = set()  # what is offered once a window
        self._said: set[str] = set()
        self._runbooks: dict[tuple[str, str, tuple[str, ...]], bool] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    def _promise(self) -> None:
        """Register what the answer to `initialize` tells, without loading what does it."""
        manager = self.protocol.fm

        @manager.feature(types.INITIALIZE)
        def initialize(params: types.InitializeParams) -> None:
            self._initialize = params
            if self.can("text_document.inline_completion"):
                for method, options in promises.INLINE_COMPLETION.items():
                    manager.feature(method, options)(_promised)
                    self._promised.add(method)
            life.watch_parent(self, params.process_id)

        for method, options in promises.METHODS.items():
            manager.feature(method, options)(_promised)
            self._promised.add(method)
        for command in promises.COMMANDS:
            manager.command(command)(_promised)

    @property
    def is_initialized(self) -> bool:
        """Whether `initialize` was answered."""
        return self._initialize is not None

    def load(self, method: str) -> None:
        """Load what is needed for a message with this method: after `initialize` what every window needs, and the
        session; the rest with the first request for any of it. A window in which nothing is asked stays small."""
        begins = not self._begun
        if begins:
            self.load_features(AT_ONCE)
            from runbook_ls.lsp.features import folders

            assert self._initialize is not None
            folders.begin(self, self._initialize)
        is_command = method == types.WORKSPACE_EXECUTE_COMMAND
        asked = not self._complete and (method in self._promised or is_command)
        if asked:
            self.load_features(WHEN_ASKED)
        if begins or asked:
            # What is loaded stays: the collector need not walk over it while somebody types.
            gc.collect()
            gc.freeze()

    def load_features(self, names: Iterable[str]) -> None:
        """Put these features in the place of what was promised."""
        self._begun = True
        features, commands = self.protocol.fm.features, self.protocol.fm.commands
        features.pop(types.INITIALIZE, None)  # it has done its work
        promised = {method: features.pop(method) for method in self._promised}
        promised_commands = dict(commands)
        commands.clear()
        for name in names:
            importlib.import_module(f"runbook_ls.lsp.features.{name}").register(self)
        self._promised -= features.keys()
        self._complete = bool(commands)
        features.update((method, promised[method]) for method in self._promised)
        for command in promised_commands.keys() - commands.keys():
            commands[command] = promised_commands[command]

    def off_loop(
        self, pool: ThreadPoolExecutor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
    ) -> asyncio.Future[R]:
        """Run `function` on a thread of `pool`; await the result."""
        context = contextvars.copy_context()
        return asyncio.get_running_loop().run_in_executor(
            pool, lambda: context.run(function, *args, **kwargs)
        )

    def on_thread(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[R]:
        """Run `function` on a thread of its own, for what may take as long as the user likes; await the result."""
        loop = asyncio.get_running_loop()
        result: Future[R] = Future()

        def work() -> None:
            result.set_running_or_notify_cancel()  # whoever stops waiting, the work has an end to tell
            try:
                result.set_result(function(*args, **kwargs))
            except BaseException as error:
                result.set_exception(error)

        threading.Thread(target=work, name="cell", daemon=True).start()
        return asyncio.wrap_future(result, loop=loop)

    async def reporting(self, work: Awaitable[object]) -> None:
        """Wait for work that nobody else waits for; what the user can act on in its failure is shown."""
        try:
            await work
        except RunbookError as error:
            self.say_once(str(error))

    def read_apart(self, uri: str, work: Callable[[], R], then: Callable[[R], None]) -> None:
        """Do `work` on a document that takes long to read, and then `then` on the loop; what else concerns the
        document waits."""

        async def apart() -> None:
            try:
                then(await self.off_loop(self.parser, work))
            finally:
                self.protocol.release(uri)

        self.protocol.hold(uri)
        self.start(apart())

    async def ask(self, method: str, params: object, cancel: threading.Event) -> Any:  # noqa: ANN401
        """The user's answer to a question that the client shows. None, and the question is taken back, once the run it
        is about is cancelled."""
        asked = asyncio.ensure_future(self.protocol.ask(method, params))
        try:
            while not asked.done() and not cancel.is_set():
                await asyncio.wait((asked,), timeout=_LOOK_SECONDS)
            return asked.result() if asked.done() else None
        finally:
            asked.cancel()

    def start(self, work: Coroutine[Any, Any, R]) -> asyncio.Task[R]:
        """Do `work` on the loop beside everything else; it is cancelled at shutdown."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def stop(self) -> None:
        """Cancel what was started, and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def document(self, uri: str) -> OpenDocument:
        """The open document; RunbookError if the client never opened it."""
        document = self.session.documents.get(uri)
        if document is None:
            raise RunbookError(f"{uri} is not open: open it in the editor first.")
        return document

    def session_of(self, uri: str) -> Session:
        """The session as the innermost workspace folder sees it that holds the document; as the first one does for a
        document outside of all."""
        file = Path(to_fs_path(uri) or uri)
        holding = [folder for folder in self.folders if file.is_relative_to(folder)]
        return self.folders[max(holding, key=lambda folder: len(folder.parts))] if holding else self.session

    def is_runbook(self, document: OpenDocument) -> bool:
        """Whether lenses and hints are wanted in this file: the setting `runbooks`. Looked up once a file."""
        session = self.session_of(document.uri)
        known = (document.file, session.workspace, session.settings.runbooks)
        if known not in self._runbooks:
            from runbook_ls.workbench import runbooks

            self._runbooks[known] = runbooks.is_runbook(*known)
        return self._runbooks[known]

    def can(self, capability: str) -> bool:
        """Whether the client has a capability, such as `window.show_document.support`."""
        return bool(get_capability(self.client_capabilities, capability, False))

    def shows(self, what: str) -> bool:
        """Whether the client says that it does more with runbooks than the protocol has, such as `cellOutput`: the
        capability `experimental.runbook` with that name."""
        experimental = self.client_capabilities.experimental
        asked = experimental.get("runbook") if isinstance(experimental, Mapping) else None
        return isinstance(asked, Mapping) and bool(asked.get(what))

    def refresh(self) -> None:
        """Have the client ask again for what a run changes: lenses and hints."""
        if self.can("workspace.code_lens.refresh_support"):
            self.workspace_code_lens_refresh(None)
        if self.can("workspace.inlay_hint.refresh_support"):
            self.workspace_inlay_hint_refresh(None)

    @property
    def encoding(self) -> str:
        """What the client counts columns in: `utf-8`, `utf-16` or `utf-32`."""
        encoding = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        return encoding.value if isinstance(encoding, types.PositionEncodingKind) else str(encoding)

    def columns(self, document: OpenDocument) -> Columns:
        """The client's units for this version of the document."""
        return Columns(document.lines, self.encoding)

    def workspace_edit(self, document: OpenDocument, edits: Iterable[TextEdit]) -> types.WorkspaceEdit:
        """The edits as the client takes them: bound to this version of the document, where it can do that."""
        columns = self.columns(document)
        changes = [columns.to_edit(edit) for edit in edits]
        if not self.can("workspace.workspace_edit.document_changes"):
            return types.WorkspaceEdit({document.uri: changes})
        versioned = types.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(versioned, [*changes])])

    async def apply(self, document: OpenDocument, edits: Sequence[TextEdit], label: str) -> bool:
        """Have the client make edits of exactly this version of the document; whether it did."""
        edit = self.workspace_edit(document, edits)
        try:
            applied = await self.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, label=label))
        except JsonRpcException:  # a client that takes no edits
            return False
        return applied.applied

    def say(self, text: str, kind: types.MessageType = types.MessageType.Info) -> None:
        """Show one sentence to the user."""
        self.window_show_message(types.ShowMessageParams(kind, convert.message(text)))

    def tell_from_thread(self) -> Callable[[str], None]:
        """A function that warns the user, from any thread."""
        loop = asyncio.get_running_loop()
        return lambda notice: _soon(loop, self.say, notice, types.MessageType.Warning)

    def complain(self) -> None:
        """Show what was wrong with the settings, each once."""
        complaints, self.complaints = self.complaints, []
        for complaint in complaints:
            self.say_once(complaint)

    def forget_runbooks(self) -> None:
        """Look anew which files are runbooks."""
        self._runbooks.clear()

    def say_once(self, warning: str) -> None:
        """Show a warning that would come with every answer, the first time."""
        if warning not in self._said:
            self._said.add(warning)
            self.say(warning, types.MessageType.Warning)

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ANN401
        """To the log; what the user can act on is also shown. Never a traceback, never document text."""
        if isinstance(error, RunbookError):
            self.say(str(error), types.MessageType.Error)
        else:
            logger.error("%s: %s", getattr(source, "__name__", source), type(error).__name__, exc_info=error)


def _soon(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *arguments: object) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(function, *arguments)


def _promised() -> NoReturn:
    raise AssertionError("a feature is loaded before it is asked")


def build() -> RunbookServer:
    """A server with every feature loaded."""
    server = RunbookServer()
    server.load_features((*AT_ONCE, *WHEN_ASKED))
    return server
