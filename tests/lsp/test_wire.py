from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from runbook_ls.lsp.wire import MalformedError, read_message

MESSAGES = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3)


def framed(message: object) -> bytes:
    body = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def all_of(data: bytes) -> list[object]:
    """Everything that can be read; MalformedError for what is no message."""
    stream, found = io.BytesIO(data), []
    while True:
        try:
            message = read_message(stream)
        except MalformedError as error:
            message = error
        if message is None:
            return found
        found.append(message)


@given(messages=st.lists(MESSAGES, max_size=4))
def test_messages_come_as_they_were_sent(messages: list[dict[str, object]]) -> None:
    assert all_of(b"".join(map(framed, messages))) == messages


@given(data=st.binary(max_size=200) | st.text("Content-Lgh: 0123456789\r\n{}").map(str.encode))
def test_any_bytes_come_to_an_end(data: bytes) -> None:
    assert all(isinstance(message, dict | MalformedError) for message in all_of(data))


@given(
    wrong=st.sampled_from([b"nonsense\r\n\r\n", b"Content-Length: x\r\n\r\n", b"Content-Length: 2\r\n\r\n]["])
)
def test_what_follows_a_malformed_message_is_read(wrong: bytes) -> None:
    first, second = all_of(wrong + framed({"a": 1}))
    assert isinstance(first, MalformedError)
    assert second == {"a": 1}
