"""What the protocol keeps of messages that are done: nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lsprotocol import types

from tests.lsp.conftest import Features


def test_nothing_is_kept_of_a_notification_that_was_handled(features: Callable[..., Features]) -> None:
    here = features("A word$0\n")
    protocol = here.server.protocol

    async def type_words() -> None:
        for version in range(2, 12):
            change = types.TextDocumentContentChangeWholeDocument("A word\n" * version)
            document = types.VersionedTextDocumentIdentifier(version, here.uri)
            params = types.DidChangeTextDocumentParams(document, [change])
            protocol._handle_notification(types.TEXT_DOCUMENT_DID_CHANGE, params)
            await asyncio.sleep(0)

    asyncio.run(type_words())
    assert here.server.document(here.uri).version == 11
    assert protocol._request_futures == {}
