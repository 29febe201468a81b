"""What the server tells a client that it can do. The features behind it are loaded after that answer.

A feature or command that is not listed here is never asked for; `tests/lsp/test_promises.py` compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types

METHODS: Mapping[str, Any] = {
    types.INITIALIZED: None,
    types.SHUTDOWN: None,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: None,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: None,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: None,
    types.TEXT_DOCUMENT_DID_OPEN: None,
    types.TEXT_DOCUMENT_DID_CHANGE: None,
    types.TEXT_DOCUMENT_DID_CLOSE: None,
    types.TEXT_DOCUMENT_DIAGNOSTIC: types.DiagnosticOptions(
        inter_file_dependencies=False, workspace_diagnostics=False, identifier="runbook-ls"
    ),
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
        trigger_characters=["`", "{", "="], resolve_provider=True
    ),
    types.COMPLETION_ITEM_RESOLVE: None,
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.Empty]
    ),
    types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensOptions(resolve_provider=False),
    types.TEXT_DOCUMENT_INLAY_HINT: types.InlayHintOptions(),
    types.TEXT_DOCUMENT_HOVER: None,
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: None,
    types.TEXT_DOCUMENT_FOLDING_RANGE: None,
    types.TEXT_DOCUMENT_DOCUMENT_LINK: types.DocumentLinkOptions(resolve_provider=False),
    types.TEXT_DOCUMENT_DEFINITION: None,
    types.TEXT_DOCUMENT_REFERENCES: None,
    types.TEXT_DOCUMENT_PREPARE_RENAME: None,
    types.TEXT_DOCUMENT_RENAME: types.RenameOptions(prepare_provider=True),
}
# Only where the client has it: to others it is no part of the protocol.
INLINE_COMPLETION = {types.TEXT_DOCUMENT_INLINE_COMPLETION: types.InlineCompletionOptions()}

COMMANDS = (
    "runbook.runCell",
    "runbook.runAbove",
    "runbook.runAll",
    "runbook.runSelection",
    "runbook.runInTerminal",
    "runbook.cancel",
    "runbook.generate",
    "runbook.explain",
    "runbook.forget",
    "runbook.showOutput",
    "runbook.resetState",
)
