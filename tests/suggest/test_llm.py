"""Faults of the endpoint, each with its one sentence; cancelling; what is sent. A local server speaks the protocol."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_ls.suggest import llm
from runbook_ls.suggest.endpoint import (
    Cancellation,
    Completion,
    Endpoint,
    Message,
    ModelError,
    TakenBackError,
)

from ..model_server import (
    Model,
    Reply,
    begins_and_hangs,
    body,
    chunk,
    events,
    hangs,
    resets,
    says,
    serving,
    status,
)

MESSAGES = [Message("system", "rules"), Message("user", "list the files")]


@pytest.fixture(scope="module")
def server() -> Iterator[Model]:
    with serving() as model:
        yield model


def ask(server: Model, *replies: Reply, **changes: object) -> Completion:
    server.replies = list(replies)
    server.requests.clear()
    endpoint = Endpoint(server.url, "m-1", backoff=0.0)
    return llm.ask(replace(endpoint, **changes), "the-key", MESSAGES, Cancellation())  # type: ignore[arg-type]


def test_an_answer_is_streamed_and_counted(server: Model) -> None:
    answer = ask(server, says("Here:\n```sh\nls\n```", usage=(321, 9)))
    assert answer == Completion("Here:\n```sh\nls\n```", "stop", "", 321, 9)
    (request,) = server.requests
    assert (request.json["model"], request.json["stream"]) == ("m-1", True)
    assert [message["role"] for message in request.json["messages"]] == ["system", "user"]
    assert request.headers["authorization"] == "Bearer the-key"


def test_gateways_get_their_headers_query_and_fields(server: Model) -> None:
    ask(
        server,
        says("x"),
        headers={"api-key": "{key}", "x-team": "sre"},
        query={"api-version": "2026-06-01"},
        body={"temperature": 0},
    )
    (request,) = server.requests
    assert (request.headers["api-key"], request.headers["x-team"]) == ("the-key", "sre")
    assert request.path == "/v1/chat/completions?api-version=2026-06-01"
    assert request.json["temperature"] == 0


def test_a_server_that_does_not_stream_is_understood(server: Model) -> None:
    whole = {
        "choices": [{"message": {"content": "hey"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3},
    }
    assert ask(server, body(json.dumps(whole))) == Completion("hey", "stop", "", 3, 0)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_it_is_tried_again(server: Model, code: int) -> None:
    assert ask(server, status(code), status(code, retry_after="0"), says("x")).text == "x"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("reply", "requests", "settings"),
    [
        pytest.param(status(401), 1, ["refused the key (401)", "llm.key_env"], id="401"),
        pytest.param(status(404), 1, ['the model "m-1"', "llm.model"], id="404"),
        pytest.param(status(429), 4, ["limited the requests 4 times (429)", "llm.model"], id="429"),
        pytest.param(status(429, retry_after="60"), 1, ["asks to wait for 60 s", "llm.model"], id="429-long"),
        pytest.param(
            status(429, retry_after="Sun, 06 Nov 2094 08:49:37 GMT"), 1, ["asks to wait for"], id="429-date"
        ),
        pytest.param(status(429, error_code="insufficient_quota"), 1, ["quota is used up"], id="quota"),
        pytest.param(status(500), 4, ["failed 4 times (500)", "llm.endpoint"], id="500"),
        pytest.param(status(400, "no such field"), 1, ["no such field", "llm.body"], id="400"),
        pytest.param(resets, 1, ["broke off in the middle", "llm.endpoint"], id="reset"),
        pytest.param(events("{nope"), 1, ["not JSON", "llm.endpoint"], id="invalid JSON"),
        pytest.param(body("{"), 1, ["not JSON", "llm.endpoint"], id="invalid whole JSON"),
        pytest.param(events({"choices": []}), 1, ["without choices", "llm.model"], id="empty choices"),
        pytest.param(events(), 1, ["without choices", "llm.model"], id="nothing"),
        pytest.param(events({"error": {"message": "busy"}}), 1, ["(busy)", "llm.model"], id="error event"),
        pytest.param(body("<html>", "text/html"), 1, ["text/html", "llm.endpoint"], id="wrong content type"),
    ],
)  # fmt: skip
def test_a_fault_is_one_sentence_that_names_the_setting(
    server: Model, reply: Reply, requests: int, settings: list[str]
) -> None:
    with pytest.raises(ModelError) as caught:
        ask(server, reply)
    message = str(caught.value)
    assert all(part in message for part in settings), message
    assert "\n" not in message
    assert "the-key" not in message
    assert len(server.requests) == requests


@pytest.mark.parametrize("reply", [hangs, begins_and_hangs])
def test_a_hang_ends_at_the_deadline(server: Model, reply: Reply) -> None:
    with pytest.raises(ModelError, match=r"within 0\.2 s: raise llm\.timeout"):
        ask(server, reply, timeout=0.2)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://127.0.0.1:9/v1", "cannot be reached"),
        ("http://nowhere.invalid/v1", "cannot be reached"),
        ("localhost:11434", "llm.endpoint is .* no URL"),
        ("http://", "llm.endpoint is .* no URL"),
        ("http://host:99999/v1", "llm.endpoint is .* no URL"),
        ("http://a b/v1", "llm.endpoint is .* no URL"),
        ("ftp://host/v1", "llm.endpoint is .* no URL"),
    ],
)
def test_an_endpoint_that_is_none(server: Model, url: str, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        ask(server, says("x"), url=url)


def test_tls_to_a_server_that_has_none(server: Model) -> None:
    with pytest.raises(ModelError, match=r"is not secure .* SSL_CERT_FILE, or correct llm\.endpoint"):
        ask(server, says("x"), url=server.url.replace("http:", "https:"))


def test_an_endless_answer_is_cut(server: Model) -> None:
    answer = ask(server, says("x" * 2_000_000))
    assert answer.cut
    assert len(answer.text) == llm.LONGEST_ANSWER


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("```sh\nls\n```\n" + "It lists. " * 200, False),
        ("```json\n{}\n```\n" + "It is data. " * 200 + "\n```sh\nls\n```\n", True),
        ("```sh\n" + "echo x\n" * 400 + "```\n", True),
        ("```sh\nls\n```\n" + "It lists. " * 9, True),
    ],
)
def test_a_model_that_rambles_behind_its_block_is_left(server: Model, text: str, whole: bool) -> None:
    answer = ask(server, says(text, pieces=100))
    assert (answer.text == text) is whole
    assert answer.text.startswith(text[:40])
    assert answer.finish_reason == "stop"


def test_any_field_may_be_of_any_type(server: Model) -> None:
    odd: list[object] = [
        {"choices": "x"}, [1, 2], {"choices": [5]}, {"choices": [{"delta": {"content": [1]}}]}, "null", "3",
        {"choices": [{"delta": {"content": 7, "refusal": {}}, "finish_reason": 3}]}, {"usage": "many"},
        {"usage": {"prompt_tokens": "x", "completion_tokens": -4}, "choices": {}}, {"choices": [None]},
    ]  # fmt: skip
    answer = ask(server, events(*odd, chunk(content="ls", finish_reason="stop")))
    assert answer == Completion("ls", "stop")


@pytest.mark.parametrize("reply", [hangs, begins_and_hangs])
def test_taking_back_closes_the_connection_at_once(server: Model, reply: Reply) -> None:
    """Within 200 ms, as seen by the server; on a busy machine the best of three counts."""
    took: list[float] = []
    while len(took) < 3 and min(took, default=1.0) >= 0.2:
        server.replies, cancel = [reply], Cancellation()
        server.asked.clear()
        server.left.clear()
        outcome: list[BaseException] = []

        def question(cancel: Cancellation = cancel, outcome: list[BaseException] = outcome) -> None:
            try:
                llm.ask(Endpoint(server.url, "m"), "", MESSAGES, cancel)
            except BaseException as error:
                outcome.append(error)

        thread = threading.Thread(target=question)
        thread.start()
        assert server.asked.wait(30)
        begun = time.monotonic()
        cancel.set()
        assert server.left.wait(30)
        took.append(server.left_at - begun)
        thread.join()
        assert isinstance(outcome[0], TakenBackError)
    assert min(took) < 0.2


def test_what_was_taken_back_before_is_not_asked(server: Model) -> None:
    server.requests.clear()
    cancel = Cancellation()
    cancel.set()
    with pytest.raises(TakenBackError):
        llm.ask(Endpoint(server.url, "m"), "", MESSAGES, cancel)
    assert server.requests == []


def test_a_proxy_of_the_environment_is_used(server: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.url.removesuffix("/v1"))
    assert ask(server, says("x"), url="http://model.invalid/v1").text == "x"
    assert server.requests[0].path == "http://model.invalid/v1/chat/completions"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
def test_an_authority_that_the_system_trusts_is_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    with serving() as model:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        model.socket = context.wrap_socket(model.socket, server_side=True)
        url = model.url.replace("http:", "https:")
        with pytest.raises(ModelError, match=r"is not secure .* SSL_CERT_FILE"):
            ask(model, says("x"), url=url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert ask(model, says("x"), url=url).text == "x"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["choices", "delta", "content", "usage", "finish_reason"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(data=st.lists(JSON, max_size=3), whole=st.booleans())
def test_any_json_gives_an_answer_or_a_sentence(server: Model, data: list[object], whole: bool) -> None:
    with suppress(ModelError):
        answer = ask(server, body(json.dumps(data[0])) if whole and data else events(*data))
        assert isinstance(answer.text, str)
