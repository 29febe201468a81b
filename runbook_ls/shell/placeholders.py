"""Words that stand for a value the reader must fill in: `<namespace>`, `YOUR_PROJECT`, `my-cluster`.

Shapes are matched whole, never as prefixes: "Anyscale" is not `any`, and `my-project-7f3a` is a real name. A value
that stands in the user's own text may be meant as it is; whoever knows that text decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from runbook_ls.shell.quoting import Region, quoting_at, regions
from runbook_ls.shell.wordlists import has_any, lower

Kind = Literal["redirect", "angle", "word"]


class Placeholder(NamedTuple):
    """`text[start:end]` (code points) is to be filled in.

    `redirect`: angle brackets that the shell reads as redirections. `angle`: angle brackets in quotes or in a
    here-document, which reach the program as they are. `word`: a plain word such as `YOUR_PROJECT`.
    """

    start: int
    end: int
    text: str
    kind: Kind


def find(text: str, cut: Callable[[], tuple[Region, ...]] | None = None) -> tuple[Placeholder, ...]:
    """The placeholders of a shell text, in order, comments passed over. `cut` gives its regions, from who keeps them.

    Not placeholders: real redirections (`< file`, `<<EOF`, `<(cmd)`, `<in.txt sort`), markup (`<b>`,
    `</name>`, `<a href=…>`), e-mail addresses and regular expressions (`(?<name>`, `\\<word\\>`) in quotes,
    names of variables (`$YOUR_X`, `YOUR_X=…`), templates of mktemp.
    """
    angles = list(re.finditer(_ANGLE, text)) if "<" in text else []
    words = list(_words(text))
    if not angles and not words:
        return ()
    parts = cut() if cut else regions(text)
    found = [placeholder for match in angles if (placeholder := _angle(text, match, parts))]
    taken = {offset for one in found for offset in range(one.start, one.end)}
    found += [
        Placeholder(match.start(), match.end(), match[0], "word")
        for match in words
        if match.start() not in taken and _stands_for_a_value(text, match, parts)
    ]
    return tuple(sorted(found, key=lambda placeholder: placeholder.start))


# What begins with a path, a variable or a blank is a real redirection; `<<` is a here-document. What may not stand before
# a bracket is looked at behind it, here and below: Python's engine skips to the brackets.
_ANGLE = r"<(?<![<\\?]<)([A-Za-z0-9_\[{*.][^<>\n\\`;&\"'$]{0,80}?)>(?![>(&])"
_INSIDE = r"\.{3}|[^\s|]+(?:(?: | ?\| ?)[^\s|-][^\s|]*){0,7}"
# What kubectl, Go and ip print in angle brackets.
_PRINTED = r"none|unknown|unset|nil|null|pending|invalid|no value|not set|[A-Z_-]+(?:,[A-Z_-]+)+"
_FILE_NAME = r"(?:\.\.?/.*|[\w-]+\.(?:conf|csv|gz|in|ini|json|log|md|out|sh|sql|tar|txt|xml|ya?ml))"
_EMAIL = r"[\w.+-]+@[\w-]+\.[\w.-]+"

# The HTML standard's elements, less those that are more often a placeholder than markup in a command
# (`<name>`, `<data>`, `<code>`, `<time>`, `<address>`, `<source>`, `<title>`, `<link>`, `<label>` …).
_HTML = frozenset(
    "a b body br button center dd div dl dt em font form h1 h2 h3 h4 h5 h6 hr head html i iframe img li main nav ol p pre "
    "q s script small span strong style sub sup svg table tbody td tfoot th thead tr u ul".split()
)


def _angle(text: str, match: re.Match[str], cut: tuple[Region, ...]) -> Placeholder | None:
    inside, start, end = match[1], match.start(), match.end()
    quoting = quoting_at(cut, start)
    if (
        quoting in ("comment", "arithmetic")
        or not re.fullmatch(_INSIDE, inside)
        or re.fullmatch(_PRINTED, inside)
    ):
        return None
    if quoting != "bare":
        return None if _is_markup(text, match) else Placeholder(start, end, match[0], "angle")
    before, after = text[start - 1 : start], text[end : end + 1]
    attached = after.isalnum() or after in ("_", "/", "~", ".", "$")
    if attached and ((before.isalnum() and after.isalnum()) or re.fullmatch(_FILE_NAME, inside)):
        return None  # `cat<in>out`, `sort <in.txt>out.txt`
    return Placeholder(start, end, match[0], "redirect")


def _is_markup(text: str, match: re.Match[str]) -> bool:
    inside = match[1]
    tag = inside.split(maxsplit=1)[0].rstrip("/")
    return (
        tag.lower() in _HTML
        or inside.endswith("/")
        or "=" in inside
        or re.fullmatch(_EMAIL, inside) is not None
        or f"</{tag}>" in text
        or text[: match.start()].rstrip(" ").endswith(("#include", "#import"))
        or (
            text[match.start() - 1 : match.start()] == "P"
            and text[match.start() - 2 : match.start() - 1] == "?"
        )
    )


# Sources: FEATURES (Octopus drops "my project" and "project_name"), Google's documentation style (`PROJECT_ID`),
# RFC 2606 (example.com).
_NOUNS = frozenset(
    """
    account api app application bucket cert certificate cluster container context customer database db deployment domain
    environment function group host hostname image instance key machine namespace network node org organisation
    organization password pod pool profile project region registry release repo repository resourcegroup resource-group
    resource_group role secret server service stack subnet subscription tenant token user username vm volume vpc
    workspace zone
    """.split()
)
_VALUES = (
    r"YOUR[-_][A-Z0-9_-]+|your[-_][a-z0-9_-]+|Your[A-Z]\w+",
    r"(?i:your)(?P<yours>(?i:resource[-_]group)|[A-Za-z]+)(?:\.(?:com|org|net|io))?",
    r"(?i:(?:change|replace)[-_]?(?:me|this)|fill[-_]?me[-_]?in|fixme|tbd)",
    r"(?i:replace[-_]with[-_][\w-]+|(?:insert|enter|put|add|paste)(?:[-_]\w+)+[-_]here)",
    r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_HERE",
    r"my[-_](?P<mine>resource[-_]group|[a-z]+)(?:[-_](?:id|name))?",
    r"(?:project|cluster|bucket|instance|account|user|db|database|service)_name|project_id",
    r"x{3,}(?:[-_.:]x+)*|X{3,}(?:[-_.:]X+)*|(?:[xX]{1,3}\.){3}[xX]{1,3}",
    r"(?:[\w-]+\.)*example\.(?:com|org|net)",
)
_NAME = r"(?P<my>MY_)?(?P<named>RESOURCE[-_]GROUP|[A-Z]+)(?:(?:_[A-Z]+)?_(?:NAME|ID)|(?(my)|(?!)))"


@cache
def _word_pattern() -> re.Pattern[str]:
    """Finds words that may stand for a value: those with a noun do if it is one of `_NOUNS`.

    A noun goes on to the end of its letters, whatever its word is, and no other word begins within such a one.
    Compiled when first needed: it takes longer than linting a small cell.
    """
    return re.compile(rf"(?<![\w.$}}-])(?:(?P<value>{'|'.join(_VALUES)})|{_NAME})(?![\w${{-]|\.\w)")


# Every such word holds one of these, and every word in brackets begins with one.
_HINT = has_any(
    "your changeme changethis change- change_ replaceme replacethis replace- replace_ fill fixme fix_me fix-me tbd -here "
    "_here my- my_ xxx x.x example. _name _id [ {".split()
)
_RUN = re.compile(r"[\w.:-]+")  # what the others consist of
_BRACKETED = re.compile(
    r"\[(?<![\w$\])}]\[)[A-Z][A-Z0-9]*(?:[_ -][A-Z0-9]+)*\](?!\])"
    r"|\{(?<![\w${]\{)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\}(?!\})"
)


def _words(text: str) -> Iterator[re.Match[str]]:
    """The words, looked for where there is a hint of one: the pattern for them is slow."""
    lowered = lower(text)
    reached = 0
    while match := _HINT.search(lowered, reached):
        hint = match.start()
        if text[hint] in "[{":
            bracketed = _BRACKETED.match(text, hint)
            if bracketed is not None:
                yield bracketed
            reached = bracketed.end() if bracketed else hint + 1
            continue
        for run in _RUN.finditer(text, max(reached, text.rfind("\n", 0, hint) + 1)):
            reached = run.end()
            if reached > hint:
                break
        # `$MY_NAME` and `${MY_NAME}` are names of variables; a word within a run stands behind a colon.
        if text.endswith(("$", "${"), 0, run.start()) and ":" not in run[0]:
            continue
        for word in _word_pattern().finditer(text, run.start(), reached + 1):  # it looks one further
            noun = word["yours"] or word["mine"] or word["named"]
            if noun is None or noun.lower() in _NOUNS:
                yield word


_CHARACTER_CLASS_OR_LOG_LEVEL = (
    r"\[(?:[A-Z0-9]-[A-Z0-9]|[A-Z0-9]{1,3}|INFO|WARN|WARNING|ERROR|DEBUG|FATAL|FAILED|DONE|PASS|SKIP|NOTE)\]"
)
_TAKES_NAMES = (
    r"(?:^|[\s;&|(])(?:export|unset|read|local|declare|readonly|printenv|envsubst|mktemp|-v)\b[^\n;&|]*$"
)
_READS_PATTERNS = r"\b(?:sed|[ef]?grep|awk|jq|yq|perl|tr)\b"
_NEAR = 1_000  # characters of its line before a word: a line of thousands is not read once for each


def _stands_for_a_value(text: str, match: re.Match[str], cut: tuple[Region, ...]) -> bool:
    word, start = match[0], match.start()
    quoting = quoting_at(cut, start)
    if quoting in ("comment", "arithmetic") or text.startswith("${", max(0, start - 2)):
        return False
    line = text[max(text.rfind("\n", 0, start) + 1, start - _NEAR) : start]
    if word.isidentifier() and _names_a_variable(text, match.end(), line):
        return False
    if word[0] in "[{":
        return (
            quoting != "heredoc"
            and not re.fullmatch(_CHARACTER_CLASS_OR_LOG_LEVEL, word)
            and not re.search(_READS_PATTERNS, line)
        )
    if match["value"]:
        return word[0] not in "xX" or not re.search(_READS_PATTERNS, line)
    # In quotes it is more often the name of a variable: `"lookup('env', 'PROJECT_ID')"`, `- name: PROJECT_ID`.
    return quoting == "bare" and not re.search(_READS_PATTERNS, line)


def _names_a_variable(text: str, end: int, line: str) -> bool:
    """`PROJECT_ID=…`, `export PROJECT_ID`, `read YOUR_NAME`; `line` is what stands before it."""
    if text.startswith("=", end) and (not line or line[-1] in " \t;&|("):
        return True
    return not line.rstrip("\"'").endswith("=") and re.search(_TAKES_NAMES, line) is not None
