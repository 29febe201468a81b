"""The setting `output = "document"`: what a cell printed is written into an `output` block under it."""

from __future__ import annotations

import logging

from runbook_ls.document.edits import set_output
from runbook_ls.execute.output import without_colours
from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench.run import Performed
from runbook_ls.workbench.session import Session

logger = logging.getLogger(__name__)

_LONGEST = 16_000  # characters: what is longer is for the output file


async def write(server: RunbookServer, session: Session, uri: str, line: int, done: Performed) -> None:
    """Replace the output block of the cell that now begins at `line`, if the setting asks for it.

    A document belongs on disk and in git, so secrets are redacted in it, and colours are left out.
    """
    document = session.documents.get(uri)
    cell = document.runbook.cell_at(line) if document else None
    if session.settings.output != "document" or document is None or cell is None or cell.start_line != line:
        return
    edits = set_output(document.runbook, cell, _text(done))
    if edits and not await server.apply(document, edits, "Output"):
        logger.warning("The editor did not take an output block.")


def _text(done: Performed) -> str:
    printed = done.hide(without_colours(done.execution.stdout + done.execution.stderr))
    if len(printed) <= _LONGEST:
        return printed
    half = _LONGEST // 2
    return f"{printed[:half]}\n… {len(printed) - _LONGEST:,} characters left out …\n{printed[-half:]}"
