"""Document links: the files that links of a runbook lead to."""

from __future__ import annotations

from lsprotocol import types

from runbook_ls.lsp.server import RunbookServer
from runbook_ls.workbench import references
from runbook_ls.workbench.references import Mention
from runbook_ls.workbench.session import OpenDocument


def register(server: RunbookServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
    async def links(params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        document = server.document(params.text_document.uri)
        columns = server.columns(document)
        return [
            types.DocumentLink(columns.to_range(mention.span), target=uri)
            for mention, uri in await server.off_loop(server.background, _links, document)
        ]


def _links(document: OpenDocument) -> list[tuple[Mention, str]]:
    """The links to files that exist; links within the runbook are for *Go to definition*."""
    found: list[tuple[Mention, str]] = []
    for mention in references.in_prose(document):
        if mention.kind == "link" and not mention.word.startswith("#"):
            target = references.link_target(document, mention.word)
            if target is not None:
                file, fragment = target
                found.append((mention, file.as_uri() + (f"#{fragment}" if fragment else "")))
    return found
