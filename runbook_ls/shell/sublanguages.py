"""Programs that are given a text in a language of their own: SQL clients (`sql.py`), find, sed, awk, curl. Pure.

Each reader gets the command's name, its words, the literal text on its standard input (None if unknown), and whether
anything is fed to it at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from runbook_ls.shell import sql
from runbook_ls.shell.options import doubtful, find_option, skip_options, table
from runbook_ls.shell.syntax_words import Word
from runbook_ls.shell.verdict import Risk, Verdict

# find's tests and harmless actions; those with `=` take a word.
FIND = """
    -name= -iname= -path= -ipath= -wholename= -iwholename= -regex= -iregex= -regextype= -lname= -ilname= -type= -xtype=
    -size= -empty -mtime= -mmin= -atime= -amin= -ctime= -cmin= -newer= -anewer= -cnewer= -newermt= -newerct= -newerat=
    -perm= -user= -group= -uid= -gid= -nouser -nogroup -readable -writable -executable -links= -inum= -samefile= -fstype=
    -maxdepth= -mindepth= -depth -d -mount -xdev -follow -L -H -P -daystart -true -false -used= -noleaf -ignore_readdir_race
    -noignore_readdir_race -warn -nowarn -print -print0 -printf= -ls -prune -quit -not -a -and -o -or -E -X -s -x
"""

# sed and awk

# BSD's sed does not end an expression within brackets: there may be no delimiter in them.
_SED_REGEX = r"/(?:[^/\\\n\[]|\\.|\[(?:\^\]|\]|\^(?!\])|(?![\^\]]))(?:[^\]/\\\n]|\\[^\]\n])*\])*/I?"
_SED_ADDRESS = rf"(?:\d+|\$|{_SED_REGEX})(?:,(?:\+?\d+|\$|{_SED_REGEX}))?"
_SED_BRACKETS = r"\[(?:\^\]|\]|\^(?!\])|(?![\^\]]))(?:(?!(?P=d))[^\]\\\n]|\\[^\]\n])*\]"
_SED_COMMAND = (
    rf"\s*(?:{_SED_ADDRESS})?\s*!?\s*(?:[pdq=]|s(?P<d>[/|#,:@!_])(?:(?!(?P=d))[^\\\n\[]|\\.|{_SED_BRACKETS})*(?P=d)"
    r"(?:(?!(?P=d))[^\\\n]|\\.)*(?P=d)[gpIi0-9]*)\s*"
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
        elif re.fullmatch(
            r"-[nErsuz]+|--(?:quiet|silent|regexp-extended|posix|separate|unbuffered|null-data|debug)", text
        ):
            at += 1
        elif text.startswith("-") and len(text) > 1:
            changes = find_option([words[at]], "-i --in-place -I")
            return Verdict(
                Risk.CHANGING if changes else Risk.UNKNOWN, f"`{name} {words[at].raw}` is more than reading"
            )
        else:
            break
    if not scripts and at < len(words):
        scripts.append(words[at])
    if any(find_option([w], "-i --in-place -I") for w in words[at + 1 :]):
        return Verdict(Risk.CHANGING, f"`{name} -i` writes files")
    if doubtful(words[at + 1 :]) or any(
        (w.prefix.startswith("-") and len(w.prefix) > 1) for w in words[at + 1 :]
    ):
        return Verdict(Risk.UNKNOWN, f"`{name}` may get further options")
    for script in scripts:
        if script.value is None or not all(
            re.fullmatch(_SED_COMMAND, part) for part in re.split(r"[;\n]", script.value) if part
        ):
            return Verdict(Risk.UNKNOWN, f"the `{name}` script is not one I can read")
    return Verdict(Risk.READ_ONLY, f"`{name}` prints")


_AWK_DANGER = r"\bsystem\b|getline|\bclose\b|(?<!\|)\|(?!\|)|\bprint(?:f)?\b[^;}\n]*>|@|ENVIRON|\bfflush"
_AWK_STRING = r'"(?:[^"\\\n]|\\.)*"'


def _writes(program: str) -> bool:
    """True if a `print` of the awk program may have a `>` behind it.

    Strings are taken out first, for what seems to end a statement may stand in one. Where a quote may be part of an
    expression or a comment, no string is sure: then every `>` behind a `print` counts.
    """
    bare = re.sub(_AWK_STRING, '""', program)
    if not any(mark in bare for mark in "/#\\"):
        return re.search(_AWK_DANGER, bare) is not None
    first = re.search(r"\bprintf?\b", program)
    return first is not None and '"' in program and ">" in program[first.end() :]


def _awk(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    at, sure = skip_options(words, "-F= -v= --field-separator= --assign= --posix --traditional", 1)
    if not sure or at >= len(words):
        return Verdict(Risk.UNKNOWN, f"what `{name}` runs cannot be told")
    program = words[at]
    if program.value is None or re.search(_AWK_DANGER, program.value) or _writes(program.value):
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


# A web address, or one without a scheme; curl expands braces in a scheme too.
_WEB = r"(?:https?|ftps?|file):|(?!\w*[\[{])(?!\w+:/)"


def _curl(name: str, words: Sequence[Word], given: str | None, fed: bool) -> Verdict:
    methods = [m for i, w in enumerate(words) for m in _method(w, words[i + 1 : i + 2])]
    if any(method.upper() == "DELETE" for method in methods):
        return Verdict(Risk.DESTRUCTIVE, f"`{name}` sends DELETE")
    if find_option(
        words[1:],
        "-d -F -T --data --data-raw --data-binary --data-urlencode --form --upload-file --json --mail-from",
    ):
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
            nowhere = {"/dev/null", "-"} & {value, re.sub(r"-\w+?(?=/)|--output=", "", text)}
            if "%output" in value or "%output" in text or (writes and not nowhere):
                return Verdict(Risk.CHANGING, f"`{name} {text}` writes a file")
            if value.startswith("@") or "@" in text[2:3]:
                return Verdict(Risk.UNKNOWN, f"`{name}` sends a file")
            if text == "--url" and not re.match(_WEB, value, re.IGNORECASE):
                return Verdict(Risk.UNKNOWN, f"`{name} {text} {value}` speaks another protocol")
            at = max(at, start + (2 if known.get(text) else 1))
        elif not re.match(_WEB, text, re.IGNORECASE):
            return Verdict(Risk.UNKNOWN, f"`{name} {text}` speaks another protocol")
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
    **sql.CLIENTS,
    "sed": _sed,
    "gsed": _sed,
    "awk": _awk,
    "gawk": _awk,
    "mawk": _awk,
    "nawk": _awk,
    "curl": _curl,
}
