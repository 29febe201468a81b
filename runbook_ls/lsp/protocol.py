"""How messages are read and answered: what pygls does differently from what the specification and a user need.

- Documents are the session's, not pygls' workspace's: its line rule is `str.splitlines`, under which a form feed
  or U+2028 in a runbook corrupts every edit after it.
- Requests before `initialize` and after `shutdown`, unknown and malformed ones are answered as the specification
  says; nothing that a client sends ends the server but `exit`.
- A command gets its arguments as they were sent, so that a wrong shape is answered in words; cancelling its request
  cancels the command.
- A failure is answered with one sentence and no traceback.
- What concerns a document that is being read off the loop waits for it, in order.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import uuid
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method

from runbook_ls.lsp.wire import INVALID_REQUEST, Inbox, MalformedError
from runbook_ls.values import RunbookError

if TYPE_CHECKING:
    from runbook_ls.lsp.server import RunbookServer

logger = logging.getLogger(__name__)

Handled = Generator[Any, Any, None]
Message = dict[str, Any]

# The progress token that the client sent with the command at hand: it shows the progress itself.
client_token: ContextVar[str | int | None] = ContextVar("client_token", default=None)

_NOT_INITIALIZED = types.ErrorCodes.ServerNotInitialized.value
_METHOD_NOT_FOUND = types.ErrorCodes.MethodNotFound.value
_INTERNAL_ERROR = types.ErrorCodes.InternalError.value
_CANCELLED = types.LSPErrorCodes.RequestCancelled.value


class Refused(JsonRpcException):
    """A request that failed for a reason the user can act on: LSP's RequestFailed, with the sentence."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "Request failed"


