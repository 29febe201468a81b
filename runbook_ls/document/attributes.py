"""What stands after the opening fence: the language and the attributes of a cell.

Every syntax of the field is read as it is meant: Runme's `{name=foo}` and JSON, quoted values, YAML-like
`{name: foo}`, Pandoc's `{.sh #id}`, MyST's `{code-block} sh`, Quarto's `{bash}`, the `title="x"` and `{1,3-5}` of
Docusaurus. What other readers would silently read otherwise, or nobody could be sure of, is a flaw.

Positions are 0-based code points in the info string, which is the raw text after the fence's marker.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from runbook_ls.document.attribute_writing import write_attributes

_LANGUAGE = re.compile(r"[^\s{,]*")
_DIRECTIVE = re.compile(r"\{([a-zA-Z][\w:+-]*)\}[ \t]*(\S*)")
_CODE_DIRECTIVES = frozenset({"code", "code-block", "code-cell", "sourcecode"})
_ENGINES = frozenset(
    {"bash", "sh", "zsh", "fish", "python", "r", "julia", "node", "ruby", "perl", "sql", "js"}
)
_MYST_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*)|)$")
_BETWEEN_MEMBERS = re.compile(r"[ \t\n\r,:]*")
_DECODER = json.JSONDecoder()
_HIGHLIGHTED_LINES = re.compile(r"\{[\d,\s-]*\d[\d,\s-]*\}")
_BARE_PAIR = re.compile(r"""[\w.:-]+=(?:"[^"]*"|'[^']*'|[^\s"'{}]+)""")
_QUOTES = ("'", '"')
_OTHER_WORD = re.compile(r"[^\s{]+|\s+|\{")
_ITEM = re.compile(
    r"""
    \.(?P<class>[\w+-]+)
    | \#(?P<id>[^\s}]+)
    | (?P<key> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?:[^\s=:,"'{}]|:(?=\S))+ )
      (?:
        (?P<equals> [ \t]*=[ \t]* | [ \t]*:[ \t]+ | [ \t]*:(?=["']) | :(?=\}|$) )
        (?P<value> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | [^\s"'}][^\s}]* | ["'][^\s"'}]* | )
      )?
    """,
    re.VERBOSE,
)


