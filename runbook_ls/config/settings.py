"""Every setting: its name, type, default and what it means. One table; the reference page is made from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal


def _setting(
    default: Any,  # noqa: ANN401
    about: str,
    choices: tuple[str, ...] = (),
    *,
    own: bool = False,
    only: str | None = None,
) -> Any:  # noqa: ANN401
    """`own`: it says where data goes, what is started or what is removed, so only the user's own settings count, never
    a workspace's. `only`: the one value that a workspace may give it, which makes things stricter."""
    return field(default=default, metadata={"about": about, "choices": choices, "own": own, "only": only})


class Table(Mapping[str, object]):
    """A setting that is a table of the user's own keys. It can be hashed, as all settings can."""

    def __init__(self, known: Mapping[str, object] | None = None) -> None:
        self._known = dict(known or {})

    def __getitem__(self, key: str) -> object:
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)

    def __hash__(self) -> int:
        return hash(repr(sorted(self._known.items(), key=repr)))


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. A dotted name such as `memory.embedder` is the field `memory_embedder`."""

    consent: Literal["normal", "strict"] = _setting(
        "normal",
        "`normal` asks before a cell destroys, and before an unedited suggestion does anything but read. "
        "`strict` asks before everything but reading.",
        ("normal", "strict"),
        only="strict",
    )
    memory_embedder: Literal["minilm", "hashing", "openai"] = _setting(
        "minilm",
        "How intents become vectors: `minilm` (a model in the package), `hashing` (none), or `openai`: by the server "
        "of `llm.endpoint`, to which intents are sent then, without their secrets.",
        ("minilm", "hashing", "openai"),
        own=True,
    )
    memory_embedding_model: str = _setting(
        "text-embedding-3-small",
        "The model that `memory.embedder` = `openai` asks for. Another model embeds all examples anew.",
        own=True,
    )
    learning: bool = _setting(True, "Whether runs teach. `false` pauses learning; runs are still journalled.")
    memory_learn_workspace: bool = _setting(
        True,
        "Whether a server reads the (prose, command) pairs of a trusted workspace's runbooks in the background. "
        "They answer only there.",
    )
    memory_scope: Literal["everywhere", "workspace"] = _setting(
        "everywhere",
        "Where what is learned here may answer: `everywhere` on this machine, or in this `workspace` only. What "
        "is kept to a workspace is not shared either, and a model sees the examples of the open workspace only.",
        ("everywhere", "workspace"),
        only="workspace",
    )
    memory_files: tuple[str, ...] = _setting(
        (),
        "Files of examples that a team shares, as `runbook-ls export` writes them; paths from the workspace's top.",
    )
    memory_server: str = _setting(
        "",
        "The URL of a team's Chroma server, such as `https://memory.example.org:8000`; empty for none.",
        own=True,
    )
    memory_server_header: str = _setting(
        "",
        "A header for that server as `NAME=VARIABLE`: the environment variable holds its value, such as "
        "`Authorization=TEAM_MEMORY_TOKEN`.",
        own=True,
    )
    memory_share: Literal["ask", "always", "never"] = _setting(
        "ask",
        "Whether what runs teach goes to the team's server: `ask` each time, `always`, or `never` (it is only read).",
        ("ask", "always", "never"),
        own=True,
    )
    output: Literal["editor", "document"] = _setting(
        "editor",
        "Where a cell's output goes: `editor` shows it as the editor can, `document` also writes it into an "
        "`output` block under the cell.",
        ("editor", "document"),
    )
    runbooks: tuple[str, ...] = _setting(
        (),
        "Which files get lenses and hints: patterns as in .gitignore, relative to the workspace. None: every markdown "
        "file outside vendored and ignored folders.",
    )
    run_timeout: float = _setting(
        0.0, "Seconds after which a running cell is ended; 0 for never. A cell's `timeout=30s` counts more."
    )
    run_sql: Literal["", "psql"] = _setting(
        "",
        "The program that runs `sql` cells: `psql`, which finds its server by `PGHOST` and the like.",
        ("", "psql"),
    )
    run_output_days: float = _setting(30.0, "Days after which the kept output of a run is removed.", own=True)
    run_output_megabytes: float = _setting(
        1024.0, "How much output of runs is kept in all; the oldest goes first.", own=True
    )
    shell_env: Literal["login", "inherit"] = _setting(
        "login",
        "Where the server's cells get their environment. `login`: a server that no shell started (an editor opened "
        "from a dock) asks your login shell. `inherit`: always the server's own.",
        ("login", "inherit"),
    )
    suggest_llm: Literal["fallback", "always", "never"] = _setting(
        "fallback",
        "When a model is asked, once one is configured: `fallback` where what was learned gives no complete answer, "
        "`always`, or `never`. A workspace may say `never`; front matter `runbook-ls: off` says it for one file.",
        ("fallback", "always", "never"),
        only="never",
    )
    llm_endpoint: str = _setting(
        "",
        "The base URL of an OpenAI-compatible server, such as `http://127.0.0.1:11434/v1`. Default: "
        "`OPENAI_BASE_URL`, else OpenAI's.",
        own=True,
    )
    llm_model: str = _setting("gpt-5.4-mini", "The model's name, as that server knows it.", own=True)
    llm_key_env: str = _setting(
        "OPENAI_API_KEY",
        "The environment variable that holds the key. A local server needs none.",
        own=True,
    )
    llm_key_command: str = _setting(
        "",
        "A command that prints the key, such as `op read op://team/openai/key`. It is run when the key is needed, "
        "and again when the server refuses it or after `llm.key_seconds`; the key is kept in memory only.",
        own=True,
    )
    llm_key_seconds: float = _setting(
        300.0, "How long a key that `llm.key_command` printed is used, in seconds.", own=True
    )
    llm_headers: Mapping[str, object] = _setting(
        Table(),
        'More headers of every request, such as `{"api-key" = "{key}"}`. `{key}` stands for the key, `${NAME}` for '
        "an environment variable.",
        own=True,
    )
    llm_query: Mapping[str, object] = _setting(
        Table(), 'Query parameters of every request, such as `{"api-version" = "2026-06-01"}`.', own=True
    )
    llm_body: Mapping[str, object] = _setting(
        Table(), "More fields of every request, such as `{temperature = 0, max_tokens = 500}`.", own=True
    )
    llm_connect_timeout: float = _setting(5.0, "Seconds to wait for a connection.", own=True)
    llm_timeout: float = _setting(
        30.0, "Seconds for one answer in all, retries included; 30 at most.", own=True
    )
    llm_context: float = _setting(
        8000.0, "Characters of the runbook that the model may see; 0 for none.", own=True
    )
    llm_outputs: bool = _setting(
        False, "Whether the model may see the ends of what earlier cells printed.", own=True
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, and what was wrong with what was read: each one sentence with the key and the reason."""

    settings: Settings
    complaints: tuple[str, ...] = ()


