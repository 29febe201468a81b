"""Programs that are given a text in a language of their own: SQL clients, sed, awk, curl. Pure.

Each reader gets the command's name, its words, the literal text on its standard input (None if unknown), and whether
anything is fed to it at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from runbook_ls.shell.options import doubtful, find_option, skip_options, table
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict, worst

# find's tests and harmless actions; those with `=` take a word.
FIND = """
    -name= -iname= -path= -ipath= -wholename= -iwholename= -regex= -iregex= -regextype= -lname= -ilname= -type= -xtype=
    -size= -empty -mtime= -mmin= -atime= -amin= -ctime= -cmin= -newer= -anewer= -cnewer= -newermt= -newerct= -newerat=
    -perm= -user= -group= -uid= -gid= -nouser -nogroup -readable -writable -executable -links= -inum= -samefile= -fstype=
    -maxdepth= -mindepth= -depth -d -mount -xdev -follow -L -H -P -daystart -true -false -used= -noleaf -ignore_readdir_race
    -noignore_readdir_race -warn -nowarn -print -print0 -printf= -ls -prune -quit -not -a -and -o -or -E -X -s -x
"""

# SQL

_SQL_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|\"[^\"]*\"|`[^`]*`|[A-Za-z_]\w*|\\.|\S", re.DOTALL
)
_SQL_DESTROYS = frozenset({"DROP", "TRUNCATE", "DELETE", "PURGE", "VACUUM", "FLUSHALL", "DETACH"})
_SQL_CHANGES = frozenset(
    """
    INSERT UPDATE UPSERT MERGE REPLACE CREATE ALTER GRANT REVOKE SET RESET COMMENT REINDEX CLUSTER ANALYZE REFRESH LOCK
    BEGIN COMMIT ROLLBACK CALL DO EXECUTE PREPARE NOTIFY LISTEN IMPORT LOAD RENAME OPTIMIZE USE KILL HANDLER CHECKPOINT
    DISCARD REASSIGN SECURITY START STOP ABORT SAVEPOINT
    """.split()  # noqa: SIM905
)
_SQL_READS = frozenset({"SELECT", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "TABLE", "VALUES", "WITH"})
_SQL_FUNCTIONS = frozenset(
    """
    count sum min max avg now version coalesce round date_trunc extract to_char lower upper length array_agg string_agg
    json_agg jsonb_agg row_number rank dense_rank lag lead current_database current_user pg_size_pretty
    pg_database_size pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_is_in_recovery
    pg_last_xact_replay_timestamp pg_current_wal_lsn pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_wal_lsn_diff
    pg_postmaster_start_time age cast nullif greatest least substring replace trim concat abs ceil floor mod power
    to_timestamp date interval in values exists any all over filter and or not on as using from by where then when
    current_setting pg_blocking_pids pg_get_viewdef format left right split_part regexp_replace ifnull group_concat
    database user unix_timestamp from_unixtime datetime strftime total percentile_cont within partition
    """.split()  # noqa: SIM905
)
_PSQL_READS = re.compile(r"\\(?:d\S*|l\+?|list|conninfo|x|timing|pset|z|sf\+?|sv\+?|q|\?|h|encoding|echo|dt\S*)(?:\s.*)?", re.DOTALL)


def sql(text: str) -> Verdict:
    """What a SQL text does. SELECT is read-only with no INTO, no locking and no function but the known ones."""
    verdicts = [Verdict(Risk.READ_ONLY, "the SQL reads")]
    for statement in _statements(text):
        words = [token.upper() for token in statement if token[:1].isalpha() or token[:1] == "_"]
        first = words[0] if words else ""
        if statement[0].startswith("\\"):
            known = _PSQL_READS.fullmatch("".join(statement))
            verdicts.append(Verdict(Risk.READ_ONLY if known else Risk.UNKNOWN, "a psql command"))
        elif gone := next((w for w in words if w in _SQL_DESTROYS and (w != "DETACH" or first == "ALTER")), None):
            verdicts.append(Verdict(Risk.DESTRUCTIVE, f"SQL `{gone}` removes data"))
        elif first == "UPDATE" and "WHERE" not in words:
            verdicts.append(Verdict(Risk.DESTRUCTIVE, "SQL `UPDATE` without `WHERE` overwrites every row"))
        elif first in _SQL_READS and not (_SQL_CHANGES - {"SET", "ANALYZE", "REPLACE", "USE"}) & set(words[1:]):
            verdicts.append(_select(statement, words))
        elif first in _SQL_CHANGES:
            verdicts.append(Verdict(Risk.CHANGING, f"SQL `{first}` changes something"))
        else:
            verdicts.append(Verdict(Risk.UNKNOWN, f"SQL `{first or statement[0]}`: what it does cannot be told"))
    return worst(verdicts)


def _select(statement: Sequence[str], words: Sequence[str]) -> Verdict:
    if "INTO" in words or "OUTFILE" in words or (words[0] == "EXPLAIN" and "ANALYZE" in words):
        return Verdict(Risk.CHANGING, "this SQL query writes or executes")
    if "FOR" in words and {"UPDATE", "SHARE"} & set(words):
        return Verdict(Risk.CHANGING, "this SQL query locks rows")
    for name, following in zip(statement, statement[1:], strict=False):
        called = following == "(" and (name[:1].isalpha() or name[:1] in '_"')
        if called and name.lower() not in _SQL_FUNCTIONS:
            return Verdict(Risk.UNKNOWN, f"the SQL function `{name}` may do anything")
    return Verdict(Risk.READ_ONLY, "the SQL query reads")


def _statements(text: str) -> list[list[str]]:
    found: list[list[str]] = []
    current: list[str] = []
    for line in text.split("\n"):
        if line.lstrip().startswith("\\"):
            found.append([line.strip()])
            continue
        for match in _SQL_TOKEN.finditer(line + "\n"):
            token = match[0]
            if token == ";":
                found.append(current)
                current = []
            elif token.startswith("\\"):
                current.append("\\")
            elif not token.startswith(("--", "/*")):
                current.append(token)
    return [statement for statement in [*found, current] if statement]


def _sql_client(queries: str, files: str, options: str) -> Callable[..., Verdict]:
    """A reader for a client: the options that hold SQL, those that name a file of it, and harmless ones."""

    def read(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
        verdicts: list[Verdict] = []
        sources = 0
        known = table(" ".join((queries, files, options)))
        at = 1
        while at < len(words):
            word = words[at]
            option, equals, value = word.prefix.partition("=")
            short = option[:2] if not option.startswith("--") else option
            if option in table(queries) or (short in table(queries) and len(option) > 2):
                attached = bool(equals) or option not in table(queries)
                source = word if attached else words[at + 1] if at + 1 < len(words) else None
                if source is None:
                    break
                sources += 1
                text = value if equals else source.prefix if not attached else source.prefix[2:]
                body = text if source.value is not None else source.raw
                verdict = sql(body)
                if source.value is None:
                    verdict = verdict.at_least(Risk.UNKNOWN, f"the SQL of `{name}` has expansions")
                verdicts.append(verdict)
                at += 1 if attached else 2
            elif option in table(files) or short in table(files):
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}` runs a file that is not shown here"))
                sources += 1
                at += 2
            elif word.value is None and word.may_be_option:
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{word.raw}` may turn into an option of `{name}`"))
                at += 1
            elif option.startswith("-"):
                if option not in known and short not in known:
                    verdicts.append(Verdict(Risk.UNKNOWN, f"`{option}` of `{name}` is not an option I know"))
                at += 2 if known.get(option) and not equals else 1
            else:
                at += 1
        if not sources:
            if given is not None:
                verdicts.append(sql(given))
            elif fed or len(words) == 1:
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads"))
            elif not any(w.value in ("-l", "--list", "--version", "-V", "--help") for w in words):
                verdicts.append(Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads"))
        return worst([Verdict(Risk.READ_ONLY, f"`{name}` reads"), *verdicts])

    return read


def _sqlite(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    at, sure = skip_options(words, "-header -column -csv -json -line -list -readonly -separator= -cmd= -batch -box -table -markdown -noheader -bail", 1)
    texts = [w for w in words[at + 1 :]]
    if not sure or find_option(words[1:at], "-cmd -init"):
        return Verdict(Risk.UNKNOWN, f"what `{name}` does here cannot be told")
    if not texts:
        return sql(given) if given is not None else Verdict(Risk.UNKNOWN, f"`{name}` runs what it reads")
    if any(w.value is None for w in texts):
        return worst(sql(w.raw) for w in texts).at_least(Risk.UNKNOWN, "the SQL has expansions")
    if all(re.fullmatch(r"\.(?:tables|schema|databases|indexes|indices)(?:\s+\w+)?", w.value or "") for w in texts):
        return Verdict(Risk.READ_ONLY, f"`{name}` lists")
    return worst(sql(w.value or "") for w in texts)


# sed and awk

_SED_ADDRESS = r"(?:\d+|\$|/(?:[^/\\\n]|\\.)*/I?)(?:,(?:\+?\d+|\$|/(?:[^/\\\n]|\\.)*/I?))?"
_SED_COMMAND = re.compile(
    rf"\s*(?:{_SED_ADDRESS})?\s*!?\s*(?:[pdq=]|s(?P<d>[/|#,:@!_])(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)[gpIi0-9]*)\s*"
)


def _sed(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    scripts: list[Word] = []
    at = 1
    while at < len(words):
        text = words[at].prefix
        if words[at].value is None and words[at].may_be_option:
            return Verdict(Risk.UNKNOWN, f"`{words[at].raw}` may turn into an option of `{name}`")
        if text in ("-e", "--expression") and at + 1 < len(words):
            scripts.append(words[at + 1])
            at += 2
        elif re.fullmatch(r"-[nErsuz]+|--(?:quiet|silent|regexp-extended|posix|separate|unbuffered|null-data|debug)", text):
            at += 1
        elif text.startswith("-") and len(text) > 1:
            changes = find_option([words[at]], "-i --in-place -I")
            return Verdict(Risk.CHANGING if changes else Risk.UNKNOWN, f"`{name} {words[at].raw}` is more than reading")
        else:
            break
    if not scripts and at < len(words):
        scripts.append(words[at])
    if any(find_option([w], "-i --in-place -I") for w in words[at + 1 :]):
        return Verdict(Risk.CHANGING, f"`{name} -i` writes files")
    if doubtful(words[at + 1 :]) or any((w.prefix.startswith("-") and len(w.prefix) > 1) for w in words[at + 1 :]):
        return Verdict(Risk.UNKNOWN, f"`{name}` may get further options")
    for script in scripts:
        if script.value is None or not all(_SED_COMMAND.fullmatch(part) for part in re.split(r"[;\n]", script.value) if part):
            return Verdict(Risk.UNKNOWN, f"the `{name}` script is not one I can read")
    return Verdict(Risk.READ_ONLY, f"`{name}` prints")


_AWK_DANGER = re.compile(r"system\s*\(|getline|\bclose\s*\(|(?<!\|)\|(?!\|)|\bprint(?:f)?\b[^;}\n]*>|@|ENVIRON|\bfflush")


def _awk(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    at, sure = skip_options(words, "-F= -v= --field-separator= --assign= --posix --traditional", 1)
    if not sure or at >= len(words):
        return Verdict(Risk.UNKNOWN, f"what `{name}` runs cannot be told")
    program = words[at]
    if program.value is None or _AWK_DANGER.search(program.value):
        return Verdict(Risk.UNKNOWN, f"the `{name}` program may write files or run commands")
    return Verdict(Risk.READ_ONLY, f"`{name}` prints")


# Network

_CURL_READS = """
    -s -S -f -L -I -i -v -k -g -G -4 -6 -N -q -# -H= -m= -w= -A= -e= -u= -b= -r= -x= -X= --silent --show-error --fail
    --location --head --include --verbose --insecure --globoff --get --ipv4 --ipv6 --no-buffer --header= --max-time=
    --write-out= --user-agent= --referer= --user= --range= --connect-timeout= --retry= --retry-delay= --compressed
    --request= --fail-with-body --http1.1 --http2 --cacert= --resolve= --retry-connrefused --no-progress-meter --tlsv1.2
    --max-redirs= --url= --progress-bar --noproxy= --proto= -o= --output= --cert= --key= --oauth2-bearer=