Style = Literal["none", "bare", "words", "json", "pandoc", "myst"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute and its place in the info string."""

    key: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why an attribute block is not read alike by everyone, where, and how to write it instead.

    `certain` is False if even the reading here is a guess.
    """

    reason: str
    start: int
    end: int
    replacement: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Info:
    """An info string, read.

    `language` is in lower case; `directive` is MyST's `note` in `{note}`, whose content is no code. `style` says
    how the attributes are written; `block` where the braces stand.
    """

    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    directive: str = ""
    style: Style = "none"
    block: tuple[int, int] | None = None
    items: tuple[Attribute, ...] = ()
    flaw: Flaw | None = None


@lru_cache(maxsize=4096)
def read_info(info: str) -> Info:
    """The language and the attributes of an info string. Never raises."""
    start = len(info) - len(info.lstrip())
    if directive := _DIRECTIVE.match(info, start):
        word, argument = directive[1].lower(), directive[2]
        if word in _CODE_DIRECTIVES:
            return Info(argument.lower(), style="myst")
        if word in _ENGINES:
            return _read_attributes(info, directive.end(1) + 1, word)
        if argument or ":" in word or word in _MYST_BLOCKS:
            return Info(directive=word)
    match = _LANGUAGE.match(info, start)
    word = match[0] if match else ""
    after = start + len(word)
    language = _unescape(word).lower()
    if not info[after:].strip():
        return Info(language)
    return _read_attributes(info, after, language)


_MYST_BLOCKS = frozenset(
    """
    admonition attention caution danger error hint important note tip warning seealso todo dropdown card grid
    tab-set tab-item figure image table list-table csv-table math mermaid toctree include literalinclude glossary
    """.split()
)


def _read_attributes(info: str, after: int, language: str) -> Info:
    bare: list[Attribute] = []
    inside: list[Attribute] = []
    block: tuple[int, int] | None = None
    style: Style = "none"
    reason, certain = "", True
    position = after
    while position < len(info):
        if info[position] == "{" and (highlight := _HIGHLIGHTED_LINES.match(info, position)):
            position = highlight.end()
        elif info[position] == "{" and block is None:
            found = _read_json(info, position)
            if found is not None:
                style, (inside, end, reason) = "json", found
            else:
                inside, end, reason, certain, pandoc = _read_words(info, position + 1)
                style = "pandoc" if pandoc else "words"
            block = (position, end)
            position = end
        elif pair := _BARE_PAIR.match(info, position):
            key, _, value = pair[0].partition("=")
            bare.append(Attribute(key, _unquote(value), position, pair.end()))
            position = pair.end()
        else:
            word = _OTHER_WORD.match(info, position)
            position = word.end() if word else len(info)
    items = (*bare, *inside)
    attributes = {item.key: item.value for item in items}
    if style == "pandoc":
        classes = attributes.get("class", "").split()
        if not language and classes:
            language = classes.pop(0).lower()
        if classes:
            attributes["class"] = " ".join(classes)
        else:
            attributes.pop("class", None)
        return Info(language, attributes, "", style, block, items)
    if block is None:
        return Info(language, attributes, "", "bare" if bare else "none", None, items)
    return Info(
        language,
        attributes,
        "",
        style,
        block,
        items,
        _flaw(info, attributes, block, reason, certain, after_word=bool(language), inside=tuple(inside)),
    )


def _flaw(
    info: str,
    attributes: Mapping[str, str],
    block: tuple[int, int],
    reason: str,
    certain: bool,
    *,
    after_word: bool,
    inside: tuple[Attribute, ...],
) -> Flaw | None:
    start, end = block
    glued = after_word and start > 0 and not info[start - 1].isspace()
    if not reason and any("}" in item.value for item in inside):
        reason = "a reader that stops at the first } loses what follows"
    if not reason and glued:
        reason = "without a blank before {, the braces are read as part of the language"
    if not reason:
        return None
    mine = {item.key: attributes[item.key] for item in inside}
    return Flaw(reason, start, end, (" " if glued else "") + write_attributes(mine), certain)


def _read_json(info: str, start: int) -> tuple[list[Attribute], int, str] | None:
    """A JSON object at `start`: its items, the end, and what is odd about it; None if it is not JSON."""
    try:
        _, end = _DECODER.raw_decode(info, start)
        items = [
            Attribute(_as_text(key), _as_text(value), *place) for key, value, *place in _members(info, start)
        ]
    except (ValueError, RecursionError):
        return None
    keys = [item.key for item in items]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    return items, end, f"{twice} is given twice" if twice is not None else ""


def _members(text: str, start: int) -> Iterator[tuple[str, object, int, int]]:
    """The members of the valid JSON object at `start`: key, value, where the member begins and ends."""
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, end = _DECODER.raw_decode(text, position)
        value, end = _DECODER.raw_decode(text, _skip(text, end))
        yield key, value, position, end
        position = _skip(text, end)


def _skip(text: str, position: int) -> int:
    match = _BETWEEN_MEMBERS.match(text, position)
    return match.end() if match else position


def _read_words(info: str, start: int) -> tuple[list[Attribute], int, str, bool, bool]:
    """`key=value` words up to the closing brace: items, the end, what is odd, whether it is certain, Pandoc's."""
    items: list[Attribute] = []
    reasons: list[str] = []
    certain, pandoc = True, False
    position, limit = start, len(info.rstrip())
    while position < limit and info[position] != "}":
        character = info[position]
        item = None if character.isspace() else _ITEM.match(info, position)
        if item is None or item.end() == position:
            if character == ",":
                reasons.append("commas are kept as part of the values")
            elif not character.isspace():
                reasons.append(f"it is not clear what {character} means here")
                certain = False
            position += 1
            continue
        position = item.end()
        if item["class"] or item["id"]:
            pandoc = True
            items.append(_pandoc_item(item, items))
            continue
        value = item["value"] or ""
        if value[:1] in _QUOTES and (len(value) == 1 or value[-1] != value[0]):
            reasons.append("a quotation mark is never closed")
            certain = False
            value = value[1:]
        if value.endswith(",") and value[0] not in _QUOTES:
            reasons.append("commas are kept as part of the values")
            value = value.rstrip(",")
        if value[:1] in _QUOTES or item["key"][0] in _QUOTES:
            reasons.append("quotes are kept as part of the values")
        elif item["equals"] and ":" in item["equals"]:
            reasons.append("key: value is not understood")
        elif item["equals"] and item["equals"] != "=":
            reasons.append("blanks around = are not understood")
        key = _unquote(item["key"])
        if any(other.key == key for other in items):
            reasons.append(f"{key} is given twice")
        items.append(Attribute(key, _unquote(value), item.start(), position))
    if position < limit:
        position += 1
    else:
        reasons.insert(0, "the closing } is missing")
        certain = False
    return items, position, reasons[0] if reasons else "", certain, pandoc


def _pandoc_item(item: re.Match[str], before: list[Attribute]) -> Attribute:
    if item["id"]:
        return Attribute("id", item["id"], item.start(), item.end())
    earlier = next((other.value for other in reversed(before) if other.key == "class"), "")
    return Attribute("class", f"{earlier} {item['class']}".strip(), item.start(), item.end())


def read_myst_options(lines: Sequence[str]) -> dict[str, str]:
    """The `:key: value` lines at the top of a MyST code directive's body, one attribute a line."""
    options: dict[str, str] = {}
    for line in lines:
        option = _MYST_OPTION.match(line)
        if option is None or option[1] in options:
            break
        options[option[1]] = (option[2] or "").strip()
    return options


def _unquote(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in _QUOTES:
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


def _as_text(value: object) -> str:
    """Runme's rule: what is not text becomes its JSON. Half a surrogate pair is no character."""
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def _unescape(word: str) -> str:
    if "\\" not in word and "&" not in word:
        return word
    from markdown_it.common.utils import unescapeAll

    return unescapeAll(word)
