"""The journal keeps what was run, byte for byte, and opens on anything it finds."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runbook_ls.memory import place, schema
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Run, StoredSuggestion
from runbook_ls.values import RunbookError
from tests.memory.conftest import a_run, lesson, python, taught

MULTI_LINE = "set -e\nfor pod in a b; do\n\tkubectl logs \"$pod\" \\\n    --since=1h\ndone\n\necho 'é — 🦦'\n"


class TestRuns:
    def test_comes_back_as_it_was(self, journal: Journal, path: Path) -> None:
        run = Run(
            id="01JD0000000000000000000001",
            time=1_763_000_000.25,
            file="/home/me/runbooks/hydros.md",
            cell="fetch-logs",
            line=12,
            language="bash",
            intent="fetch the hydros logs for the image vscode-ext",
            executed=MULTI_LINE,
            heading_path=("Hydros", "Logs"),
            suggestion_id="01JD0000000000000000000000",
            suggestion="hydros logs vscode-ext",
            exit_code=0,
            duration_ms=1_234,
            edits=3,
            distance=0.75,
            receipt="learned: 1d → 3d",
            teaching="learned",
            workspace="/home/me/runbooks",
            git_revision="0123abc",
            user="me",
            host="laptop",
            directory="/home/me/runbooks",
            target="prod-eu",
            consent="read-only",
            previous="01JD0000000000000000000000",
            output_file="/home/me/.local/state/runbook-ls/output/1",
        )
        with journal.writing() as writing:
            writing.add_run(run)
        assert journal.run(run.id) == run
        journal.close()
        with Journal.open(path) as reopened:
            assert reopened.runs() == [run]

    @given(executed=st.text(st.characters(), min_size=1))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
    def test_any_text_is_kept_byte_for_byte(self, journal: Journal, executed: str) -> None:
        run = a_run(executed=executed, suggestion=executed, file="/w/" + executed)
        with journal.writing() as writing:
            writing.add_run(run)
        assert journal.run(run.id) == run
        assert journal.last_run(run.file) == run

    def test_newest_first_and_by_file_and_time(self, journal: Journal) -> None:
        with journal.writing() as writing:
            for number, file in enumerate(("/w/a.md", "/w/b.md", "/w/a.md")):
                writing.add_run(a_run(id=f"0{number}", file=file, time=100.0 + number))
        assert [run.id for run in journal.runs()] == ["02", "01", "00"]
        assert [run.id for run in journal.runs(2)] == ["02", "01"]
        assert [run.id for run in journal.runs(file="/w/a.md")] == ["02", "00"]
        assert [run.id for run in journal.runs(since=101.0)] == ["02", "01"]

    def test_last_run_of_a_cell(self, journal: Journal) -> None:
        with journal.writing() as writing:
            writing.add_run(a_run(id="01", cell="pods", line=4, time=1.0))
            writing.add_run(a_run(id="02", cell="pods", line=9, time=2.0))
            writing.add_run(a_run(id="03", cell="logs", line=20, time=3.0))
        found = journal.last_run("/w/runbook.md", cell="pods")
        assert found is not None
        assert found.id == "02"
        found = journal.last_run("/w/runbook.md", line=4)
        assert found is not None
        assert found.id == "01"
        assert journal.last_run("/w/other.md") is None

    def test_a_beginning_of_the_id_is_enough(self, journal: Journal) -> None:
        with journal.writing() as writing:
            writing.add_run(a_run(id="01ABC"))
            writing.add_run(a_run(id="01ABD"))
        found = journal.run("01ABC")
        assert found is not None
        assert found.id == "01ABC"
        with pytest.raises(RunbookError, match="several ids in the journal begin with 01A"):
            journal.run("01A")
        for nothing in ("02", "", "*", "?1ABC", "[0]1ABC"):
            assert journal.run(nothing) is None

    def test_a_failed_block_leaves_nothing(self, journal: Journal) -> None:
        def fail() -> None:
            with journal.writing() as writing:
                writing.add_run(a_run())
                writing.teach(lesson("list the pods", "kubectl get pods"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert journal.runs() == []
        assert journal.examples() == []


def test_suggestions_of_a_file(journal: Journal) -> None:
    suggestion = StoredSuggestion(
        id="01",
        time=5.0,
        file="/w/a.md",
        cell="",
        line=3,
        intent="list the pods",
        text="kubectl get pods\n",
        generator="analogy",
        confidence=0.8,
        examples=("02", "03"),
        problems=({"code": "leaked", "message": "prod-eu comes from another workspace"},),
        workspace="/w",
    )
    with journal.writing() as writing:
        writing.add_suggestion(suggestion)
    assert journal.suggestions_for("/w/a.md") == [suggestion]
    assert journal.suggestion("01") == suggestion
    assert journal.suggestions_for("/w/b.md") == []


def test_many_threads_write_and_read(journal: Journal) -> None:
    def work(name: int) -> None:
        for number in range(10):
            with journal.writing() as writing:
                writing.add_run(a_run(cell=f"{name}-{number}"))
            assert journal.last_run("/w/runbook.md", cell=f"{name}-{number}") is not None

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(journal.runs(1_000)) == 40


class TestFile:
    def test_only_the_owner_reads_it(self, journal: Journal, path: Path) -> None:
        taught(journal, "list the pods", "kubectl get pods")
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o600, file

    def test_write_ahead_log_and_full_synchronisation(self, journal: Journal) -> None:
        with journal.reading() as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
            assert connection.execute("PRAGMA secure_delete").fetchone()[0] == 1
            assert connection.execute("PRAGMA busy_timeout").fetchone()[0] >= 10_000

    def test_no_write_ahead_log_on_a_network_file_system(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with Journal.open(path) as journal:
            taught(journal, "list the pods", "kubectl get pods")
        monkeypatch.setattr(place, "on_network", lambda directory: True)
        with Journal.open(path) as journal:
            assert len(journal.examples()) == 1
            with journal.reading() as connection:
                assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
            taught(journal, "list the nodes", "kubectl get nodes")
            assert journal.forget(journal.examples()[0].id).pending is False
        assert not path.with_name(path.name + "-wal").exists()


class TestBadFile:
    @pytest.mark.parametrize(
        "damage",
        [
            pytest.param(
                lambda path: path.write_bytes(b"not a database, not at all\n" * 200), id="other bytes"
            ),
            pytest.param(lambda path: _overwrite(path, 0, b"\0" * 64), id="no header"),
            pytest.param(lambda path: _overwrite(path, 4096, b"\xff" * 4096), id="a page of noise"),
            pytest.param(lambda path: os.truncate(path, path.stat().st_size // 2), id="half of it"),
        ],
    )
    def test_a_damaged_journal_is_set_aside(self, path: Path, damage: object) -> None:
        with Journal.open(path) as journal:
            taught(journal, "list the pods", "kubectl get pods")
        damage(path)  # type: ignore[operator]
        content = path.read_bytes()

        with Journal.open(path) as journal:
            (notice,) = journal.notices
            taught(journal, "list the nodes", "kubectl get nodes")
        (aside,) = (
            file for file in path.parent.glob("*.corrupt-*") if not file.name.endswith(("-wal", "-shm"))
        )
        assert aside.read_bytes() == content
        assert str(aside) in notice
        assert "damaged" in notice
        with Journal.open(path) as journal:
            assert journal.notices == ()
            assert [example.command for example in journal.examples()] == ["kubectl get nodes"]

    def test_nothing_set_aside_is_overwritten(self, path: Path) -> None:
        path.parent.mkdir()
        for number in range(3):
            path.write_bytes(f"damaged {number}".encode() * 1_000)
            with Journal.open(path) as journal:
                assert len(journal.notices) == 1
        kept = {file.read_bytes()[:9] for file in path.parent.glob("journal.db.corrupt-*")}
        assert kept == {b"damaged 0", b"damaged 1", b"damaged 2"}

    def test_a_newer_journal_is_left_alone(self, path: Path) -> None:
        Journal.open(path).close()
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA user_version = 999")
        connection.close()
        with pytest.raises(RunbookError, match=r"comes from a newer runbook-ls \(schema 999"):
            Journal.open(path)
        assert not list(path.parent.glob("*.corrupt-*"))

    def test_someone_elses_database_is_left_alone(self, path: Path) -> None:
        path.parent.mkdir()
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE songs (title TEXT)")
        connection.close()
        with pytest.raises(RunbookError, match="is an SQLite file, but not a journal"):
            Journal.open(path)

    def test_an_empty_file_becomes_a_journal(self, path: Path) -> None:
        path.parent.mkdir()
        path.touch()
        with Journal.open(path) as journal:
            assert journal.notices == ()
            assert journal.runs() == []

    def test_a_directory_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("a file stands here")
        with pytest.raises(RunbookError, match=r"cannot make the data directory .*set RUNBOOK_LS_HOME"):
            Journal.open(tmp_path / "data" / "memory" / "journal.db")

    def test_a_directory_that_cannot_be_written(self) -> None:
        code = """
