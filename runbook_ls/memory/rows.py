"""Crossing between the journal's rows and the room's values. Columns have the names of the fields."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from runbook_ls.memory.examples import Example
from runbook_ls.memory.records import Run, StoredSuggestion

if TYPE_CHECKING:
    import sqlite3

_JSON = frozenset({"heading_path", "examples", "problems"})


def _insertion(into: str, kind: type[Run] | type[StoredSuggestion]) -> str:
    names = [field.name for field in fields(kind)]
    return f"{into} ({', '.join(names)}) VALUES (:{', :'.join(names)})"


SELECT_RUNS = "SELECT * FROM runs "
PUT_RUN = _insertion("INSERT OR REPLACE INTO runs", Run)
INSERT_SUGGESTION = _insertion("INSERT INTO suggestions", StoredSuggestion)


def values(record: Run | StoredSuggestion) -> dict[str, object]:
    """The record's fields as SQLite takes them."""
    return {
        field.name: json.dumps(getattr(record, field.name))
        if field.name in _JSON
        else stored(getattr(record, field.name))
        for field in fields(record)
    }


def run(row: sqlite3.Row) -> Run:
    return Run(**_loaded(row, Run))


def suggestion(row: sqlite3.Row) -> StoredSuggestion:
    return StoredSuggestion(**_loaded(row, StoredSuggestion))


def example(row: sqlite3.Row) -> Example:
    return Example(**{field.name: loaded(row[field.name]) for field in fields(Example)})


def stored(value: object) -> object:
    """A value as SQLite takes it. Text with lone surrogates (file names that are not UTF-8, torn characters from
    an editor) is no valid Unicode: it is stored as bytes, and comes back as it was."""
    if isinstance(value, str) and not value.isascii():
        encoded = value.encode("utf-8", "surrogatepass")
        try:
            encoded.decode()
        except UnicodeDecodeError:
            return encoded
    return value


def loaded(value: object) -> Any:  # noqa: ANN401  a column's value, of the field's type
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


def _loaded(row: sqlite3.Row, kind: type[Run] | type[StoredSuggestion]) -> dict[str, Any]:
    """By name: a newer runbook-ls may have given the table of an open journal another column."""
    record = {field.name: loaded(row[field.name]) for field in fields(kind)}
    for name in _JSON & record.keys():
        record[name] = tuple(json.loads(record[name]))
    return record
