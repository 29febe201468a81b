"""What a SQL text does, and what the command lines of SQL clients hand to a server. Pure.

A query is read-only if nothing in the text could make it anything else: no keyword of changing anywhere, not even
in a string (clients disagree on quoting), no comment, no unknown function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from runbook_ls.shell.options import skip_options, table
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict, worst


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DESTROYS = _set("DROP TRUNCATE DELETE PURGE FLUSHALL DETACH")
_CHANGES = _set(
    """
    ABORT ALTER ATTACH BEGIN CALL CHECKPOINT CLUSTER COMMIT COPY CREATE DISCARD DO EXECUTE GRANT HANDLER IMPORT INSERT
    INSTALL INTO KILL LISTEN LOAD LOCK MERGE NOTIFY OPTIMIZE OUTFILE PRAGMA PREPARE REASSIGN REFRESH REINDEX RENAME RESET
    REVOKE ROLLBACK SAVEPOINT SECURITY SHUTDOWN UNLOAD UPDATE UPSERT VACUUM
    """
)
_CHANGES_FIRST = _CHANGES | _set("ANALYZE COMMENT REPLACE SET START STOP USE")
_READS = _set("SELECT SHOW EXPLAIN DESCRIBE DESC TABLE VALUES WITH")
_FUNCTIONS = _set(
    """
    abs age all and any array_agg as avg between by case cast ceil coalesce concat count current_database current_setting
    current_user database date date_trunc datetime dense_rank else exists extract filter floor format from from_unixtime
    greatest group_concat having ifnull in interval join json_agg jsonb_agg lag lead least left length like limit lower max
    min mod not now nullif on or over partition percentile_cont pg_blocking_pids pg_current_wal_lsn pg_database_size
    pg_get_viewdef pg_indexes_size pg_is_in_recovery pg_last_wal_receive_lsn pg_last_wal_replay_lsn
    pg_last_xact_replay_timestamp pg_postmaster_start_time pg_relation_size pg_size_pretty pg_table_size
    pg_total_relation_size pg_wal_lsn_diff power rank regexp_replace replace right round row_number select some split_part
    strftime string_agg substring sum then to_char to_timestamp total trim unix_timestamp upper user using values version
    when where with within
    """
)
_PIECE = r"(?s)'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|\"[^\"]*\"|`[^`]*`|[A-Za-z_]\w*|\S"
_VARIABLE = r"""(?<!:):(?:[A-Za-z_]|'[A-Za-z_]|"[A-Za-z_]|\{\?)"""  # of psql: `:x`, `:'x'`, `:"x"`, `:{?x}`
_COMMENT = r"--|/\*|#"
_PSQL_READS = r"\s*\\(?:d\S*|l\+?|list|conninfo|x|timing|pset|z|sf\+?|sv\+?|q|\?|encoding)(?:\s[^\\|`]*)?"


def judge(text: str) -> Verdict:
    """What a SQL text does; psql's `\\d` and the like are understood."""
    lines = [line for line in text.split("\n") if not re.fullmatch(_PSQL_READS, line)]
    verdicts = [Verdict(Risk.READ_ONLY, "the SQL reads"), *map(_statement, _statements("\n".join(lines)))]
    if any("\\" in line for line in lines):
        verdicts.append(Verdict(Risk.UNKNOWN, "the SQL has a client command or an escape in it"))
    verdict = worst(verdicts)
    commented, words = re.search(_COMMENT, text), _words(text)
    if commented and words & _DESTROYS:
        return verdict.at_least(Risk.DESTRUCTIVE, "the SQL has a comment and a word of destroying in it")
    if verdict.risk is Risk.READ_ONLY and re.search(_VARIABLE, text):
        return Verdict(Risk.UNKNOWN, "the SQL has a client's variable in it, which may hold any text")
    if verdict.risk is Risk.READ_ONLY and (commented or words & (_CHANGES | _DESTROYS)):
        return Verdict(Risk.UNKNOWN, "the SQL has a comment or a word of changing in it")
    return verdict


def _words(text: str) -> frozenset[str]:
    return frozenset(word.upper() for word in re.findall(r"[A-Za-z_]+", text))


def _statements(text: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for match in re.finditer(_PIECE, text):
        if match[0] == ";":
            found.append([])
        else:
            found[-1].append(match[0])
    return [statement for statement in found if statement]


def _statement(pieces: Sequence[str]) -> Verdict:
    words = [piece.upper() for piece in pieces if piece[0].isalpha() or piece[0] == "_"]
    first = words[0] if words else pieces[0]
    gone = next((word for word in words if word in _DESTROYS), None)
    if gone:
        return Verdict(Risk.DESTRUCTIVE, f"SQL `{gone}` removes data")
    if first == "UPDATE" and "WHERE" not in words:
        return Verdict(Risk.DESTRUCTIVE, "SQL `UPDATE` without `WHERE` overwrites every row")
    if first in _CHANGES_FIRST:
        return Verdict(Risk.CHANGING, f"SQL `{first}` changes something")
    if first not in _READS:
        return Verdict(Risk.UNKNOWN, f"what SQL `{first}` does is not known here")
    if _CHANGES & set(words):
        return Verdict(Risk.CHANGING, "the SQL query also writes")
    if first == "EXPLAIN" and "ANALYZE" in words:
        return Verdict(Risk.UNKNOWN, "SQL `EXPLAIN ANALYZE` executes the query")
    if "FOR" in words and {"SHARE", "KEY"} & set(words):
        return Verdict(Risk.CHANGING, "the SQL query locks rows")
    for name, following in pairwise(pieces):
        if following == "(" and (name[0].isalpha() or name[0] in '_"`') and name.lower() not in _FUNCTIONS:
            return Verdict(Risk.UNKNOWN, f"the SQL function `{name}` may do anything")
    return Verdict(Risk.READ_ONLY, "the SQL query reads")


# Clients

Reader = Callable[[str, Sequence[Word], "str | None", bool], Verdict]
_LISTING = _set("-l --list --version -V --help")


def _client(queries: str, options: str) -> Reader:
    """A reader for a client: the options that hold SQL, and the harmless ones. Operands name the database."""

    def read(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
        verdicts = [Verdict(Risk.READ_ONLY, f"`{name}` reads")]
        asked = False
        at = 1
        while at < len(words):
            query, behind = _query(words, at, queries)
            if query is not None:
                asked = True
                verdicts.append(_of_word(name, query, words[at:behind]))
                at = behind
                continue
            behind, sure = skip_options(words, options, at)
            if not sure and _query(words, behind, queries)[0] is not None:
                at = behind
                continue
            if not sure and name in ("mysql", "mariadb") and words[behind].prefix.startswith("-p"):
                behind, sure = behind + 1, True  # the password, attached
            if not sure:
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{words[behind].raw}` of `{name}` is not known here"))
                behind += 1
            at = max(behind, at + 1)
        if not asked:
            if given is not None:
                verdicts.append(judge(given))
            elif fed or not any(w.value in _LISTING for w in words):
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads"))
        return worst(verdicts)

    return read


def _query(words: Sequence[Word], at: int, queries: str) -> tuple[str | None, int]:
    """The SQL at `at` as `-c TEXT`, `-tAc TEXT`, `-cTEXT` or `--command=TEXT`, and the index after it."""
    word, known = words[at], table(queries)
    option, equals, attached = word.prefix.partition("=")
    if equals and option in known:
        return (attached if word.value is not None else word.raw.partition("=")[2]), at + 1
    clustered = re.fullmatch(r"-[A-Za-z0-9]*", option) is not None and "-" + option[-1] in known
    if option in known or clustered:
        if at + 1 == len(words):
            return None, at
        text = words[at + 1]
        return (text.raw.strip("\"'") if text.value is None else text.value), at + 2
    if not option.startswith("--") and option[:2] in known:
        return (word.raw if word.value is None else word.value)[2:], at + 1
    return None, at


def _of_word(name: str, text: str, words: Sequence[Word]) -> Verdict:
    verdict = judge(text)
    if any(word.value is None for word in words):
        return verdict.at_least(Risk.UNKNOWN, f"the SQL of `{name}` has expansions")
    return verdict


def _sqlite(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    options = "-header -column -csv -json -line -list -readonly -separator= -batch -box -table -markdown -noheader -bail"
    at, sure = skip_options(words, options, 1)
    texts = words[at + 1 :]
    if not sure:
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here is not known")
    if not texts:
        return judge(given) if given is not None else Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads")
    listing = re.compile(r"\.(?:tables|schema|databases|indexes|indices)(?:\s+\w+)?")
    if all(word.value and listing.fullmatch(word.value) for word in texts):
        return Verdict(Risk.READ_ONLY, f"`{name}` lists")
    return worst(_of_word(name, word.raw if word.value is None else word.value, [word]) for word in texts)


CLIENTS: Mapping[str, Reader] = {
    "psql": _client(
        "-c= --command=",
        "-h= -p= -U= -d= --host= --port= --username= --dbname= -t -A -X -q -x -w -W -1 -e -E -n -S -H -F= -P= -R= -v= -l -V "
        "--list --csv --no-psqlrc --tuples-only --no-align --quiet --expanded --no-password --single-transaction --set= "
        "--version --pset=",
    ),
    "mysql": _client(
        "-e= --execute=",
        "-h= -P= -u= -p -D= -N -B -s -t -v -E -H --host= --port= --user= --password= --database= --batch --silent --table "
        "--skip-column-names --raw --protocol= -S= --socket= -V --version --ssl-mode=",
    ),
    "clickhouse-client": _client(
        "-q= --query=", "-h= --host= --port= -u= --user= --password= -d= --database= -f= --format= -m -n"
    ),
    "sqlite3": _sqlite,
}
CLIENTS = {**CLIENTS, "mariadb": CLIENTS["mysql"], "cockroach": CLIENTS["psql"]}
