"""The journal's tables, as the migrations that made them. A migration that has been released never changes."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

APPLICATION_ID = 0x52424C53  # "RBLS": tells our file from anyone else's SQLite file

# runs, suggestions  history; nothing but `forget` removes a row, and a run's is completed when it ends
# examples           what may answer; `scope` is '' for everywhere, else the one workspace it answers in
# example_words      the content words of the examples in use (FTS5 over the view, so that `rebuild` is always right)
# example_vocabulary how many examples have a word
# vectors            derived from examples; float16, little-endian
# changes            which examples changed last, in order, so that an index can be topped up
# tombstones         what was forgotten, without its text
_FIRST = (
    """CREATE TABLE facts (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY, time REAL NOT NULL, file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL,
        language TEXT NOT NULL, intent TEXT NOT NULL, executed TEXT NOT NULL, heading_path TEXT NOT NULL,
        suggestion_id TEXT, suggestion TEXT, exit_code INTEGER, duration_ms INTEGER NOT NULL,
        edits INTEGER NOT NULL, distance REAL NOT NULL, receipt TEXT NOT NULL, teaching TEXT NOT NULL,
        workspace TEXT NOT NULL, git_revision TEXT NOT NULL, user TEXT NOT NULL, host TEXT NOT NULL,
        directory TEXT NOT NULL, target TEXT NOT NULL, consent TEXT NOT NULL, previous TEXT, output_file TEXT)""",
    """CREATE INDEX runs_by_time ON runs (time)""",
    """CREATE INDEX runs_by_file ON runs (file, time)""",
    """CREATE TABLE suggestions (
        id TEXT PRIMARY KEY, time REAL NOT NULL, file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL,
        intent TEXT NOT NULL, text TEXT NOT NULL, generator TEXT NOT NULL, confidence REAL NOT NULL,
        examples TEXT NOT NULL, problems TEXT NOT NULL, workspace TEXT NOT NULL)""",
    """CREATE INDEX suggestions_by_file ON suggestions (file, time)""",
    """CREATE TABLE examples (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, intent TEXT NOT NULL,
        command TEXT NOT NULL, source TEXT NOT NULL, workspace TEXT NOT NULL, scope TEXT NOT NULL,
        file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL, time REAL NOT NULL,
        confirmations INTEGER NOT NULL DEFAULT 0, run_id TEXT, superseded_by TEXT, words TEXT NOT NULL,
        intent_key BLOB NOT NULL, command_key BLOB NOT NULL)""",
    """CREATE INDEX examples_by_intent ON examples (intent_key)""",
    """CREATE INDEX examples_documented ON examples (file) WHERE source = 'documented'""",
    """CREATE INDEX examples_by_run ON examples (run_id) WHERE run_id IS NOT NULL""",
    """CREATE VIEW examples_in_use AS SELECT number, words FROM examples WHERE superseded_by IS NULL""",
    """CREATE VIRTUAL TABLE example_words USING fts5 (
        words, content = 'examples_in_use', content_rowid = 'number')""",
    """CREATE VIRTUAL TABLE example_vocabulary USING fts5vocab (example_words, row)""",
    """CREATE TABLE vectors (
        example INTEGER NOT NULL REFERENCES examples (number) ON DELETE CASCADE,
        model TEXT NOT NULL, vector BLOB NOT NULL, UNIQUE (example, model))""",
    """CREATE TABLE changes (example INTEGER PRIMARY KEY, revision INTEGER NOT NULL UNIQUE)""",
    """CREATE TABLE tombstones (id TEXT PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, pair BLOB)""",
    """CREATE INDEX tombstones_by_pair ON tombstones (pair) WHERE pair IS NOT NULL""",
    """CREATE TRIGGER example_added AFTER INSERT ON examples BEGIN
        INSERT INTO example_words (rowid, words) VALUES (new.number, new.words);
        INSERT INTO changes VALUES (new.number, (SELECT coalesce(max(revision), 0) + 1 FROM changes));
    END""",
    """CREATE TRIGGER example_superseded AFTER UPDATE OF superseded_by ON examples
    WHEN old.superseded_by IS NULL AND new.superseded_by IS NOT NULL BEGIN
        INSERT INTO example_words (example_words, rowid, words) VALUES ('delete', old.number, old.words);
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = old.number;
    END""",
    """CREATE TRIGGER example_revived AFTER UPDATE OF superseded_by ON examples
    WHEN old.superseded_by IS NOT NULL AND new.superseded_by IS NULL BEGIN
        INSERT INTO example_words (rowid, words) VALUES (new.number, new.words);
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = new.number;
    END""",
    """CREATE TRIGGER example_removed AFTER DELETE ON examples BEGIN
        INSERT INTO example_words (example_words, rowid, words)
            SELECT 'delete', old.number, old.words WHERE old.superseded_by IS NULL;
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = old.number;
    END""",
)

# Sharing: who learned an example, through which file or server it came ('' for one's own), and whether the team's
# server has it: 'wanted' (to be sent), 'shared', 'unwanted' (to be taken back). `taken_back` is 0 while the server
# must still be told of what was forgotten.
_SHARING = (
    """ALTER TABLE examples ADD COLUMN author TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE examples ADD COLUMN origin TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE examples ADD COLUMN sharing TEXT NOT NULL DEFAULT ''""",
    """ALTER TABLE tombstones ADD COLUMN taken_back INTEGER NOT NULL DEFAULT 1""",
    """CREATE INDEX examples_by_origin ON examples (origin) WHERE origin != ''""",
    """CREATE INDEX examples_to_send ON examples (sharing) WHERE sharing IN ('wanted', 'unwanted')""",
    """CREATE INDEX tombstones_to_send ON tombstones (id) WHERE NOT taken_back""",
    """CREATE TRIGGER shared_example_superseded AFTER UPDATE OF superseded_by ON examples
    WHEN new.superseded_by IS NOT NULL AND new.sharing IN ('wanted', 'shared') BEGIN
        UPDATE examples SET sharing = 'unwanted' WHERE number = new.number;
    END""",
)

# How a run without an exit code ended.
_ENDING = ("""ALTER TABLE runs ADD COLUMN ending TEXT NOT NULL DEFAULT ''""",)

MIGRATIONS: tuple[tuple[str, ...], ...] = (_FIRST, _SHARING, _ENDING)
"""`MIGRATIONS[n]` takes a journal of schema n to schema n + 1."""

VERSION = len(MIGRATIONS)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a journal to `VERSION` in one transaction; a no-op when it is there already.

    `connection` must be in autocommit mode. The version is read again under the write lock, so that processes
    which open a new journal together migrate it once.
    """
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)
        for statements in MIGRATIONS[version:]:
            for statement in statements:
                connection.execute(statement)
        if version == 0:
            connection.execute("INSERT INTO facts VALUES ('salt', ?)", (secrets.token_bytes(32),))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # a full disk has rolled it back already
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
