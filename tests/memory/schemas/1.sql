-- A journal of schema 1, as the first release made it. Never edit: it stands for what users have.

CREATE TABLE facts (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;

CREATE TABLE runs (
        id TEXT PRIMARY KEY, time REAL NOT NULL, file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL,
        language TEXT NOT NULL, intent TEXT NOT NULL, executed TEXT NOT NULL, heading_path TEXT NOT NULL,
        suggestion_id TEXT, suggestion TEXT, exit_code INTEGER, duration_ms INTEGER NOT NULL,
        edits INTEGER NOT NULL, distance REAL NOT NULL, receipt TEXT NOT NULL, teaching TEXT NOT NULL,
        workspace TEXT NOT NULL, git_revision TEXT NOT NULL, user TEXT NOT NULL, host TEXT NOT NULL,
        directory TEXT NOT NULL, target TEXT NOT NULL, consent TEXT NOT NULL, previous TEXT, output_file TEXT);

CREATE INDEX runs_by_time ON runs (time);

CREATE INDEX runs_by_file ON runs (file, time);

CREATE TABLE suggestions (
        id TEXT PRIMARY KEY, time REAL NOT NULL, file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL,
        intent TEXT NOT NULL, text TEXT NOT NULL, generator TEXT NOT NULL, confidence REAL NOT NULL,
        examples TEXT NOT NULL, problems TEXT NOT NULL, workspace TEXT NOT NULL);

CREATE INDEX suggestions_by_file ON suggestions (file, time);

CREATE TABLE examples (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, intent TEXT NOT NULL,
        command TEXT NOT NULL, source TEXT NOT NULL, workspace TEXT NOT NULL, scope TEXT NOT NULL,
        file TEXT NOT NULL, cell TEXT NOT NULL, line INTEGER NOT NULL, time REAL NOT NULL,
        confirmations INTEGER NOT NULL DEFAULT 0, run_id TEXT, superseded_by TEXT, words TEXT NOT NULL,
        intent_key BLOB NOT NULL, command_key BLOB NOT NULL);

CREATE INDEX examples_by_intent ON examples (intent_key);

CREATE INDEX examples_documented ON examples (file) WHERE source = 'documented';

CREATE INDEX examples_by_run ON examples (run_id) WHERE run_id IS NOT NULL;

CREATE VIEW examples_in_use AS SELECT number, words FROM examples WHERE superseded_by IS NULL;

CREATE VIRTUAL TABLE example_words USING fts5 (
        words, content = 'examples_in_use', content_rowid = 'number');

CREATE VIRTUAL TABLE example_vocabulary USING fts5vocab (example_words, row);

CREATE TABLE vectors (
        example INTEGER NOT NULL REFERENCES examples (number) ON DELETE CASCADE,
        model TEXT NOT NULL, vector BLOB NOT NULL, UNIQUE (example, model));

CREATE TABLE changes (example INTEGER PRIMARY KEY, revision INTEGER NOT NULL UNIQUE);

CREATE TABLE tombstones (id TEXT PRIMARY KEY, time REAL NOT NULL, kind TEXT NOT NULL, pair BLOB);

CREATE INDEX tombstones_by_pair ON tombstones (pair) WHERE pair IS NOT NULL;

CREATE TRIGGER example_added AFTER INSERT ON examples BEGIN
        INSERT INTO example_words (rowid, words) VALUES (new.number, new.words);
        INSERT INTO changes VALUES (new.number, (SELECT coalesce(max(revision), 0) + 1 FROM changes));
    END;

CREATE TRIGGER example_superseded AFTER UPDATE OF superseded_by ON examples
    WHEN old.superseded_by IS NULL AND new.superseded_by IS NOT NULL BEGIN
        INSERT INTO example_words (example_words, rowid, words) VALUES ('delete', old.number, old.words);
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = old.number;
    END;

CREATE TRIGGER example_revived AFTER UPDATE OF superseded_by ON examples
    WHEN old.superseded_by IS NOT NULL AND new.superseded_by IS NULL BEGIN
        INSERT INTO example_words (rowid, words) VALUES (new.number, new.words);
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = new.number;
    END;

CREATE TRIGGER example_removed AFTER DELETE ON examples BEGIN
        INSERT INTO example_words (example_words, rowid, words)
            SELECT 'delete', old.number, old.words WHERE old.superseded_by IS NULL;
        UPDATE changes SET revision = (SELECT max(revision) + 1 FROM changes) WHERE example = old.number;
    END;

INSERT INTO facts VALUES ('salt', x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

INSERT INTO runs (id, time, file, cell, line, language, intent, executed, heading_path, suggestion_id, suggestion, exit_code,
    duration_ms, edits, distance, receipt, teaching, workspace, git_revision, user, host, directory, target, consent,
    previous, output_file)
VALUES ('01JD0000000000000000000002', 1763000000.5, '/w/runbook.md', 'pods', 4, 'sh', 'list the pods',
    'kubectl get pods' || char(10), '["Pods"]', '01JD0000000000000000000001', 'kubectl get pod', 0, 120, 1, 0.25, 'learned',
    'learned', '/w', '', 'me', 'laptop', '/w', '', 'read-only', NULL, NULL);

INSERT INTO suggestions (id, time, file, cell, line, intent, text, generator, confidence, examples, problems, workspace)
VALUES ('01JD0000000000000000000001', 1763000000.0, '/w/runbook.md', 'pods', 4, 'list the pods', 'kubectl get pod',
    'analogy', 0.8, '[]', '[]', '/w');

INSERT INTO examples (id, intent, command, source, workspace, scope, file, cell, line, time, confirmations, run_id,
    superseded_by, words, intent_key, command_key)
VALUES ('01JD0000000000000000000003', 'list the pods', 'kubectl get pods', 'corrected', '/w', '', '/w/runbook.md', 'pods',
    4, 1763000000.5, 0, '01JD0000000000000000000002', NULL, 'list pod', x'00', x'01');
