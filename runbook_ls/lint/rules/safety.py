"""RB3: what should not stand in a runbook, or not without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from runbook_ls.document.runbook import Cell, Runbook
from runbook_ls.lint.commands import Commands, commands_to_run
from runbook_ls.lint.rule import Rule, Spot
from runbook_ls.shell import secrets
from runbook_ls.shell.wordlists import lower
from runbook_ls.values import Severity, Span

if TYPE_CHECKING:
    from runbook_ls.shell.syntax import Command
    from runbook_ls.shell.syntax_words import Word


def secret(cell: Cell) -> Iterator[Spot]:
    """RB301."""
    for found in secrets.find(cell.body):
        commands = Commands(cell.body, cell.body)
        severity = Severity.WARNING if found.kind in _TOLD_BY_NAME else None
        message = f"A secret ({found.kind.replace('-', ' ')}) is written out; read it from the environment or a vault."
        yield Spot(commands.place(cell, found.start, found.end), message, severity=severity)


def destruction(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB302. What destroys, announced or not."""
    if not _may_destroy(commands.meant) or re.search(_GUARDS, commands.text):
        return
    from runbook_ls.shell.risk import Risk, assess

    for finding in assess(commands.meant).findings:
        if finding.risk is Risk.DESTRUCTIVE and not re.fullmatch(_MINOR, _text_of(commands, finding.span)):
            message = f"This destroys ({finding.reason}), and the text around does not say so."
            yield Spot(cell.source_span(finding.span), message)


def unannounced_destruction(runbook: Runbook, found: Iterable[Spot]) -> Iterator[Spot]:
    """RB302. Which of that the text around does not announce."""
    told: Cell | None = None
    for spot in found:
        cell = runbook.cell_at(spot.span.start.line)
        if cell is not None and cell is not told and not _is_announced(cell):
            told = cell  # once a cell
            yield spot