class RunbookProtocol(LanguageServerProtocol):
    """LSP as pygls has it, with the session's documents, an own reading loop and clean failures."""

    _server: RunbookServer
    _inbox: Inbox
    _ended: asyncio.Event
    _initialize_seen = False
    _shutdown_seen = False

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401
        self._busy: dict[str, deque[Message]] = {}  # by URI: what waits for a document that is being read
        super().__init__(*arguments)

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has sent `shutdown`."""
        return self._shutdown_seen

    async def serve(self, stream: BinaryIO) -> None:
        """Handle what the client sends until it says `exit` or its pipe closes."""
        self._ended = asyncio.Event()
        self._inbox = Inbox(stream, self.handle, self._ended.set)
        await self._ended.wait()

    def handle(self, message: object) -> None:
        """Handle one message, whatever it is."""
        if isinstance(message, MalformedError):
            logger.warning("Not a message: %s", message)
            self._refuse(None, message.code, str(message))
            return
        assert isinstance(message, dict)
        given, method = message.get("id"), message.get("method")
        number = given if isinstance(given, str | int) and not isinstance(given, bool) else None
        if message.get("jsonrpc") != "2.0" or (
            method is None and ("id" not in message or not ("result" in message or "error" in message))
        ):
            self._refuse(number, INVALID_REQUEST, "This is no JSON-RPC 2.0 message.")
        elif method is None:
            self._deliver(message)
        elif not isinstance(method, str) or ("id" in message and number is None):
            self._refuse(number, INVALID_REQUEST, "A request has a method, and an id of text or number.")
        elif number is not None:
            self._request(message, method, number)
        else:
            self._notification(message, method)

    def _request(self, message: Message, method: str, number: str | int) -> None:
        if number in self._inbox.cancelled:
            self._inbox.cancelled.discard(number)
            self._refuse(number, _CANCELLED, "The request was cancelled.")
        elif self._shutdown_seen:
            self._refuse(number, INVALID_REQUEST, "The server was shut down.")
        elif method == types.INITIALIZE and self._initialize_seen:
            self._refuse(number, INVALID_REQUEST, "The server is initialized already.")
        elif method != types.INITIALIZE and not self._initialize_seen:
            self._refuse(number, _NOT_INITIALIZED, "The first request is initialize.")
        elif method not in self.fm.builtin_features and method not in self.fm.features:
            self._refuse(number, _METHOD_NOT_FOUND, f"There is no method {method}.")
        elif not self._waits(message):
            self._shutdown_seen = method == types.SHUTDOWN
            if method != types.INITIALIZE:
                self._server.load(method)
            self._deliver(message)
            if not self._initialize_seen and self._server.is_initialized:
                self._initialize_seen = True
                asyncio.get_running_loop().call_soon(self._server.load, types.INITIALIZED)

    def _notification(self, message: Message, method: str) -> None:
        if method == types.EXIT:
            self._ended.set()
        elif not self._initialize_seen or self._shutdown_seen:
            return
        elif method == types.CANCEL_REQUEST:
            self._cancel(message)
        elif (method in self.fm.builtin_features or method in self.fm.features) and not self._waits(message):
            self._server.load(method)
            self._deliver(message)

    def _cancel(self, message: Message) -> None:
        params = message.get("params")
        number = params.get("id") if isinstance(params, dict) else None
        if not isinstance(number, str | int):
            return
        self._inbox.cancelled.discard(number)
        for waiting in self._busy.values():
            for held in waiting:
                if held.get("id") == number and "method" in held:
                    waiting.remove(held)
                    self._refuse(number, _CANCELLED, "The request was cancelled.")
                    return
        future = self._request_futures.get(number)
        if future is not None:
            future.cancel()

    def _deliver(self, message: Message) -> None:
        """Give the message to its handler."""
        try:
            structured = self.structure_message(message)
        except JsonRpcException:
            logger.warning(
                "The parameters of %s do not fit the protocol.", message.get("method", "a response")
            )
            if "method" not in message:  # whoever waits for it would wait for ever
                unfit = types.ResponseError(_INTERNAL_ERROR, "The answer does not fit the protocol.")
                self._handle_response(message["id"], error=unfit)
            return
        self.handle_message(structured)

    # Documents that are being read

    def hold(self, uri: str) -> None:
        """From now on, what concerns the document waits."""
        self._busy.setdefault(uri, deque())

    def release(self, uri: str) -> None:
        """The document is there: handle what waited, up to where it is held again."""
        waiting = self._busy.pop(uri, deque())
        while waiting:
            if uri in self._busy:
                self._busy[uri].extend(waiting)
                return
            message = waiting.popleft()
            if "id" in message:
                self._request(message, message["method"], message["id"])
            else:
                self._notification(message, message["method"])

    def _waits(self, message: Message) -> bool:
        uri = _document_of(message.get("params")) if self._busy else None
        if uri is None or uri not in self._busy:
            return False
        self._busy[uri].append(message)
        return True

    # What pygls has otherwise

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Handled:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_OPEN], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Handled:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CHANGE], (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Handled:
        yield self.fm.features[types.TEXT_DOCUMENT_DID_CLOSE], (params,), None

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:  # noqa: ANN401
        """Hand the arguments over as JSON has them; each command says itself what is wrong with them. Awaited here,
        so that `$/cancelRequest` cancels the command and not only its answer."""
        client_token.set(params.work_done_token)
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command}.")
        try:
            result = handler(*(params.arguments or ()))
            return await result if inspect.isawaitable(result) else result
        except RunbookError as error:
            if not self._server.given.asks:  # nor does such a client show why a command failed
                self._server.say(str(error), types.MessageType.Error)
            raise

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *_: object) -> Handled:
        """Cancel what is under way, and answer it."""
        yield self.fm.features[types.SHUTDOWN], (None,), None
        for number, future in list(self._request_futures.items()):
            if number != self.msg_id and not future.done():
                future.cancel()

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Any], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """As pygls does it; what is done is not kept. It keeps a future of every notification, 2 KB each."""

        def done(future: object) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def structure_message(self, data: Message) -> Any:  # noqa: ANN401
        try:
            return super().structure_message(data)
        except JsonRpcException:
            if "id" in data and "method" in data:
                error = JsonRpcInvalidParams(f"The parameters of {data['method']} do not fit the protocol.")
                self._send_response(data["id"], error=error.to_response_error())
            raise

    def _send_handler_result(self, future: Future[Any], *, msg_id: str | int) -> None:
        error = None if future.cancelled() else future.exception()
        if error is None:
            super()._send_handler_result(future, msg_id=msg_id)
            return
        self._request_futures.pop(msg_id, None)
        if isinstance(error, JsonRpcException):
            answer = error
        elif isinstance(error, RunbookError):
            answer = Refused(str(error))
        else:
            logger.error("Request %s failed", msg_id, exc_info=error)
            answer = Refused(
                "Something went wrong inside runbook-ls; `runbook-ls doctor` shows the log file."
            )
        self._send_response(msg_id, error=answer.to_response_error())

    async def ask(self, method: str, params: object) -> Any:  # noqa: ANN401
        """The client's answer to a request of ours. Who stops waiting has the client told that nobody waits any more,
        so that its dialog can go."""
        number = str(uuid.uuid4())
        asked = self.send_request_async(method, params, msg_id=number)
        try:
            return await asked
        except asyncio.CancelledError:
            self.notify(types.CANCEL_REQUEST, types.CancelParams(number))
            raise

    def _handle_response(
        self, msg_id: str | int, result: object = None, error: types.ResponseError | None = None
    ) -> None:
        future = self._request_futures.get(msg_id)
        if future is not None and future.done():  # nobody waits any more
            del self._request_futures[msg_id]
        else:
            super()._handle_response(msg_id, result, error)

    def _refuse(self, number: str | int | None, code: int, message: str) -> None:
        """Answer with an error. The id is null where none could be read (JSON-RPC 2.0, 5)."""
        self._send_data({"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": message}})


def _document_of(params: object) -> str | None:
    """The URI of the document that a message is about, by whatever way it says so."""
    if not isinstance(params, Mapping):
        return None
    document = params.get("textDocument")
    uri = document.get("uri") if isinstance(document, Mapping) else None
    if uri is None:
        arguments = params.get("arguments")
        first = arguments[0] if isinstance(arguments, list) and arguments else None
        uri = first.get("uri") if isinstance(first, Mapping) else None
    return uri if isinstance(uri, str) else None
