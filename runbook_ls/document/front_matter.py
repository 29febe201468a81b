"""The front matter of a runbook: YAML between `---`, TOML between `+++`, or a JSON object, at the top.

YAML that is plainly sound is read when somebody looks into it. What is broken becomes a problem, never a failure: the
rest of the file still parses. Comments, blank lines and template lines may stand before it; a value that a template
fills in is not known here and is left out.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any, Literal, NamedTuple

from runbook_ls.document.lines import BOM, LINE_END, count_line_ends
from runbook_ls.document.plain_yaml import is_plain_mapping
from runbook_ls.document.problems import broken_front_matter
from runbook_ls.values import Problem

_OPENER = re.compile(r"(---|\+\+\+)[ \t]*$")
_CLOSERS = {
    "---": re.compile(r"(?:\r\n|\r|\n)(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)"),
    "+++": re.compile(r"(?:\r\n|\r|\n)\+\+\+[ \t]*(?=[\r\n]|\Z)"),
}
_FIRST_KEY = re.compile(r"[\"']?[\w.-]+[\"']?[ \t]*[:=]|[{\[]")
_COMMENT_LINE = re.compile(r"[ \t]*<!--")
_TEMPLATE_LINE = re.compile(r"[ \t]*(?:\{\{|\{%|\{#|--8<--)")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}|\{%[^%]*%\}")
_LONE_TEMPLATE = re.compile(r"^[ \t]*(?:\{\{[^\n]*\}\}|\{%[^\n]*%\})[ \t]*$", re.MULTILINE)
_FILLED_IN = "8200019"


class FrontMatter(NamedTuple):
    """What stands between the markers at the top. `data` is {} where it is broken (a problem then says so).

    `end_line` is the 0-based line after the closing marker.
    """

    format: Literal["yaml", "toml", "json"]
    data: Mapping[str, object]
    end_line: int


class _Unread(Mapping[str, object]):
    """What sound YAML holds, read when somebody looks into it."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _data(self) -> Mapping[str, object]:
        return _load("yaml", self._text)[0] or {}

    def __getitem__(self, key: str) -> object:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


class Head(NamedTuple):
    """The top of a text: the front matter with its size in code points (0 if there is none) and its problems.

    `lines` says how many lines decide on all this; None: possibly all of them.
    """

    front_matter: FrontMatter | None
    problems: tuple[Problem, ...]
    size: int
    lines: int | None


def read_head(text: str) -> Head:
    """The front matter of `text`, and what is wrong with it. Reads no more of the text than it must."""
    if text.startswith("#"):
        return Head(None, (), 0, 1)  # a heading, as most begin
    start = len(BOM) if text.startswith(BOM) else 0
    if text.startswith("{", start) and not _TEMPLATE_LINE.match(text, start):
        return _json_object(text, start)
    line = 0
    while start < len(text):
        ending = LINE_END.search(text, start)
        end = ending.start() if ending else len(text)
        content = text[start:end]
        if opener := _OPENER.match(content):
            return _between_markers(text, start, line, opener[1])
        next_start = ending.end() if ending else len(text)
        if _COMMENT_LINE.match(content):
            close = text.find("-->", start)
            if close < 0:
                return Head(None, (), 0, None)
            ending = LINE_END.search(text, close)
            next_start = ending.end() if ending else len(text)
        elif content.strip(" \t") and not _TEMPLATE_LINE.match(content):
            return Head(None, (), 0, line + 1)
        line += count_line_ends(text[start:next_start])
        start = next_start
    return Head(None, (), 0, None)


def _between_markers(text: str, start: int, line: int, marker: str) -> Head:
    """The front matter whose opening marker is at `start`, on the 0-based `line`."""
    ending = LINE_END.search(text, start)
    closer = _CLOSERS[marker].search(text, ending.start()) if ending else None
    content_start = ending.end() if ending else len(text)
    if closer is None:
        # A lone `---` is a thematic break, unless what follows is meant as a key.
        if line or not re.compile(r"[\w.-]+[ \t]*[:=]").match(text, content_start):
            return Head(None, (), 0, None)
        message = f"The front matter is never closed: add a line {marker} after it."
        return Head(None, (broken_front_matter(message, line, len(marker)),), 0, None)
    content = text[content_start : max(content_start, closer.start())]
    end_line = line + count_line_ends(text[start : closer.end()]) + 1
    after = LINE_END.match(text, closer.end())
    size = after.end() if after else len(text)
    plain = LINE_END.sub("\n", content) if "\r" in content else content
    format_: Literal["yaml", "toml"] = "yaml" if marker == "---" else "toml"
    if format_ == "yaml" and is_plain_mapping(_filled_in(plain)):
        return Head(FrontMatter("yaml", _Unread(plain), end_line), (), size, end_line)
    data, message, error_line = _load(format_, plain)
    if data is None and format_ == "yaml" and (toml := _load("toml", plain)[0]) is not None:
        format_, data = "toml", toml  # Runme reads TOML between the markers of YAML
    if data is not None:
        return Head(FrontMatter(format_, data, end_line), (), size, end_line)
    if line or not _FIRST_KEY.match(content):
        return Head(None, (), 0, end_line)  # two thematic breaks with prose between them
    error_line = min(error_line, plain.count("\n"))
    problem = broken_front_matter(message, line + 1 + error_line, len(plain.split("\n")[error_line]))
    return Head(FrontMatter(format_, {}, end_line), (problem,), size, end_line)


