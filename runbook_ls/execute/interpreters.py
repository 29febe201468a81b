"""Which program runs a cell. Only the words of KNOWN are interpreters; nothing is ever handed to `cat`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runbook_ls.values import RunbookError


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A program found for a cell: `argv` + the cell file runs it. `word` is the interpreter word that was asked for.

    `carries` tells how the next cell sees this one's state: `bash` and `zsh` carry all of it, `posix` and `fish`
    exported variables and the directory, None nothing (it is not a shell).
    """

    word: str
    program: str  # absolute path
    arguments: tuple[str, ...] = ()
    suffix: str = ""  # of the cell file: some programs read the language from it
    carries: str | None = None

    @property
    def argv(self) -> tuple[str, ...]:
        """The command line up to the cell file."""
        return (self.program, *self.arguments)

    @property
    def is_shell(self) -> bool:
        """True if a cell of this interpreter shares the runbook's shell state."""
        return self.carries is not None


@dataclass(frozen=True, slots=True)
class Known:
    """A way to run a language: the programs that can (first found wins), their arguments, and how to get one."""

    programs: tuple[str, ...]
    install: str
    arguments: tuple[str, ...] = ()
    suffix: str = ""
    carries: str | None = None


_BASH = Known(("bash",), "install bash", (), ".sh", "bash")
_NODE = Known(("node", "deno", "bun"), "install Node.js (https://nodejs.org)", (), ".js")
_TYPESCRIPT = Known(
    ("tsx", "ts-node", "deno", "bun"), "install tsx (npm install -g tsx), Deno or Bun", (), ".ts"
)
_PYTHON = Known(("python3", "python"), "install Python 3", (), ".py")
_POWERSHELL = Known(
    ("pwsh", "powershell"), "install PowerShell", ("-NoProfile", "-NonInteractive", "-File"), ".ps1"
)

KNOWN: Mapping[str, Known] = {
    "bash": _BASH,
    "sh": Known(("sh",), "install a POSIX shell", (), ".sh", "posix"),
    "dash": Known(("dash",), "install dash", (), ".sh", "posix"),
    "ksh": Known(("ksh", "mksh", "ksh93"), "install ksh", (), ".sh", "posix"),
    "zsh": Known(("zsh",), "install zsh", ("-f",), ".zsh", "zsh"),
    "fish": Known(("fish",), "install fish", ("--no-config",), ".fish", "fish"),
    "pwsh": _POWERSHELL,
    "python": _PYTHON,
    "node": _NODE,
    "typescript": _TYPESCRIPT,
    "deno": Known(("deno",), "install Deno (https://deno.com)", ("run",), ".ts"),
    "bun": Known(("bun",), "install Bun (https://bun.sh)", ("run",), ".ts"),
    "ruby": Known(("ruby",), "install Ruby", (), ".rb"),
    "perl": Known(("perl",), "install Perl", (), ".pl"),
    "lua": Known(("lua", "lua5.4", "lua5.3", "luajit"), "install Lua", (), ".lua"),
    "php": Known(("php",), "install PHP", (), ".php"),
    "rust-script": Known(("rust-script",), "cargo install rust-script", (), ".rs"),
    "babashka": Known(("bb",), "install babashka (https://babashka.org)", (), ".clj"),
    "r": Known(("Rscript",), "install R", (), ".R"),
    "julia": Known(("julia",), "install Julia", (), ".jl"),
    "psql": Known(
        ("psql",), "install the PostgreSQL client", ("-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"), ".sql"
    ),
}

SQL = frozenset({"sql", "pgsql", "postgresql", "postgres"})
"""Languages that say which statements, not which server: they run only by a setting or an `interpreter`."""

# What people write after a fence. A plain `sh`, `shell` or `console` cell means bash, as Runme has it.
LANGUAGES: Mapping[str, str] = {
    **{word: word for word in KNOWN},
    "sh": "bash",
    "shell": "bash",
    "shellscript": "bash",
    "shell-script": "bash",
    "shell-session": "bash",
    "shellsession": "bash",
    "sh-session": "bash",
    "console": "bash",
    "terminal": "bash",
    "bash-session": "bash",
    "posix-sh": "sh",
    "mksh": "ksh",
    "powershell": "pwsh",
    "ps1": "pwsh",
    "py": "python",
    "python3": "python",
    "js": "node",
    "jsx": "node",
    "javascript": "node",
    "javascriptreact": "node",
    "mjs": "node",
    "nodejs": "node",
    "ts": "typescript",
    "tsx": "typescript",
    "typescriptreact": "typescript",
    "ts-node": "typescript",
    "rb": "ruby",
    "pl": "perl",
    "rs": "rust-script",
    "rust": "rust-script",
    "clj": "babashka",
    "clojure": "babashka",
    "bb": "babashka",
    "rscript": "r",
    "jl": "julia",
}


