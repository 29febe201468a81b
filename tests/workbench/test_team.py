"""What a team shares: by files, and by a server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runbook_ls.config.settings import Settings
from runbook_ls.memory.team import Server
from runbook_ls.values import RunbookError
from runbook_ls.workbench import suggest, team
from runbook_ls.workbench.connect import team_server
from runbook_ls.workbench.session import Session
from tests.workbench.test_learn import ran

Sessions = Callable[..., Session]


def shared_file(folder: Path, *pairs: tuple[str, str]) -> Path:
    file = folder / "examples.jsonl"
    lines = [{"intent": intent, "command": command, "author": "ana@laptop"} for intent, command in pairs]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def commands(session: Session) -> list[str]:
    return sorted(example.command for example in session.journal.examples())


def test_a_file_in_git_teaches_what_it_says_now(session: Sessions, tmp_path: Path) -> None:
    here = session(memory_files=("examples.jsonl",), memory_embedder="hashing")
    shared_file(tmp_path, ("list the pods", "kubectl get pods"), ("list the nodes", "kubectl get nodes"))
    assert team.read_files(here) == []
    assert commands(here) == ["kubectl get nodes", "kubectl get pods"]
    answer = suggest.suggest(here, "list the pods")
    assert answer.suggestion is not None
    assert (answer.suggestion.text, answer.examples[0].author) == ("kubectl get pods", "ana@laptop")

    shared_file(tmp_path, ("list the pods", "kubectl get pods -A"))
    team.read_files(here)
    assert commands(here) == ["kubectl get pods -A"]


def test_a_workspace_s_file_answers_only_there(
    session: Sessions, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shared_file(tmp_path, ("list the pods", "kubectl get pods"))
    team.read_files(session(memory_files=("examples.jsonl",)))
    other = session(workspace=tmp_path_factory.mktemp("other"), memory_embedder="hashing")

    assert suggest.suggest(other, "list the pods").suggestion is None


def test_secrets_in_a_file_are_not_kept(session: Sessions, tmp_path: Path) -> None:
    here = session(memory_files=("examples.jsonl",))
    secret = "ghp_" + "a1B2c3D4e5F6" * 3
    shared_file(tmp_path, ("log in", f"gh auth login --with-token {secret}"))
    team.read_files(here)

    assert secret not in here.paths.journal.read_bytes().decode("latin-1")
    assert secret not in commands(here)[0]


def test_a_file_that_cannot_be_read_takes_nothing_away(session: Sessions, tmp_path: Path) -> None:
    here = session(memory_files=("examples.jsonl",))
    file = shared_file(tmp_path, ("list the pods", "kubectl get pods"))
    team.read_files(here)
    file.write_text(file.read_text() + "not json\n")
    assert [complaint for complaint in team.read_files(here) if "line 2" in complaint]
    file.unlink()
    (complaint,) = team.read_files(here)

    assert '"memory.files"' in complaint
    assert commands(here) == ["kubectl get pods"]


URL = "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("settings", "waiting"),
    [
        ({"memory_share": "ask"}, 0),
        ({"memory_share": "always"}, 1),
        ({"memory_share": "never"}, 0),
        ({"memory_share": "always", "memory_scope": "workspace"}, 0),
    ],
)
def test_what_a_run_taught_waits_for_the_server_only_as_the_user_said(
    session: Sessions, settings: dict[str, str], waiting: int
) -> None:
    here = session(memory_server=URL, **settings)
    ran(here, "kubectl get pods")

    assert here.journal.unsent() == waiting


def test_sharing_one_run(session: Sessions) -> None:
    here = session(memory_server=URL)
    taught, failed = ran(here, "kubectl get pods"), ran(here, "kubectl get podz", exit_code=1)

    assert team.share(here, failed) == 0
    assert team.share(here, taught) == 1
    assert here.journal.unsent() == 1


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"memory_server": URL, "memory_share": "never"},
        {"memory_server": URL, "memory_scope": "workspace"},
    ],
)
def test_what_may_not_leave_is_refused(session: Sessions, settings: dict[str, str]) -> None:
    here = session(**settings)
    run = ran(here, "kubectl get pods")
    with pytest.raises(RunbookError, match="nothing is shared"):
        team.share(here, run)
    assert here.journal.unsent() == 0


def test_the_header_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEAM_TOKEN", "Bearer x")
    settings = Settings(
        memory_server=URL, memory_server_header="Authorization=TEAM_TOKEN", memory_share="never"
    )
    server = team_server(settings)

    assert isinstance(server, Server)
    assert (server.headers, server.read_only) == ({"Authorization": "Bearer x"}, True)
    assert team_server(Settings()) is None


@pytest.mark.parametrize(
    ("server", "header", "said"),
    [
        ("memory.example.org", "", "must be a URL"),
        (URL, "Authorization", "NAME=VARIABLE"),
        (URL, "Authorization=NOT_SET_ANYWHERE", "NOT_SET_ANYWHERE, which is not set"),
    ],
)
def test_settings_of_the_server_that_cannot_be_used(server: str, header: str, said: str) -> None:
    with pytest.raises(RunbookError, match=said):
        team_server(Settings(memory_server=server, memory_server_header=header))