"""


def _curl(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    methods = [m for i, w in enumerate(words) for m in _method(w, words[i + 1 : i + 2])]
    if any(method.upper() == "DELETE" for method in methods):
        return Verdict(Risk.DESTRUCTIVE, f"`{name}` sends DELETE")
    if find_option(words[1:], "-d -F -T --data --data-raw --data-binary --data-urlencode --form --upload-file --json --mail-from"):
        return Verdict(Risk.CHANGING, f"`{name}` sends data")
    if any(method.upper() not in ("GET", "HEAD", "OPTIONS") for method in methods):
        return Verdict(Risk.CHANGING, f"`{name}` sends {methods[0]}")
    if any(w.value is None for w in words):
        return Verdict(Risk.UNKNOWN, f"`{name}` sends what expands over the network")
    at, known = 1, table(_CURL_READS)
    while at < len(words):
        text = words[at].prefix
        if text.startswith("-") and len(text) > 1:
            start = at
            at, sure = skip_options(words[: at + 2], _CURL_READS, at)
            if not sure or at == start:
                return Verdict(Risk.CHANGING, f"`{name} {text}` is more than reading")
            value = words[start + 1].value or "" if start + 1 < len(words) else ""
            writes = text.startswith("--output") or (not text.startswith("--") and "o" in text[1:])
            if writes and not ("/dev/null" in text or value in ("/dev/null", "-")):
                return Verdict(Risk.CHANGING, f"`{name} {text}` writes a file")
            if value.startswith("@") or "@" in text[2:3]:
                return Verdict(Risk.UNKNOWN, f"`{name}` sends a file")
            at = max(at, start + (2 if known.get(text) else 1))
        else:
            at += 1
    return Verdict(Risk.READ_ONLY, f"`{name}` gets")


def _method(word: Word, following: Sequence[Word]) -> list[str]:
    text = word.prefix
    if text in ("-X", "--request"):
        return [following[0].value or "?"] if following else ["?"]
    if text.startswith("--request="):
        return [text.partition("=")[2]]
    if not text.startswith("--") and (match := re.fullmatch(r"-[a-zA-Z]*X([A-Za-z]*)", text)):
        return [match[1] or (following[0].value or "?" if following else "?")]
    return []


READERS: Mapping[str, Callable[[str, Sequence[Word], str | None, bool], Verdict]] = {
    "psql": _sql_client(
        "-c= --command=",
        "-f= --file= -o= --output= -L= --log-file=",
        "-h= -p= -U= -d= --host= --port= --username= --dbname= -t -A -X -q -x -w -W -1 -e -E -n -S -H -F= -P= -R= -v= -l "
        "--list --csv --no-psqlrc --tuples-only --no-align --quiet --expanded --no-password --single-transaction --set= -At -AtX -V --version --pset= -tA -Atc",
    ),
    "mysql": _sql_client(
        "-e= --execute=",
        "--init-command= --tee= --plugin-dir=",
        "-h= -P= -u= -p -D= -N -B -s -t -v -E -H --host= --port= --user= --password= --database= --batch --silent --table --skip-column-names --raw --protocol= -S= --socket= -V --version --ssl-mode=",
    ),
    "sqlite3": _sqlite,
    "clickhouse-client": _sql_client("-q= --query=", "--queries-file=", "-h= --host= --port= -u= --user= --password= -d= --database= -f= --format= -m -n"),
    "sed": _sed,
    "gsed": _sed,
    "awk": _awk,
    "gawk": _awk,
    "mawk": _awk,
    "nawk": _awk,
    "curl": _curl,
}
READERS = {**READERS, "mariadb": READERS["mysql"], "cockroach": READERS["psql"]}