def _json_object(text: str, start: int) -> Head:
    try:
        value, end = json.JSONDecoder().raw_decode(text, start)
    except json.JSONDecodeError as error:
        if not re.compile(r"\{\s*\"").match(text, start):
            return Head(None, (), 0, None)
        line = count_line_ends(text[: error.pos])
        message = f"The JSON front matter is broken: {error.msg}."
        return Head(None, (broken_front_matter(message, line, 1),), 0, None)
    except (ValueError, RecursionError):
        return Head(None, (), 0, None)
    ending = LINE_END.search(text, end)
    if text[end : ending.start() if ending else len(text)].strip():
        return Head(None, (), 0, None)
    end_line = count_line_ends(text[:end]) + 1
    return Head(FrontMatter("json", value, end_line), (), ending.end() if ending else len(text), end_line)


def _load(format_: Literal["yaml", "toml"], text: str) -> tuple[Mapping[str, object] | None, str, int]:
    """The data; or None, a message, and the 0-based line (within `text`) where reading stopped."""
    load = _load_yaml if format_ == "yaml" else _load_toml
    data, message, line = load(text)
    if data is None and _TEMPLATE.search(text):
        known, message, line = load(_filled_in(text))
        if known is not None:
            data = {key: value for key, value in known.items() if _FILLED_IN not in f"{key} {value}"}
    return data, message, line


def _filled_in(text: str) -> str:
    """The text with something in the place of what a template fills in. As many lines as before, so that errors keep
    their place."""
    if _TEMPLATE.search(text) is None:
        return text
    lines = _LONE_TEMPLATE.sub("", text)
    return _TEMPLATE.sub(lambda match: _FILLED_IN + "\n" * match[0].count("\n"), lines)


def _load_yaml(text: str) -> tuple[Mapping[str, object] | None, str, int]:
    import yaml

    try:
        value = _safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or "it cannot be read"
        return None, f"The YAML front matter is broken: {what}.", mark.line if mark else 0
    except Exception as error:  # the constructors of dates and numbers raise ValueError, RecursionError, …
        return None, f"The YAML front matter is broken: {error}.", 0
    if value is None:
        return {}, "", 0
    if not _is_modest(value):
        return None, "The YAML front matter is too deep, or its aliases make too much of it.", 0
    if not isinstance(value, dict):
        return None, "The front matter is not a list of keys and values.", 0
    return {str(key): item for key, item in value.items()}, "", 0


def _safe_load(text: str) -> object:
    """As `yaml.safe_load`, with PyYAML's parser in C where it was built: it takes a tenth of the time. What is broken
    is read again by the one in Python, so that it is told alike everywhere."""
    import yaml

    if yaml.__with_libyaml__ and not _may_be_deep(text):
        with contextlib.suppress(Exception):
            return _loader(yaml.CSafeLoader)(text).get_single_data()
    return _loader(yaml.SafeLoader)(text).get_single_data()


@cache
def _loader(base: type[Any]) -> type[Any]:
    """A safe loader that stops where `<<: [*a, *a]` of what is made so itself doubles with every line."""
    from yaml import MappingNode
    from yaml.constructor import ConstructorError

    class Loader(base):  # type: ignore[misc]
        def flatten_mapping(self, node: MappingNode) -> None:
            super().flatten_mapping(node)
            if len(node.value) > _MOST_VALUES:
                raise ConstructorError(None, None, "its aliases make too much of it", node.start_mark)

    return Loader


_DEEPEST = 100


def _may_be_deep(text: str) -> bool:
    """The parser in C calls itself for each level and ends the process where the stack does; that in Python raises an
    error. A level needs a bracket, a column, or a `-` or `?` of its own on a line."""
    return text.count("[") + text.count("{") + max(map(len, text.split("\n"))) > 2 * _DEEPEST


_MOST_VALUES = 10_000


def _is_modest(value: object) -> bool:
    """False for what is deeper than anybody writes, for what contains itself, and where aliases of aliases make
    millions of values of a few lines."""
    left = _MOST_VALUES
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        left -= 1
        if left < 0 or depth > _DEEPEST:
            return False
        if isinstance(one, dict):
            waiting += [(part, depth + 1) for pair in one.items() for part in pair]
        elif isinstance(one, list | tuple | set):
            waiting += [(part, depth + 1) for part in one]
    return True


def _load_toml(text: str) -> tuple[Mapping[str, object] | None, str, int]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text + "\n"), "", 0
    except (ValueError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        return None, f"The TOML front matter is broken: {error}.", int(line[1]) - 1 if line else 0
