"""Vectors from an endpoint: what is sent, what comes back, and what happens while it is away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from runbook_ls.memory.client import WorkerMemory
from runbook_ls.memory.direct import DirectMemory
from runbook_ls.memory.embedder import load_embedder
from runbook_ls.memory.hashing import HashingEmbedder
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.remote import Remote, of_message
from runbook_ls.values import RunbookError
from tests.memory.conftest import lesson
from tests.model_server import Handler, Model, serving

KEY = "sk-test-0123456789abcdefghijklmnop"


@pytest.fixture
def server() -> Iterator[Model]:
    with serving() as model:
        model.replies = [vectors]
        yield model


@pytest.fixture
def remote(server: Model) -> Remote:
    return Remote(server.url, "tiny-embedding", lambda: KEY)


def vectors(handler: Handler) -> None:
    texts = handler.server.requests[-1].json["input"]
    rows = HashingEmbedder().embed(texts).tolist()
    answer = [{"object": "embedding", "index": n, "embedding": row} for n, row in enumerate(rows)]
    sends({"object": "list", "data": answer[::-1], "model": "tiny-embedding"})(handler)


def sends(answer: object, status: int = 200) -> Callable[[Handler], None]:
    def reply(handler: Handler) -> None:
        handler.begin(status, "application/json")
        handler.write(json.dumps(answer))

    return reply


def test_rows_are_in_order_and_of_length_one(remote: Remote) -> None:
    found = load_embedder(remote)
    rows = found.embed(["restart the service web", "list the pods", "restart the service web"])
    assert found.name == "openai:tiny-embedding+masked"
    assert rows.shape == (3, found.dimension)
    assert (rows[0] == rows[2]).all()
    assert (rows**2).sum(axis=1) == pytest.approx(1)


def test_the_key_goes_in_the_header_and_secrets_do_not_go(remote: Remote, server: Model) -> None:
    load_embedder(remote).embed(["log in with password=hunter2-hunter2-hunter2"])
    assert server.requests[-1].path == "/v1/embeddings"
    assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    assert "hunter2" not in server.requests[-1].raw


def test_a_recall_by_meaning_in_this_process(remote: Remote, journal: Journal) -> None:
    with journal.writing() as writing:
        writing.teach(lesson("show the logs of web", "journalctl -u web"))
    found = DirectMemory(journal, remote).recall("show the logs of api")
    assert found.notes == ()
    assert found.candidates[0].similarity > 0.5


def test_a_recall_through_the_worker(remote: Remote, server: Model, journal: Journal) -> None:
    with journal.writing() as writing:
        writing.teach(lesson("show the logs of web", "journalctl -u web"))
    memory = WorkerMemory(journal, remote, patience=60)
    try:
        found = memory.recall("show the logs of api")
        assert (found.notes, found.candidates[0].similarity > 0.5) == ((), True)
        assert server.requests[-1].headers["authorization"] == f"Bearer {KEY}"
    finally:
        memory.close()


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (sends({"error": {"message": "no"}}, 401), "it answered 401"),
        (sends({"error": {"message": "no"}}, 404), "it answered 404"),
        (sends({}), "what it sent is no list of vectors"),
        (sends({"data": []}), "what it sent is no list of vectors"),
        (sends({"data": [{"index": 0, "embedding": "AAAA"}]}), "what it sent is no list of vectors"),
        (sends({"data": [{"index": 0, "embedding": ["a"]}]}), "what it sent is no list of vectors"),
        (sends({"data": 7}), "what it sent is no list of vectors"),
        (sends([1, 2]), "what it sent is no list of vectors"),
    ],
)
def test_an_endpoint_that_fails_is_one_sentence(
    remote: Remote, server: Model, reply: Callable[[Handler], None], why: str
) -> None:
    server.replies = [reply]
    with pytest.raises(RunbookError, match=f"no vectors from http://127.0.0.1.*{why}.*check llm.endpoint"):
        load_embedder(remote)


def test_words_do_while_it_is_away_and_nothing_is_lost(
    remote: Remote, server: Model, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runbook_ls.memory.direct._REST_SECONDS", 0.0)
    memory = DirectMemory(journal, remote)
    with journal.writing() as writing:
        writing.teach(lesson("show the logs of web", "journalctl -u web"))
    assert memory.recall("show the logs of web").notes == ()
    with journal.writing() as writing:
        writing.teach(lesson("list the pods", "kubectl get pods"))
    server.replies = [sends({"error": {"message": "busy"}}, 400)]
    found = memory.recall("list the pods")
    assert [candidate.example.command for candidate in found.candidates][:1] == ["kubectl get pods"]
    assert "memory goes by words only: no vectors from" in found.notes[0]
    server.replies = [vectors]
    found = memory.recall("list all the pods")
    assert found.notes == ()
    assert found.candidates[0].similarity > 0.5


def test_it_rests_before_it_asks_again(remote: Remote, server: Model, journal: Journal) -> None:
    with journal.writing() as writing:
        writing.teach(lesson("list the pods", "kubectl get pods"))
    server.replies = [sends({"error": {"message": "no"}}, 401)]
    memory = DirectMemory(journal, remote)
    for _ in range(3):
        assert memory.recall("list the pods").candidates
    assert len(server.requests) == 1


def test_what_goes_through_the_pipe_comes_out(remote: Remote) -> None:
    again = of_message(json.loads(json.dumps(remote.message())))
    assert (again.url, again.model, again.key()) == (remote.url, remote.model, KEY)