def merge(base: Settings, given: Mapping[str, object], where: str, *, own: bool = True) -> Loaded:
    """Lay the settings of `given` (nested tables or dotted names) over `base`.

    A bad one is reported with its key and the reason, and the rest still apply. `where` names the source in the
    message, such as a file. `own` is False for a workspace's settings: what says where data goes or what is started
    does not count there, however far the workspace is trusted.
    """
    known = {f.name: f for f in fields(Settings)}
    values: dict[str, Any] = {}
    complaints: list[str] = []
    for key, value in _flat(given):
        name = key.replace(".", "_")
        if name not in known:
            complaints.append(f'{where}: there is no setting "{key}"{_nearest(key, known) or "."}')
            continue
        wanted = type(known[name].default)
        choices = known[name].metadata["choices"]
        if known[name].metadata["own"] and not own:
            complaints.append(
                f'{where}: setting "{key}" counts only in your own settings, not in a workspace\'s.'
            )
            continue
        only = known[name].metadata["only"]
        if only is not None and value != only and not own:
            complaints.append(f'{where}: a workspace can set "{key}" to "{only}" only.')
            continue
        if wanted is Table and isinstance(value, Mapping):
            value = Table(value)
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if wanted is tuple and isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = tuple(value)
        if not isinstance(value, wanted):
            shown = "" if known[name].metadata["own"] else f", not {value!r}"  # it may hold a key
            complaints.append(f'{where}: setting "{key}" must be {_TYPE_NAMES[wanted]}{shown}.')
        elif choices and value not in choices:
            complaints.append(f'{where}: setting "{key}" must be one of {", ".join(choices)}, not {value!r}.')
        else:
            values[name] = value
    return Loaded(replace(base, **values), tuple(complaints))


_TYPE_NAMES = {
    str: "a text",
    float: "a number",
    bool: "true or false",
    tuple: "a list of texts",
    Table: "a table",
}


def _is_table(key: str) -> bool:
    found = Settings.__dataclass_fields__.get(key.replace(".", "_"))
    return found is not None and isinstance(found.default, Table)


def _flat(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, object]]:
    pairs: list[tuple[str, object]] = []
    for key, value in table.items():
        if isinstance(value, Mapping) and not _is_table(f"{prefix}{key}"):
            pairs += _flat(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs


def _nearest(key: str, known: Mapping[str, object]) -> str:
    from rapidfuzz import process

    match = process.extractOne(key.replace(".", "_"), list(known), score_cutoff=70)
    return f'; did you mean "{match[0].replace("_", ".", 1)}"?' if match else ""