def resolve(
    language: str,
    *,
    shell: str | None = None,
    interpreter: str | None = None,
    body: str = "",
    path: str | None = None,
    where: str = "this cell",
) -> Interpreter:
    """Find the program for a cell.

    `interpreter` (the cell's attribute) wins, then a shebang in the body's first line, then for shell languages the
    runbook's `shell`, then the fence's `language`. `path` is the PATH that programs are found in; None means this
    process's. `where` names the cell for people: `cell deploy (line 14)`, its line 1-based.

    Raises RunbookError if the word is unknown or no program for it is there; the message says what was looked for.
    """
    source, word = _asked(language, shell, interpreter, body)
    known_word = LANGUAGES.get(_base_name(word)) if source != "shell" else _shell_word(word)
    if known_word is None:
        raise RunbookError(_unknown(source, word, where))
    if source in ("interpreter", "shell", "shebang") and _base_name(word) in KNOWN:
        known_word = _base_name(word)  # `sh` asked for by name is sh itself
    if known_word == "bash" and source == "language" and not shutil.which("bash", path=path):
        known_word = "sh"  # a small image has no bash, and a cell of `sh` seldom needs it
    known = KNOWN[known_word]
    for name in known.programs:
        program = shutil.which(name, path=path)
        if program is not None:
            return Interpreter(
                known_word,
                str(Path(program).absolute()),
                _arguments(name, known),
                known.suffix,
                known.carries,
            )
    looked = " or ".join(f'"{name}"' for name in known.programs)
    raise RunbookError(
        f'no program for {source} "{word}" in {where}: looked for {looked} on PATH; {known.install}, '
        "or set `interpreter=` on the cell"
    )


def is_known(language: str) -> bool:
    """True if a cell of this fence language can have an interpreter here."""
    return language in LANGUAGES


def is_shell_language(language: str) -> bool:
    """True if the fence language is one of a shell's, so that the runbook's `shell` applies to it."""
    word = LANGUAGES.get(language)
    return word is not None and KNOWN[word].carries is not None


def _asked(language: str, shell: str | None, interpreter: str | None, body: str) -> tuple[str, str]:
    if interpreter:
        return "interpreter", interpreter
    if shebang := re.match(r"#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?", body):
        program, argument = shebang[1], shebang[2]
        return "shebang", argument if _base_name(program) == "env" and argument else program
    if shell and (is_shell_language(language) or not language):
        return "shell", shell
    return "language", language


def _base_name(word: str) -> str:
    """`/usr/bin/python3.11` asks for python: only the known word counts, never the path that a runbook names."""
    name = word.strip().rpartition("/")[2].lower()
    return name if name in LANGUAGES else re.sub(r"[\d.]+$", "", name)


def _shell_word(word: str) -> str | None:
    name = _base_name(word)
    known = KNOWN.get(name) or KNOWN.get(LANGUAGES.get(name, ""))
    shells = known is not None and (known.carries is not None or known is _POWERSHELL)
    return (name if name in KNOWN else LANGUAGES[name]) if shells else None


def _arguments(program: str, known: Known) -> tuple[str, ...]:
    if program in ("deno", "bun") and not known.arguments:
        return ("run",)
    return known.arguments


def _unknown(source: str, word: str, where: str) -> str:
    from rapidfuzz import fuzz, process

    from runbook_ls.shell.tool_tables import TOOLS

    what = f'unknown {source} "{word}" in {where}' if word else f"{where} has no language"
    found = process.extractOne(word.lower(), sorted(LANGUAGES), scorer=fuzz.ratio, score_cutoff=70)
    near = found[0] if found else None
    if near is None and process.extractOne(word.lower(), sorted(TOOLS), scorer=fuzz.ratio, score_cutoff=80):
        near = "sh"  # ```kubectl: a program's name where the shell's was meant
    if word in SQL:
        return f'{what}: no interpreter; set `run.sql = "psql"`, or `interpreter=psql` on the cell'
    hint = f'did you mean "{near}"?' if near else "write one after the fence, such as `sh`"
    return f"{what}: no interpreter; {hint}"
