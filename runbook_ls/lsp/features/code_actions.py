"""Code actions: *Generate command*, *Run cell*, and the fixes of problems."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.features import lint_actions
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.cells import can_generate, can_run
from runbook_ls.workbench.repair import can_repair
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(
            code_action_kinds=[
                types.CodeActionKind.QuickFix,
                lint_actions.FIX_ALL,
                types.CodeActionKind.Empty,
            ]
        ),
    )
    def code_actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        document = server.document(params.text_document.uri)
        line = params.range.start.line
        server.last_position = (document.uri, line)
        actions, besides = lint_actions.actions(server, document, params)
        cell = document.runbook.cell_at(line)
        if cell is not None and can_generate(cell):
            actions.append(_command(document, line, "Generate command", "runbook.generate"))
        if cell is not None and can_run(cell) and server.session.trust.runs:
            actions.append(_command(document, line, "Run cell", "runbook.runCell"))
        if cell is not None and can_repair(server.session, document, cell):
            actions.append(_command(document, line, "Fix command", "runbook.repair"))
        only = params.context.only
        return [a for a in actions + besides if not only or any(_within(a.kind, kind) for kind in only)]


def _command(document: OpenDocument, line: int, title: str, command: str) -> types.CodeAction:
    argument = {"uri": document.uri, "line": line}
    return types.CodeAction(
        title, kind=types.CodeActionKind.Empty, command=types.Command(title, command, arguments=[argument])
    )


def _within(kind: types.CodeActionKind | str | None, wanted: types.CodeActionKind | str) -> bool:
    """Kinds are hierarchical: `quickfix.all` is within `quickfix`, and every kind within the empty one."""
    have, want = (k.value if isinstance(k, types.CodeActionKind) else k or "" for k in (kind, wanted))
    return not want or have == want or have.startswith(f"{want}.")
