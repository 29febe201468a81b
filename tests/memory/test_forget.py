"""What is forgotten is gone from the file, not only from the answers."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from runbook_ls.memory.embedder import load_embedder
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import StoredSuggestion
from runbook_ls.memory.vectors import embed_missing
from runbook_ls.values import RunbookError
from tests.memory.conftest import a_run, bytes_on_disk, lesson, taught

SECRET = "xylophone-marmalade"
INTENT_WORD = "quixotic"
OUTPUT_WORD = "zeppelin"


def journalled(journal: Journal, output: Path) -> str:
    """A run with its suggestion, output file and example, among a few hundred others. Returns the run's id."""
    for number in range(300):
        taught(journal, f"list the pods of team {number}", f"kubectl get pods -n team-{number}")
        if number == 150:
            output.write_text(f"{OUTPUT_WORD}\n")
            run = a_run(
                intent=f"a {INTENT_WORD} login",
                executed=f"login --as {SECRET}",
                suggestion=f"login --as {SECRET}",
                output_file=str(output),
            )
            with journal.writing() as writing:
                writing.add_run(run)
                writing.add_suggestion(
                    StoredSuggestion(
                        "01", 0.0, "/w/a.md", "", 1, run.intent, f"login --as {SECRET}", "analogy", 0.9
                    )
                )
                writing.teach(lesson(run.intent, run.executed, run_id=run.id))
    return run.id


def test_the_text_is_gone_from_the_file(path: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with Journal.open(path) as journal:
        run_id = journalled(journal, output)
        embed_missing(journal, load_embedder("hashing"))
        assert bytes_on_disk(path, SECRET, INTENT_WORD) == [SECRET, INTENT_WORD]

        forgotten = journal.forget(run_id)

        assert (forgotten.runs, forgotten.examples, forgotten.suggestions) == (1, 1, 1)
        assert forgotten.pending is False
        assert forgotten.output_files == (str(output),)
        assert not output.exists()
        assert bytes_on_disk(path, SECRET, INTENT_WORD) == []
        assert journal.run(run_id) is None
        assert len(journal.examples()) == 300
        with journal.reading() as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            connection.execute(
                "INSERT INTO example_words (example_words, rank) VALUES ('integrity-check', 1)"
            )
            assert connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == 300
            kinds = connection.execute("SELECT kind FROM tombstones ORDER BY kind").fetchall()
        assert [row["kind"] for row in kinds] == ["example", "run", "suggestion"]
    assert bytes_on_disk(path, SECRET, INTENT_WORD) == []


def test_an_example_takes_the_runs_of_its_command_along(journal: Journal, tmp_path: Path) -> None:
    journalled(journal, tmp_path / "output")
    (example,) = (example for example in journal.examples() if SECRET in example.command)
    assert journal.forget(example.id).runs == 1
    assert journal.runs() == []


def test_a_run_takes_the_example_that_it_confirmed_along(journal: Journal) -> None:
    taught(journal, "log in", f"login  --as {SECRET}")
    run = a_run(intent="log in", executed=f"login --as {SECRET}")
    with journal.writing() as writing:
        assert writing.teach(lesson(run.intent, run.executed, run_id=run.id)).kind == "confirmed"
        writing.add_run(run)
    assert journal.forget(run.id).examples == 1
    assert journal.examples() == []


def test_pending_while_another_process_reads(journal: Journal, path: Path, tmp_path: Path) -> None:
    run_id = journalled(journal, tmp_path / "output")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM runs").fetchone()

    assert journal.forget(run_id).pending is True
    assert journal.counts().purge_pending is True
    assert journal.runs() == []

    other.execute("COMMIT")
    other.close()
    journal.close()
    with Journal.open(path) as reopened:
        assert reopened.counts().purge_pending is False
        assert bytes_on_disk(path, SECRET, INTENT_WORD) == []


def test_an_unknown_id(journal: Journal) -> None:
    with pytest.raises(RunbookError, match="nothing in the journal has the id 01X; `runbook-ls history`"):
        journal.forget("01X")
    with pytest.raises(RunbookError, match="nothing in the journal has the id"):
        journal.forget("")
