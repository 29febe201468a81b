"""Whether a model would be asked, for clients that show it.

A client that sets the capability `experimental.runbook.model` is sent `runbook/model {asked, name}` at its start and
when settings changed: `asked` is "never", "fallback" or "always", `name` the model's, "" where none would be asked.
"""

from __future__ import annotations

from runbook_ls.config import model
from runbook_ls.lsp.server import RunbookServer

METHOD = "runbook/model"


def tell(server: RunbookServer) -> None:
    """Tell it, where the client wants to know."""
    if server.shows("model"):
        asked = model.mode(server.session.settings, server.session.trust)
        name = "" if asked == "never" else server.session.settings.llm_model
        server.protocol.notify(METHOD, {"asked": asked, "name": name})
