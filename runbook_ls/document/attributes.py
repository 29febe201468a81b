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
from functools import lru_cache
from typing import Literal, NamedTuple

_LANGUAGE = re.compile(r"[^\s{,]*")
_DIRECTIVE = re.compile(r"\{([a-zA-Z][\w:+-]*)\}(?:\s+(\S*)|$)")
_CODE_DIRECTIVES = frozenset({"code", "code-block", "code-cell", "sourcecode"})
_TEXT_DIRECTIVES = frozenset(
    """
    admonition attention caution danger error hint important note tip warning seealso todo dropdown card grid
    tab-set tab-item figure image table list-table csv-table math mermaid toctree include literalinclude glossary
    """.split()
)
_ENGINES = frozenset("bash sh zsh fish python r julia node ruby perl sql js".split())  # Quarto's `{bash}`

# Each pattern takes time in proportion to the string, whatever is in it.
_HIGHLIGHTED_LINES = re.compile(r"\{[,\s-]*\d[\d,\s-]*\}")
_BARE_PAIR = re.compile(r"""[\w.:-]+=(?:"[^"]*"|'[^']*'|[^\s"'{}]+)""")
_OTHER_WORD = re.compile(r"[^\s{]+|\s+|\{")
_QUOTES = ("'", '"')
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
_MYST_OPTION = re.compile(r":([\w-]+):(?:[ \t]+(.*)|)$")
_BETWEEN_MEMBERS = re.compile(r"[ \t\n\r,:]*")
_DECODER = json.JSONDecoder()

_NO_ATTRIBUTES: Mapping[str, str] = {}

Style = Literal["none", "bare", "words", "json", "pandoc", "myst"]


class Attribute(NamedTuple):
    """One attribute and its place in the info string."""

    key: str
    value: str
    start: int
    end: int


class Flaw(NamedTuple):
    """Why an attribute block is not read alike by everyone, where, and how to write it instead.

    `certain` is False if even the reading here is a guess.
    """

    reason: str
    start: int
    end: int
    replacement: str
    certain: bool = True


class Info(NamedTuple):
    """An info string, read.

    `language` is in lower case; `directive` is MyST's `note` in `{note}`, whose content is no code. `style` says
    how the attributes are written; `block` where the braces stand.
    """

    language: str = ""
    attributes: Mapping[str, str] = _NO_ATTRIBUTES
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
        word, argument = directive[1].lower(), directive[2] or ""
        if word in _CODE_DIRECTIVES:
            return Info(argument.lower(), style="myst")
        if word in _ENGINES:
            return _read_attributes(info, directive.end(1) + 1, word)
        if argument or ":" in word or word in _TEXT_DIRECTIVES:
            return Info(directive=word)
    match = _LANGUAGE.match(info, start)
    word = match[0] if match else ""
    language = _unescape(word).lower()
    if not info[start + len(word) :].strip():
        return Info(language)
    return _read_attributes(info, start + len(word), language)


def _read_attributes(info: str, position: int, language: str) -> Info:
    """What follows the language: the first block in braces, and `key=value` words around it."""
    bare: list[Attribute] = []
    braces: _Braces | None = None
    while position < len(info):
        if info[position] == "{" and (highlight := _HIGHLIGHTED_LINES.match(info, position)):
            position = highlight.end()
        elif info[position] == "{" and braces is None:
            braces = _read_json(info, position) or _read_words(info, position)
            position = braces.end
        elif pair := _BARE_PAIR.match(info, position):
            key, _, value = pair[0].partition("=")
            bare.append(Attribute(key, _unquote(value), position, pair.end()))
            position = pair.end()
        else:
            word = _OTHER_WORD.match(info, position)
            position = word.end() if word else len(info)
    if braces is None:
        attributes = {item.key: item.value for item in bare}
        return Info(language, attributes, style="bare" if bare else "none", items=tuple(bare))
    items = (*bare, *braces.items)
    attributes = {item.key: item.value for item in items}
    block = (braces.start, braces.end)
    if braces.style == "pandoc":
        classes = attributes.pop("class", "").split()
        if not language and classes:
            language = classes.pop(0).lower()
        if classes:
            attributes["class"] = " ".join(classes)
        return Info(language, attributes, style="pandoc", block=block, items=items)
    flaw = _flaw(info, braces, after_word=bool(language))
    return Info(language, attributes, style=braces.style, block=block, items=items, flaw=flaw)