import os, sqlite3, sys  # the library may lie where only root can read
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.values import RunbookError
if os.getuid() == 0:  # root may write everywhere
    os.setuid(65534)
try:
    Journal.open(Path(sys.argv[1]) / "journal.db")
except RunbookError as error:
    print(error)
"""
        with tempfile.TemporaryDirectory() as directory:  # tmp_path is hidden from other users
            os.chmod(directory, 0o555)
            told = python(code, directory)
            os.chmod(directory, 0o700)
        assert told == (
            f"cannot write to the data directory {directory}; "
            "change its permissions or set RUNBOOK_LS_HOME to a directory that can be written\n"
        )

    def test_a_journal_that_is_a_directory(self, path: Path) -> None:
        path.mkdir(parents=True)
        with pytest.raises(RunbookError, match="cannot write the journal"):
            Journal.open(path)

    def test_a_closed_journal_says_so(self, path: Path) -> None:
        journal = Journal.open(path)
        journal.close()
        journal.close()
        with pytest.raises(RunbookError, match="is closed"):
            journal.runs()
        with pytest.raises(RunbookError, match="is closed"), journal.writing():
            pass


@pytest.mark.parametrize(
    "file", sorted((Path(__file__).parent / "schemas").glob("*.sql")), ids=lambda f: f.stem
)
def test_every_earlier_schema_is_migrated(file: Path, path: Path) -> None:
    """`schemas/N.sql` is a journal of schema N with one example, run and suggestion, as text."""
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.executescript(file.read_text())
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {int(file.stem)}")
    connection.close()

    with Journal.open(path) as journal, journal.reading() as migrated:
        assert migrated.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
        assert [run.executed for run in journal.runs()] == ["kubectl get pods\n"]
        assert [example.command for example in journal.examples()] == ["kubectl get pods"]
        assert _tables(migrated) == _tables_of_a_new_journal(path)


def test_a_failed_migration_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.open(path) as journal:
        taught(journal, "list the pods", "kubectl get pods")
    later = (*schema.MIGRATIONS, ("DROP TABLE tombstones", "ALTER TABLE nowhere ADD COLUMN x"))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", later)
        patch.setattr(schema, "VERSION", len(later))
        with pytest.raises(RunbookError, match="nowhere"):
            Journal.open(path)
    with Journal.open(path) as journal:
        assert journal.forget(journal.examples()[0].id).examples == 1


def test_processes_that_open_a_new_journal_together_make_one(path: Path) -> None:
    code = """
import sys, threading
from pathlib import Path
from runbook_ls.memory.journal import Journal
from runbook_ls.memory.records import Lesson
def work(number):
    with Journal.open(Path(sys.argv[1])) as journal, journal.writing() as writing:
        writing.teach(Lesson(f"intent {sys.argv[2]} {number}", "true", "taught"))
threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
    threads = [threading.Thread(target=python, args=(code, path, name)) for name in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Journal.open(path) as journal:
        assert len(journal.examples()) == 12


def _tables_of_a_new_journal(beside: Path) -> list[str]:
    with Journal.open(beside.with_name("new.db")) as journal, journal.reading() as connection:
        return _tables(connection)


def _tables(connection: sqlite3.Connection) -> list[str]:
    """All that makes up a schema, formatting aside."""
    found = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return sorted(" ".join(str(row[0]).split()) for row in found)


def _overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
