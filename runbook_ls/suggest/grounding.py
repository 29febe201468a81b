"""Whether the values of a command can be traced: to what the user wrote, or to what the examples never vary.

A value is cut into pieces (`/srv/otter/app.log`, `web@db-2:5432`), and each piece must stand somewhere. Plain words
are vocabulary (`get pods`, `-o yaml`) unless they stand where a name must: after `--namespace`, `ssh`, `logs`.
Source: DESIGN §6, and the provenance checks of FEATURES (Octopus), which saw values of few-shot examples leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from runbook_ls.memory.examples import Example
from runbook_ls.shell.kinds import Kind, kind_of
from runbook_ls.shell.literals import literals, units
from runbook_ls.shell.words import Role, Word, skeleton, split


@dataclass(frozen=True, slots=True)
class Loose:
    """A value that nothing explains: code points `start` to `end`. `leaked_from` is the example that has it."""

    start: int
    end: int
    text: str
    kind: Kind
    leaked_from: Example | None = None


def loose_values(
    text: str, *, known: str, examples: Sequence[Example], settled: Iterable[tuple[int, int]] = ()
) -> Iterator[Loose]:
    """The values of `text` that stand neither in `known` (what the user wrote) nor among the examples' fixed
    literals, in order. `settled` are places that were decided before."""
    done = tuple(settled)
    trusted = _Trusted(known, examples)
    words = split(text)
    for index, word in enumerate(words):
        if _is_expression(words, index):
            continue
        for value in _values(text, word, _is_name_place(words, index)):
            overlaps = any(value.start < end and start < value.end for start, end in done)
            if overlaps or trusted.explains(value):
                continue
            leaked = next((e for e in examples if _stands_in(value.text, f"{e.intent}\n{e.command}")), None)
            kind = Kind.DURATION if _AMOUNT.fullmatch(value.text) else value.kind
            yield Loose(value.start, value.end, value.text, kind, leaked)


@dataclass(frozen=True, slots=True)
class _Value:
    start: int
    end: int
    text: str
    kind: Kind


_HOLDS_VALUES = frozenset(
    {Role.ARGUMENT, Role.FLAG_VALUE, Role.FLAG, Role.ASSIGNMENT, Role.TARGET, Role.HEREDOC}
)
_PIECE = re.compile(r"[^\s/=,@'\"`(){}\[\]<>|;&]+")
_HARD = re.compile(  # what is a value even inside a quoted text or a script
    r"(?P<url>[a-z][a-z0-9+.-]*://[^\s'\"`<>|;)]+)"
    r"|(?P<host>(?<![\w.-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|dev|local|internal|cloud))(?![\w-]))"
    r"|(?P<id>(?<![\w-])(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{12,64})(?![\w-]))"
    r"|=\s*\\?[\"'](?P<quoted>[\w./:-]*[\w])\\?[\"']"
)
_EXPANSION = re.compile(r"\$\{[^}]*\}|\$\w+|\$\(")


def _values(text: str, word: Word, is_name: bool) -> Iterator[_Value]:
    if word.role not in _HOLDS_VALUES or word.varies >= word.end:
        return
    raw = text[word.varies : word.end]
    inner = raw.strip("'\"")
    start = word.varies + (raw.index(inner) if inner else 0)
    if re.search(r"[\s|()\\*^$]", inner) or word.role is Role.HEREDOC:
        for match in _HARD.finditer(inner):
            found = match[match.lastgroup or 0]
            offset = start + match.start(match.lastgroup or 0)
            yield from _pieces(found, offset, is_name=True)
        if re.search(r"[\s|()\\^]", inner) or word.role is Role.HEREDOC or "'" in raw:
            return
    yield from _pieces(inner, start, is_name)


def _pieces(value: str, start: int, is_name: bool) -> Iterator[_Value]:
    whole = kind_of(value)
    if whole in (Kind.HOST, Kind.ID, Kind.VERSION, Kind.NUMBER, Kind.DATE) and "@" not in value:
        yield _Value(start, start + len(value), value, whole)
        return
    value, cut = re.sub(_EXPANSION, lambda match: " " * len(match[0]), value), whole
    scheme = re.match(r"[a-z][a-z0-9+.-]*://", value)
    for match in _PIECE.finditer(value, scheme.end() if scheme else 0):
        piece = match[0].strip(".:*?~+%!#-")
        if not re.search(r"[A-Za-z0-9]", piece):
            continue
        kind = kind_of(piece)
        key = value[match.end() : match.end() + 1] == "="
        if key or (
            kind is Kind.WORD and (cut is Kind.GLOB or (not is_name and cut not in (Kind.PATH, Kind.URL)))
        ):
            continue
        offset = start + match.start() + match[0].index(piece)
        yield _Value(offset, offset + len(piece), piece, Kind.NAME if kind is Kind.WORD else kind)


_NAMING_FLAGS = re.compile(
    r"--?(?:[a-z]+-)*(?:name|namespace|project|context|cluster|region|zone|location|user|username|host|hostname|server|"
    r"image|container|bucket|database|dbname|db|profile|account|subscription|group|role|topic|queue|service|repo|branch|"
    r"node|release|table|function|instance|registry|stack|workspace|env|environment|target|output-file|identity)"
    r"(?:-(?:name|id))?"
)
_NAMING_SHORT = {
    "kubectl": {"-n", "-c"}, "helm": {"-n"}, "oc": {"-n"}, "stern": {"-n"}, "ssh": {"-l", "-J"}, "psql": {"-d", "-h", "-U"},
    "mysql": {"-D", "-h", "-u"}, "mysqldump": {"-h", "-u"}, "pg_dump": {"-d", "-h", "-U"}, "redis-cli": {"-h"},
    "journalctl": {"-u"}, "sudo": {"-u"}, "az": {"-g", "-n"}, "docker": {"-u"},
}  # fmt: skip
_TAKE_NAMES = frozenset(
    "ssh scp ping dig host nslookup killall pkill telnet nc createdb dropdb createuser dropuser su traceroute whois "
    "pg_dump mysqldump".split()
)
_VERB_THEN_NAME = frozenset(
    "kubectl oc docker podman systemctl service helm nomad consul vault pm2 supervisorctl virsh lxc".split()
)
_VOCABULARY = frozenset(
    """
    pod pods po service services svc deployment deployments deploy node nodes no namespace namespaces ns ingress
    ingresses ing event events ev secret secrets configmap configmaps cm job jobs cronjob cronjobs pvc pv replicaset
    replicasets rs statefulset statefulsets sts daemonset daemonsets ds endpoints serviceaccounts sa role roles
    rolebindings clusterroles crd crds hpa all context contexts current
    image images container containers volume volumes network networks instance instances cluster clusters bucket buckets
    disk disks list status origin main master head tags branches remote stash system failed units timers running
    json yaml wide text table csv tsv name none true false yes no auto always never on off default stdout stderr info
    warning error debug tcp udp http https get post put delete patch localhost latest root null
    var log logs etc usr bin sbin opt home tmp local srv lib share dev proc sys boot mnt media run data hosts passwd
    hostname resolv.conf os-release meminfo cpuinfo loadavg uptime syslog src dist build docs test tests
    zero urandom random stdin tty fd
    inspect prune ls ps up down top stats start stop restart reload run exec build pull push create delete update
    describe show apply history rollout undo scale enable disable add remove info init plan validate search install
    upgrade uninstall rollback attach connect import export login logout read write copy sync
    readme.md license makefile dockerfile package.json requirements.txt pyproject.toml docker-compose.yml
    """.split()
)
_ALWAYS_FINE = frozenset({"127.0.0.1", "0.0.0.0", "::1", "localhost", "255.255.255.255"})  # noqa: S104


# These take expressions, formats and fields, whose words are theirs.
_EXPRESSIONS = frozenset("jq yq awk gawk sed grep egrep fgrep rg perl tr expr bc test".split())
_FORMAT_FLAGS = re.compile(
    r"--?(?:[a-z]+-)*(?:sort(?:-by)?|order-by|format|output|fields?|columns?|query|template|jq|o|k|printf)"
)


def _is_expression(words: Sequence[Word], index: int) -> bool:
    word = words[index]
    if _FORMAT_FLAGS.fullmatch(word.flag):
        return True
    return (
        word.role in (Role.ARGUMENT, Role.FLAG_VALUE)
        and _program(words, index) in _EXPRESSIONS
        and not any(w.role is Role.ARGUMENT for w in words[_program_at(words, index) : index])
    )


def _is_name_place(words: Sequence[Word], index: int) -> bool:
    """Whether the word must be a name, even if it is a plain word."""
    word = words[index]
    if word.flag:
        program = _program(words, index)
        return bool(_NAMING_FLAGS.fullmatch(word.flag)) or word.flag in _NAMING_SHORT.get(program, ())
    if word.role is not Role.ARGUMENT:
        return False
    program = _program(words, index)
    return program in _TAKE_NAMES or (
        program in _VERB_THEN_NAME and words[index - 1].role in (Role.SUBCOMMAND, Role.ARGUMENT)
    )


def _program_at(words: Sequence[Word], index: int) -> int:
    return next((n for n in range(index - 1, -1, -1) if words[n].role is Role.PROGRAM), 0)


def _program(words: Sequence[Word], index: int) -> str:
    at = _program_at(words, index)
    return words[at].text.rsplit("/", 1)[-1] if words[at].role is Role.PROGRAM else ""


class _Trusted:
    """What the user wrote, and the literals that the examples never vary."""

    def __init__(self, known: str, examples: Sequence[Example]) -> None:
        self._known = known.lower()
        self._fixed = "\n".join(_fixed(examples)).lower()
        self._amounts = {unit.amount for unit in units(known[:4_000]) if unit.amount}

    def explains(self, value: _Value) -> bool:
        text = value.text.lower()
        if text in _VOCABULARY or text in _ALWAYS_FINE or len(text) == 1 or self._has(text):
            return True
        if value.kind in (Kind.NUMBER, Kind.DURATION, Kind.SIZE) or _AMOUNT.fullmatch(text):
            return self._counts(value)
        parts = [part for part in re.split(r"[-_.:+%]+", text) if part]
        if value.kind is Kind.HOST and parts[-1] not in _ENDINGS:
            return self._is_known_host(text)
        if value.kind in (Kind.ID, Kind.VERSION, Kind.DATE):
            return False
        return len(parts) > 1 and all(p in _VOCABULARY or p in _ENDINGS or self._has(p) for p in parts)

    def _is_known_host(self, text: str) -> bool:
        """A known name in a known domain, with a known port."""
        host, _, port = text.partition(":")
        labels = host.split(".")
        named = (
            host in _ALWAYS_FINE
            or self._has(host)
            or any(
                self._has(".".join(labels[:n])) and self._has(".".join(labels[n:]))
                for n in range(1, len(labels))
            )
        )
        return (named and (not port or self._has(port)) and not host.replace(".", "").isdigit()) or self._has(
            text
        )

    def _has(self, text: str) -> bool:
        singular = text.removesuffix("s")
        return any(
            _stands_in(form, where)
            for where in (self._known, self._fixed)
            for form in {text, singular, singular + "s"}
            if len(form) > 1 or form.isdigit()
        )

    def _counts(self, value: _Value) -> bool:
        """A number that the user gave in words or in another unit, or one too small to be invented."""
        amounts = {unit.amount for unit in units(value.text) if unit.amount} or {0.0}
        for amount in amounts:
            if amount <= 3 and value.text.isdigit():
                return True
            if any(
                amount * factor == known or known * factor == amount
                for known in self._amounts
                for factor in _FACTORS
            ):
                return True
        return False


_AMOUNT = re.compile(r"\d+[A-Za-z]{1,2}")
_ENDINGS = frozenset(
    "log txt gz sql json yaml yml md sh tar zip csv conf service timer bak html tgz xz".split()
)
_FACTORS = (1.0, 60.0, 3600.0, 86_400.0, 604_800.0, 1000.0, 1e6, 1e9, 1024.0, 1024.0**2, 1024.0**3)


def _fixed(examples: Sequence[Example]) -> Iterator[str]:
    """The values of the examples' commands that their intents do not mention and on which no two examples of the
    same command differ."""
    by_skeleton: dict[tuple[str, ...], list[list[Word]]] = {}
    spoken = "\n".join(example.intent for example in examples).lower()
    spoken_units = [
        u.value.strip("/") for e in examples for u in literals(e.intent) if len(u.value.strip("/")) > 1
    ]
    for example in examples:
        words = [word for word in split(example.command) if word.role is not Role.COMMENT]
        by_skeleton.setdefault(skeleton(example.command), []).append(words)
    for alike in by_skeleton.values():
        for position in zip(*alike, strict=True):
            values = {word.text[word.varies - word.start :] for word in position}
            if len(values) == 1:
                yield from _unspoken(values.pop(), spoken, spoken_units)
            else:
                yield from _common(values, spoken, spoken_units)


def _unspoken(value: str, spoken: str, spoken_units: Sequence[str]) -> Iterator[str]:
    """The pieces of a value that no intent mentions; of one that is mentioned in part, the rest."""
    for piece in _PIECE.findall(value):
        bare = piece.strip(".:*?~+%!#")
        if _stands_in(bare, spoken):
            continue
        for unit in spoken_units:
            bare = re.sub(
                rf"(?<![A-Za-z0-9]){re.escape(unit)}(?![A-Za-z0-9])", "\n", bare, flags=re.IGNORECASE
            )
        parts = re.split(r"([-_.:+%\n]+)", bare)
        told = [len(part) > 2 and part not in _VOCABULARY and _stands_in(part, spoken) for part in parts]
        rest = "".join("\n" if is_told else part for part, is_told in zip(parts, told, strict=True))
        yield from (part.strip("-_.:+%") for part in rest.split("\n") if part.strip("-_.:+%"))


def _common(values: set[str], spoken: str, spoken_units: Sequence[str]) -> Iterator[str]:
    pieces = [set(_PIECE.findall(value)) for value in values]
    for piece in set.intersection(*pieces):
        yield from _unspoken(piece, spoken, spoken_units)


def _stands_in(piece: str, text: str) -> bool:
    """Whether `piece` stands in `text` as a whole word or a whole value, not as part of a longer name."""
    piece, text = piece.lower(), text.lower()
    position = text.find(piece)
    while position >= 0:
        before, after = text[position - 1 : position], text[position + len(piece) : position + len(piece) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        position = text.find(piece, position + 1)
    return False


def candidates_for(value: Loose, intent: str, text: str) -> list[str]:
    """The values of the intent that could stand in place of `value`: those of its kind without a place in `text`."""
    return [
        unit.value
        for unit in literals(intent)
        if unit.kind is value.kind and not _stands_in(unit.value, text) and not unit.value.isspace()
    ]
