"""The user's word on what runs teach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from runbook_ls.document import parse
from runbook_ls.memory.records import Run, new_id
from runbook_ls.values import RunbookError
from runbook_ls.workbench import learn
from runbook_ls.workbench.session import Session

Sessions = Callable[..., Session]


def ran(session: Session, command: str, intent: str = "list the pods", **changes: object) -> Run:
    """A run of a cell, recorded as the product does."""
    runbook = parse(f"{intent}\n\n```sh\n{command}\n```\n")
    run = Run(
        new_id(), 1.0, "/w/a.md", "c", 2, "sh", intent, command, exit_code=0, workspace=session.workspace
    )
    return learn.record(session, replace(run, **changes), runbook.cells[0], runbook, None)  # type: ignore[arg-type]


def answers(session: Session) -> list[str]:
    return sorted(example.command for example in session.journal.examples())


def test_do_not_learn_takes_back_what_a_run_taught(session: Sessions) -> None:
    here = session()
    run = ran(here, "kubectl get pods")
    after = learn.overrule(here, run.id, teach=False)

    assert (run.receipt, after.receipt, after.teaching) == ("learned", "not learned: as you asked", "none")
    assert here.journal.run(run.id) == after
    assert answers(here) == []


def test_what_it_had_replaced_answers_again(session: Sessions) -> None:
    here = session()
    ran(here, "kubectl get pods")
    second = ran(here, "kubectl get pods -A")
    assert answers(here) == ["kubectl get pods -A"]
    learn.overrule(here, second.id, teach=False)

    assert answers(here) == ["kubectl get pods"]


def test_what_others_taught_too_stays(session: Sessions) -> None:
    here = session()
    ran(here, "kubectl get pods")
    again = ran(here, "kubectl get pods")
    assert again.receipt == "confirmed"
    learn.overrule(here, again.id, teach=False)

    assert [example.confirmations for example in here.journal.examples()] == [0]


def test_learn_this_run_lifts_a_failure(session: Sessions) -> None:
    here = session()
    run = ran(here, "grep -c error log", exit_code=1)
    assert run.receipt == "not learned: exit 1"
    after = learn.overrule(here, run.id, teach=True)

    assert (after.receipt, after.teaching) == ("learned", "learned")
    assert answers(here) == ["grep -c error log"]
    assert learn.overrule(here, run.id, teach=True) == after  # once is enough
    assert [example.confirmations for example in here.journal.examples()] == [0]


def test_there_must_be_such_a_run_and_an_intent(session: Sessions) -> None:
    here = session()
    with pytest.raises(RunbookError, match="history"):
        learn.overrule(here, "01ABC", teach=True)
    run = ran(here, "ls", intent="")
    with pytest.raises(RunbookError, match="no intent above the cell"):
        learn.overrule(here, run.id, teach=True)


def test_paused_learning_journals_and_teaches_nothing(session: Sessions) -> None:
    here = session(learning=False)
    assert ran(here, "kubectl get pods").receipt == "not learned: learning is paused"
    assert answers(here) == []


def test_what_is_kept_to_a_workspace_answers_only_there(session: Sessions, tmp_path_factory) -> None:
    here = session(memory_scope="workspace", memory_embedder="hashing")
    ran(here, "kubectl --context prod-eu get pods")
    other = session(workspace=tmp_path_factory.mktemp("other"), memory_embedder="hashing")

    def found(where: Session) -> int:
        return len(where.memory.recall("list the pods", workspace=where.workspace).candidates)

    assert (found(here), found(other)) == (1, 0)
