"""Asking the model, from settings to the guarded answer, over HTTP to a local server."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from runbook_ls.config.settings import Table
from runbook_ls.config.trust import Trust
from runbook_ls.document import parse
from runbook_ls.memory.records import Lesson, Run
from runbook_ls.shell.secrets import redact
from runbook_ls.suggest.prompt import Question
from runbook_ls.workbench import explain, learn, model, suggest
from runbook_ls.workbench.doctor import examine
from runbook_ls.workbench.session import Session
from runbook_ls.workbench.suggest import Answer

from ..model_server import Model, hangs, says, serving, status

Sessions = Callable[..., Session]


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Model]:
    with serving() as server:
        yield server


@pytest.fixture
def server(shared_server: Model, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.delenv("RUNBOOK_LS_LLM")
    shared_server.replies = [says("```sh\nls -l\n```")]
    shared_server.requests.clear()
    return shared_server


@pytest.fixture
def here(session: Sessions, server: Model) -> Callable[..., Session]:
    def make(trust: Trust = Trust.TRUSTED, **settings: object) -> Session:
        return session(
            trust,
            **{"llm_endpoint": server.url, "memory_embedder": "hashing", "llm_timeout": 20.0, **settings},
        )

    return make


def teach(session: Session, *pairs: tuple[str, str]) -> None:
    learn.learn_lessons(
        session, [Lesson(intent, command, "taught", session.workspace) for intent, command in pairs]
    )


def ask(session: Session, intent: str) -> Answer:
    return suggest.generate(session, Question(intent))


LOGS = ("show the logs of the service web", "journalctl -u web")
DISK = ("how full is the disk of db-2", "ssh db-2 df -h")


def test_what_was_learned_costs_nothing(here: Sessions, server: Model) -> None:
    session = here()
    teach(session, LOGS)
    answer = ask(session, "show the logs of the service api")
    assert answer.suggestion is not None
    assert (answer.suggestion.text, answer.suggestion.generator) == ("journalctl -u api", "analogy")
    assert server.requests == []


def test_the_model_is_asked_with_similar_examples_and_no_others(here: Sessions, server: Model) -> None:
    session = here()
    teach(session, LOGS, DISK)
    server.replies = [says("```sh\njournalctl -u web --since today\n```")]
    answer = ask(session, "show the logs of the service web, the last 3 days")
    assert answer.suggestion is not None
    assert answer.suggestion.generator == "llm"
    (request,) = server.requests
    assert "journalctl -u web" in request.text
    assert "df -h" not in request.text
    assert request.json["messages"][-2]["content"] == "```sh\njournalctl -u web\n```"  # the most similar last
    assert [example.command for example in answer.examples] == ["journalctl -u web"]


@pytest.mark.parametrize(
    ("setting", "requests"), [("always", 1), ("never", 0), ("fallback", 0)]
)  # fmt: skip
def test_the_policy(here: Sessions, server: Model, setting: str, requests: int) -> None:
    session = here(suggest_llm=setting)
    teach(session, LOGS)
    ask(session, "show the logs of the service api")
    assert len(server.requests) == requests


@pytest.mark.parametrize("front_matter", ["runbook-ls: off", 'runbook-ls: "off"'])
def test_a_file_can_switch_it_off(here: Sessions, server: Model, front_matter: str) -> None:
    runbook = parse(f"---\n{front_matter}\n---\nList it\n\n```sh\n```\n")
    suggest.generate(here(), Question("List it", runbook, runbook.cells[0]))
    assert server.requests == []


def test_an_untrusted_workspace_is_never_sent(here: Sessions, server: Model) -> None:
    ask(here(Trust.UNTRUSTED), "list it")
    assert server.requests == []
    ask(here(Trust.UNKNOWN), "list it")
    assert len(server.requests) == 1


@pytest.mark.parametrize(("value", "requests"), [("off", 0), ("always", 1)])
def test_the_environment_has_the_last_word(
    here: Sessions, server: Model, monkeypatch: pytest.MonkeyPatch, value: str, requests: int
) -> None:
    session = here()
    teach(session, LOGS)
    monkeypatch.setenv("RUNBOOK_LS_LLM", value)
    ask(session, "show the logs of the service api")
    assert len(server.requests) == requests


def test_two_variables_are_enough(session: Sessions, server: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-local")
    assert ask(session(memory_embedder="hashing"), "list it").suggestion is not None
    assert server.requests[0].headers["authorization"] == "Bearer sk-local"


def test_always_without_a_model_says_what_is_missing(
    session: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNBOOK_LS_LLM", "always")
    answer = ask(session(memory_embedder="hashing"), "list it")
    assert answer.suggestion is None
    assert "OpenAI needs a key: set llm.key_env (OPENAI_API_KEY)" in answer.reason


def test_without_a_key_openai_is_not_bothered(session: Sessions, server: Model) -> None:
    del server  # it switches the model path on
    answer = ask(session(memory_embedder="hashing", llm_endpoint="https://api.openai.com/v1"), "list it")
    assert answer.suggestion is None
    assert "OpenAI needs a key: set llm.key_env (OPENAI_API_KEY)" in answer.reason


def test_a_failing_model_is_a_problem_and_memory_answers(here: Sessions, server: Model) -> None:
    session = here(suggest_llm="always")
    teach(session, LOGS)
    server.replies = [status(401)]
    answer = ask(session, "show the logs of the service api")
    assert answer.suggestion is not None
    assert answer.suggestion.text == "journalctl -u api"
    (problem,) = [p for p in answer.problems if p.code == "llm-unavailable"]
    assert "llm.key_env" in problem.message


def test_a_failing_model_and_an_empty_memory_abstain_with_the_reason(here: Sessions, server: Model) -> None:
    server.replies = [hangs]
    session = here(llm_timeout=0.1)
    answer = ask(session, "list it")
    assert answer.suggestion is None
    assert "llm.timeout" in answer.reason
    assert [problem.code for problem in answer.problems] == ["llm-unavailable"]
    assert session.journal.examples() == []


def test_examples_of_other_workspaces_stay_where_they_are_if_you_say_so(
    here: Sessions, server: Model
) -> None:
    session = here(suggest_llm="always", memory_scope="workspace")
    learn.learn_lessons(session, [Lesson(*LOGS, "taught", "/another")])
    ask(session, LOGS[0])
    assert "journalctl" not in server.requests[0].text


def test_the_key_comes_from_a_command_and_is_asked_for_anew_when_refused(
    here: Sessions, server: Model, tmp_path: Path
) -> None:
    counter = tmp_path / "count"
    script = tmp_path / "key"
    script.write_text(f"#!/bin/sh\necho x >> {counter}\necho key-$(wc -l < {counter} | tr -d ' ')\n")
    script.chmod(0o700)
    session = here(llm_key_command=str(script), llm_headers=Table({"api-key": "{key}"}))
    ask(session, "list it")
    ask(session, "list it again")
    server.replies = [status(401), says("```sh\nls\n```")]
    assert ask(session, "list it once more").suggestion is not None
    keys = [request.headers["authorization"] for request in server.requests]
    assert keys == ["Bearer key-1", "Bearer key-1", "Bearer key-1", "Bearer key-2"]
    assert server.requests[-1].headers["api-key"] == "key-2"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"llm_key_command": "/nowhere/op read x"}, "llm.key_command cannot be started"),
        ({"llm_key_command": "sh -c 'echo locked >&2; exit 3'"}, "llm.key_command ended with exit 3: locked"),
        ({"llm_key_command": "true"}, "llm.key_command printed no key"),
        ({"llm_key_command": "'"}, "llm.key_command cannot be read"),
        ({"llm_headers": Table({"x": "${NOT_SET_ANYWHERE}"})}, "NOT_SET_ANYWHERE, which is not set"),
        ({"llm_headers": Table({"x y": "1"})}, "no header can have"),
        ({"llm_headers": Table({"x": 1})}, 'the value of "x" must be a text'),
        ({"llm_model": " "}, "llm.model is empty"),
    ],
)
def test_bad_settings_are_named(
    here: Sessions, server: Model, settings: dict[str, object], message: str
) -> None:
    answer = ask(here(**settings), "list it")
    assert message in answer.reason
    assert server.requests == []


def test_headers_take_values_from_the_environment(
    here: Sessions, server: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "t-1")
    ask(here(llm_headers=Table({"x-gateway": "Bearer ${GATEWAY_TOKEN}"})), "list it")
    assert server.requests[0].headers["x-gateway"] == "Bearer t-1"


def test_what_it_costs_is_told_by_doctor(here: Sessions, server: Model) -> None:
    session = here()
    server.replies = [says("```sh\nls\n```", usage=(1000, 7))]
    ask(session, "list it")
    ask(session, "list it again")
    told = {symptom.what: symptom.finding for symptom in examine(session)}
    assert told["tokens, 30 days"] == "2000 in, 14 out, 2 answers of gpt-5.4-mini"
    assert told["model"] == f"gpt-5.4-mini at {server.url}, asked: fallback"
    assert stat.S_IMODE(session.paths.usage.stat().st_mode) == 0o600
    assert "list it" not in session.paths.usage.read_text()
    assert [u.requests for u in model.usage(session.paths, days=-1)] == []


def test_no_secret_leaves_and_each_comes_back(here: Sessions, server: Model, secrets: list[str]) -> None:
    """40 secrets in the intent, the runbook, its outputs and what was learned."""
    session = here(suggest_llm="always", llm_outputs=True)
    fences = "".join(f"Step {n}\n\n```sh\nlogin --password {s}\n```\n\n" for n, s in enumerate(secrets[:15]))
    prose = "".join(f"The password: {s}\n\n" for s in secrets[15:30])
    file = "/x/secrets.md"
    runbook = parse(
        f"# Keys, password: {secrets[30]}\n\n{fences}{prose}Log in with password={secrets[31]}\n\n```sh\n```\n"
    )
    cell = runbook.cells[-1]
    teach(session, *((f"log in with password={s}", f"login --password {s}") for s in secrets[32:36]))
    output = session.paths.outputs / "out.txt"
    output.parent.mkdir(parents=True)
    output.write_text("".join(f"TOKEN={s}\n" for s in secrets[36:40]))
    ran = Run("01R", 1.0, file, runbook.cells[0].name, 4, "sh", "", "", output_file=str(output))
    with session.journal.writing() as writing:
        writing.add_run(replace(ran, executed=redact(runbook.cells[0].script).text))
    server.replies = [says("```sh\nlogin --password RUNBOOK_SECRET_1\n```")]
    question = suggest.conversation(session, "", file, runbook, cell)
    answer = suggest.generate(session, question)
    (request,) = server.requests
    sent = json.dumps(dict(request.headers)) + request.path + request.raw + request.text
    assert [s for s in secrets if s in sent] == []
    assert "TOKEN=" in sent  # the output was sent, without its secrets
    assert answer.suggestion is not None
    assert answer.suggestion.text.removeprefix("login --password ") in secrets


@pytest.fixture
def secrets() -> list[str]:
    """40 values of the shapes that secrets have."""
    letters = "aB3dE5gH7jK9mN1pQ"
    rolled = [letters[n % 17 :] + letters[: n % 17] + f"{n:02d}x" for n in range(10)]
    return [
        *(f"ghp_{(value * 3)[:36]}" for value in rolled),
        *(f"AKIA{(value.upper() * 2)[:16]}" for value in rolled),
        *(f"sk-proj-{(value * 4)[:48]}" for value in rolled),
        *(f"Xk7-{value}-pw!" for value in rolled),
    ]


def test_what_the_model_did_not_see_is_explained(here: Sessions, server: Model) -> None:
    runbook = parse("A long story. " * 40 + "\n\nList it\n\n```sh\n```\n")
    answer = suggest.generate(here(llm_context=50.0), Question("List it", runbook, runbook.cells[0]))
    assert "A long story" not in server.requests[0].text
    assert "The model did not see all of this runbook: 1 of 2 parts" in explain.suggestion(answer)
