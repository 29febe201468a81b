"""How messages are read and answered: what pygls does differently from what an editor's user needs.

- Documents are the session's, not pygls' workspace's: its line rule is `str.splitlines`, under which a form feed
  or U+2028 in a runbook corrupts every edit after it.
- A command gets its arguments as they were sent, so that a wrong shape is answered in words.
- A failure is answered with one sentence and no traceback; malformed params are answered, not dropped.
"""

from __future__ import annotations

import logging
from collections.abc import Generator
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams
from pygls.protocol import LanguageServerProtocol, lsp_method

from runbook_ls.values import RunbookError

logger = logging.getLogger(__name__)

Handled = Generator[Any, Any, None]

# The progress token that the client sent with the command at hand: it shows the progress itself.
client_token: ContextVar[str | int | None] = ContextVar("client_token", default=None)


class Refused(JsonRpcException):
    """A request that failed for a reason the user can act on: LSP's RequestFailed, with the sentence."""

    CODE = types.LSPErrorCodes.RequestFailed.value
    MESSAGE = "Request failed"


class RunbookProtocol(LanguageServerProtocol):
    """LSP as pygls has it, with the session's documents and clean failures."""

    @property
    def was_shut_down(self) -> bool:
        """Whether the client has sent `shutdown`."""
        return self._shutdown

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
    def lsp_workspace__execute_command(self, params: types.ExecuteCommandParams) -> Generator[Any, Any, Any]:
        """Hand the arguments over as JSON has them; each command says itself what is wrong with them."""
        client_token.set(params.work_done_token)
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"There is no command {params.command}.")
        result = yield handler, tuple(params.arguments or ()), None
        return result

    def structure_message(self, data: dict[str, Any]) -> Any:  # noqa: ANN401
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