class _Braces(NamedTuple):
    """An attribute block: where it stands, what is in it, the first thing that is odd about it ("" if nothing),
    and whether there is no doubt how to read it."""

    style: Style
    start: int
    end: int
    items: tuple[Attribute, ...]
    reason: str = ""
    certain: bool = True


def _flaw(info: str, braces: _Braces, *, after_word: bool) -> Flaw | None:
    glued = after_word and braces.start > 0 and not info[braces.start - 1].isspace()
    reason = braces.reason
    if not reason and "}" in info[braces.start : braces.end - 1]:
        reason = "a reader that stops at the first } loses what follows"
    if not reason and glued:
        reason = "without a blank before {, the braces are read as part of the language"
    if not reason:
        return None
    from runbook_ls.document.attribute_writing import write_attributes

    text = write_attributes({item.key: item.value for item in braces.items})
    return Flaw(reason, braces.start, braces.end, " " + text if glued else text, braces.certain)


def _read_json(info: str, start: int) -> _Braces | None:
    """The JSON object at `start`; None if there is none."""
    try:
        _, end = _DECODER.raw_decode(info, start)
        items = tuple(
            Attribute(_as_text(key), _as_text(value), *place) for key, value, *place in _members(info, start)
        )
    except (ValueError, RecursionError):
        return None
    return _Braces("json", start, end, items, _given_twice(items))


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


def _given_twice(items: Sequence[Attribute]) -> str:
    seen: set[str] = set()
    for item in items:
        if item.key in seen:
            return f"{item.key} is given twice"
        seen.add(item.key)
    return ""


def _read_words(info: str, start: int) -> _Braces:
    """The `key=value` words from the brace at `start` to the closing one, or to the end."""
    items: list[Attribute] = []
    classes: list[str] = []
    oddities: list[str] = []
    doubts: list[str] = []
    pandoc = False
    position, limit = start + 1, len(info.rstrip())
    while position < limit and info[position] != "}":
        character = info[position]
        item = None if character.isspace() else _ITEM.match(info, position)
        if item is None or item.end() == position:
            if character == ",":
                oddities.append("commas are kept as part of the values")
            elif not character.isspace():
                doubts.append(f"it is not clear what {character} means here")
            position += 1
            continue
        position = item.end()
        if item["id"]:
            pandoc = True
            items.append(Attribute("id", item["id"], item.start(), position))
        elif item["class"]:
            pandoc = True
            classes.append(item["class"])
            items.append(Attribute("class", " ".join(classes), item.start(), position))
        else:
            value, oddity, doubt = _read_value(item)
            items.append(Attribute(_unquote(item["key"]), value, item.start(), position))
            oddities += [oddity] if oddity else []
            doubts += [doubt] if doubt else []
    if position == limit:
        doubts.insert(0, "the closing } is missing")
    reasons = (*doubts, *oddities, _given_twice(items))
    style: Style = "pandoc" if pandoc else "words"
    return _Braces(style, start, min(position + 1, limit), tuple(items), reasons[0], certain=not doubts)


def _read_value(item: re.Match[str]) -> tuple[str, str, str]:
    """The value of a `key=value` word; what other readers make of it, if not the same; why it is a guess."""
    value, equals = item["value"] or "", item["equals"] or "="
    if value[:1] in _QUOTES and (len(value) == 1 or value[-1] != value[0]):
        return value[1:], "", "a quotation mark is never closed"
    if value[:1] in _QUOTES or item["key"][0] in _QUOTES:
        return _unquote(value.rstrip(",")), "quotes are kept as part of the values", ""
    if value.endswith(","):
        return value.rstrip(","), "commas are kept as part of the values", ""
    if ":" in equals:
        return value, "key: value is not understood", ""
    return value, "" if equals == "=" else "blanks around = are not understood", ""


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