def piped_to_shell(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB303."""
    if "|" not in commands.text and "(" not in commands.text:
        return
    for match in re.finditer(_DOWNLOAD_AND_RUN, commands.text):
        if commands.quoting_at(match.start()) not in ("comment", "single", "heredoc"):
            message = "This runs what a server sends, unseen: download it, look at it or check its digest, then run it."
            yield Spot(commands.place(cell, *match.span()), message)


def world_writable(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB304."""
    for _, arguments, _ in _calls(commands, "chmod"):
        for word in arguments:
            if word.value and re.fullmatch(_WORLD_WRITABLE, word.value):
                yield Spot(
                    cell.source_span(word.span),
                    f"Mode {word.value} lets everybody on the machine change this.",
                )


def unchecked_tls(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB305."""
    if not _may_switch_off_tls(commands.meant):
        return
    for program, arguments, command in _calls(commands):
        for assignment in command.assignments:
            value = assignment.value.value if assignment.value else None
            if (assignment.name, value) in _TLS_OFF_VARIABLES:
                yield Spot(
                    cell.source_span(assignment.span),
                    f"{assignment.name} switches off the check of TLS certificates.",
                )
        for word in arguments:
            short = program == "curl" and re.fullmatch(r"-[a-zA-Z]*k[a-zA-Z]*", word.value or "")
            if word.value in _TLS_OFF_OPTIONS or short:
                yield Spot(
                    cell.source_span(word.span), f"`{word.value}` switches off the check of TLS certificates."
                )


def force_push(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB306."""
    for _, arguments, _ in _calls(commands, "git"):
        values = [word.value or "" for word in arguments]
        if "push" not in values or any(value.startswith("--force-with-lease") for value in values):
            continue
        for word in arguments[values.index("push") + 1 :]:
            if word.value in ("--force", "-f", "--mirror") or re.match(r"\+\w", word.value or ""):
                message = "A forced push overwrites what others pushed; `--force-with-lease` does not."
                yield Spot(cell.source_span(word.span), message)


def unguarded_removal(cell: Cell, commands: Commands) -> Iterator[Spot]:
    """RB307."""
    if not _VARIABLE_FOLDER.search(commands.meant) or re.search(_STOPS_ON_UNSET, commands.text):
        return
    for _, arguments, command in _calls(commands, "rm"):
        options = [word.value for word in arguments if word.value and word.value.startswith("-")]
        if not any(option == "--recursive" or re.fullmatch(r"-\w*[rR]\w*", option) for option in options):
            continue
        for word in arguments:
            match = re.fullmatch(_VARIABLE_FIRST, word.raw)
            if match and not _is_given_above(match["name"], command, commands):
                severity = Severity.ERROR if match["rest"] in ("", "*") else Severity.WARNING
                name, removed = match["name"], f"/{match['rest']}"
                message = f"If {name} is empty or not set, this removes {removed}; write ${{{name}:?}}."
                yield Spot(cell.source_span(word.span), message, severity=severity)


def _is_given_above(name: str, command: Command, commands: Commands) -> bool:
    """True if a command before this one, which nothing can pass over, sets the variable to a text of its own."""
    return any(
        assignment.name == name and assignment.value is not None and assignment.value.value
        for other in commands.script.commands
        if other.span < command.span and not other.words and not other.within
        for assignment in other.assignments
    )


# Kinds that `secrets` tells by the name before them: a documented default may be one.
_TOLD_BY_NAME = frozenset(
    {"password", "token", "secret", "api-key", "authorization", "url-password", "cookie"}
)

# No destructive command is without one of these words, and the tables behind `assess` are not needed then.
_DESTROYING_WORDS = (
    "delete drop destroy purge truncate wipe format mkfs shred force reset clean uninstall prune pkill shutdown reboot "
    "poweroff remove erase discard"
).split()
# Each alternative begins with a letter, to which Python's engine skips: whether a word begins there is asked behind it.
_DESTROYING = re.compile(
    r"r(?<!\wr)m(?:i|dir)?\b|d(?<!\wd)(?:d|el)\b|k(?<!\wk)ill\b|h(?<!\wh)alt\b|>\s*/dev/|:\(\)"
)
# Every such place has one of these: few texts need a search.
_SHORT = ("rm", "dd", "del", "kill", "halt", "/dev/", ":()")


def _may_destroy(text: str) -> bool:
    lowered = lower(text)
    for word in _DESTROYING_WORDS:
        if word in lowered:
            return True
    for word in _SHORT:
        if word in text:
            return _DESTROYING.search(text) is not None
    return False


# Single files, what lies in the folder of work or among temporary files, and the push that RB306 recommends.
_MINOR = (
    r"rm(?:\s+-f)?(?:\s+[^-\s]\S*)+|rm(?:\s+-\w+)*(?:\s+(?:/tmp/|\./)?\w[\w./-]*)+"
    r"|git\s+push\s+(?:[\w./:=-]+\s+)*--force-with-lease(?:=\S+)?(?:\s+[\w./:-]+)*"
)
# `read -p` and `confirm` as words; begun as `_DESTROYING` is.
_GUARDS = r"--dry-run|r(?<!\wr)ead\s+-\w*p|c(?<!\wc)onfirm\b"


_ANNOUNCING = (
    *"delet remov destroy drop wipe wiping uninstall clean tear purg prun terminat reset eras format truncat forc".split(),
    *"evict drain stop kill shut reboot restart recreat rebuild replac overwrit roll revert undo discard caution".split(),
    *("warning", "danger", "careful", "irrevers", "permanent", "data loss"),
)


def _announces(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _ANNOUNCING)


def _is_announced(cell: Cell) -> bool:
    """True if the intent, a heading, the prose before or a comment says it."""
    if _announces(" ".join((*cell.heading_path, *cell.lead))) or _announces(cell.intent):
        return True
    commands = commands_to_run(cell)
    comments = (part for part in commands.regions if part.quoting == "comment") if commands else ()
    return any(_announces(cell.body[part.start : part.end]) for part in comments)


def _text_of(commands: Commands, span: Span) -> str:
    lines = commands.meant.split("\n")
    if span.start.line != span.end.line:
        return "\n".join(lines[span.start.line : span.end.line + 1])
    return lines[span.start.line][span.start.column : span.end.column]


# It looks at the first letter first: at most places there is none of these. What stands between is not without end, so
# that a line of many downloads is not read once for each.
_SHELL = r"(?=[bdksz/])(?:sudo\s+(?:-\w+\s+)*)?(?:/bin/|/usr/bin/)?(?:ba|z|da|k)?sh\b"
_DOWNLOADED = r"\(\s*(?:curl|wget)\b[^\n)]{0,1000}\)"
_DOWNLOAD_AND_RUN = (
    rf"\b(?:curl|wget)\b[^\n;&|]{{0,1000}}\|\s*(?:{_SHELL}|(?:sudo\s+)?(?:python3?|perl|ruby|node)\b(?!\s+-[mc]))"
    rf"|{_SHELL}\s+(?:<{_DOWNLOADED}|-c\s+\"?\${_DOWNLOADED}\"?)|eval\s+\"?\${_DOWNLOADED}\"?"
)
# With the sticky bit (1777, as /tmp has it) nobody can take away what is somebody else's.
_WORLD_WRITABLE = r"[0246]?[0-7]{2}[2367]|[ugo]*[oa][ugo]*[+=][rwxXst]*w[rwxXst]*|\+[rx]*w[rx]*"
_TLS_OFF_OPTIONS = frozenset(
    {"--insecure", "--insecure-skip-tls-verify", "--insecure-skip-tls-verify=true", "--no-check-certificate"}
    | {"--no-verify-ssl", "--tls-verify=false", "--src-tls-verify=false", "--dest-tls-verify=false"}
    | {"--tls-skip-verify", "http.sslVerify=false"}
)
_TLS_OFF_VARIABLES = frozenset(
    {("NODE_TLS_REJECT_UNAUTHORIZED", "0"), ("PYTHONHTTPSVERIFY", "0"), ("GIT_SSL_NO_VERIFY", "1")}
    | {("GIT_SSL_NO_VERIFY", "true"), ("VAULT_SKIP_VERIFY", "true"), ("VAULT_SKIP_VERIFY", "1")}
)
# No command without one of these does; few have one.
_TLS_OFF_WORDS = (*_TLS_OFF_OPTIONS, *(name for name, _ in _TLS_OFF_VARIABLES))


def _may_switch_off_tls(text: str) -> bool:
    return any(word in text for word in _TLS_OFF_WORDS) or re.search(r"-[a-zA-Z]*k", text) is not None


_STOPS_ON_UNSET = r"(?m)^\s*set\s+-\w*u|set\s+-o\s+nounset"
_VARIABLE_FOLDER = re.compile(r"\$\{?[A-Za-z_]\w*\}?\"?/")
_VARIABLE_FIRST = r'"?\$(?P<brace>\{)?(?P<name>(?!HOME\b)[A-Za-z_]\w*)(?(brace)\})"?/(?P<rest>[^"\s]*)"?'


def _calls(commands: Commands, name: str = "") -> Iterator[tuple[str, tuple[Word, ...], Command]]:
    """The program, the arguments and the whole of each simple command, looked at behind sudo and the like.

    Only those of the program `name` if it is given.
    """
    for command in commands.script.commands:
        words = _behind_wrappers(command.words)
        program = (words[0].value or "").rpartition("/")[2] if words else ""
        if name in ("", program):
            yield program, words[1:], command


_WRAPPERS = frozenset({"sudo", "doas", "env", "command", "exec", "nohup", "nice", "time", "xargs"})


def _behind_wrappers(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """`chmod 777 f` of `sudo -u root chmod 777 f`."""
    while words and words[0].value in _WRAPPERS:
        words = words[1:]
        while words and ((words[0].value or "").startswith("-") or "=" in words[0].raw):
            words = words[2:] if words[0].value in ("-u", "-g", "-n", "-I") else words[1:]
    return words


RULES = (
    Rule(
        code="RB301",
        name="secret",
        severity=Severity.ERROR,
        summary="A secret is written out.",
        why="Runbooks are read, copied, committed and shown on screens; a secret in one is no secret any more.",
        bad="```sh\nexport DB_PASSWORD=hunter2\n```\n",
        good='```sh\nexport DB_PASSWORD="$(vault kv get -field=password db)"\n```\n',
        cell=secret,
    ),
    Rule(
        code="RB302",
        name="unannounced-destruction",
        severity=Severity.WARNING,
        summary="A cell destroys something, and neither its text nor its heading says so.",
        why="Who follows a runbook in a hurry reads the sentence, not the command.",
        bad="Look at the namespace:\n\n```sh\nkubectl delete namespace staging\n```\n",
        good="Delete the namespace and everything in it:\n\n```sh\nkubectl delete namespace staging\n```\n",
        shell=destruction,
        confirm=unannounced_destruction,
    ),
    Rule(
        code="RB303",
        name="piped-to-shell",
        severity=Severity.WARNING,
        summary="What a server sends is run unseen.",
        why="A broken download runs in part, and a changed one runs as you.",
        bad="```sh\ncurl -fsSL https://get.host.io | sh\n```\n",
        good="```sh\ncurl -fsSLo install.sh https://get.host.io\nsha256sum -c install.sh.sha256\nsh install.sh\n```\n",
        shell=piped_to_shell,
        needs=("curl", "wget"),
    ),
    Rule(
        code="RB304",
        name="world-writable",
        severity=Severity.WARNING,
        summary="Everybody on the machine may change a file.",
        why="`chmod 777` makes an error message go away and leaves a door open.",
        bad="```sh\nchmod -R 777 /srv/data\n```\n",
        good="```sh\nchmod -R u=rwX,g=rX,o= /srv/data\n```\n",
        shell=world_writable,
        needs=("chmod",),
    ),
    Rule(
        code="RB305",
        name="unchecked-tls",
        severity=Severity.WARNING,
        summary="The check of TLS certificates is switched off.",
        why="Whoever sits in between reads the tokens that are sent and chooses the answer.",
        bad="```sh\ncurl -k https://host.io/health\n```\n",
        good="```sh\ncurl --cacert ca.pem https://host.io/health\n```\n",
        shell=unchecked_tls,
        needs=("curl", "insecure", "erify", "VERIFY", "no-check", "REJECT_UNAUTHORIZED"),
    ),
    Rule(
        code="RB306",
        name="force-push",
        severity=Severity.WARNING,
        summary="A push overwrites what others pushed.",
        why="`--force-with-lease` stops when somebody pushed in between; `--force` loses their work.",
        bad="```sh\ngit push --force origin main\n```\n",
        good="```sh\ngit push --force-with-lease origin main\n```\n",
        shell=force_push,
        needs=("push",),
    ),
    Rule(
        code="RB307",
        name="unguarded-removal",
        severity=Severity.ERROR,
        summary="`rm -rf $VAR/…` removes from the root when the variable is empty.",
        why="A typing error in a name, or a cell that was left out, and the path begins at `/`.",
        bad="```sh\nrm -rf $BUILD_DIR/\n```\n",
        good='```sh\nrm -rf "${BUILD_DIR:?}/"\n```\n',
        shell=unguarded_removal,
        needs=("rm",),
    ),
)
