"""What one shell word becomes, read from its syntax nodes: quotes taken off, expansions recognised. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from runbook_ls.values import Span

if TYPE_CHECKING:
    from tree_sitter import Node


class Word(NamedTuple):
    """One word as it is written (`raw`) and, where expansion cannot change it, as a program gets it (`value`).

    `value` is None for a word that has expansions, globs, braces or a tilde. `prefix` is what the word surely begins
    with: all of it if it is literal, `--project=` of `--project=$P`, "" if nothing is known. `splits` says that it
    may become several words or none (`$x`, `"$@"`).
    """

    raw: str
    value: str | None
    span: Span
    prefix: str = ""
    splits: bool = False

    @property
    def may_be_option(self) -> bool:
        """True unless the word surely does not begin with `-`, now or after it has been split."""
        return self.splits or self.prefix.startswith("-") or (self.value is None and not self.prefix)


def read_word(nodes: Sequence[Node], span: Span, source: bytes) -> Word:
    """The word that the adjacent syntax `nodes` of `source` form. The parser splits `$"…"` and some others in two."""
    reader = WordReader(source)
    for node in nodes:
        reader.read(node)
    return reader.word("".join(map(reader.text, nodes)), span)


_BRACES = re.compile(r"\{.*(?:,|\.\.).*\}", re.DOTALL)
_GLOB = re.compile(r"[*?]|\[.*\]|[@!+]\(", re.DOTALL)
_EXPANDING = re.compile(r"[*?\[{~]|[@!+]\(")
_MAY_EXPAND = re.compile(r"[*?\[{~(]")  # no word without one of these does
_DOUBLE_QUOTED_ESCAPE = re.compile(r"\\([$`\"\\]|\n)")
_BACKSLASHED = re.compile(r"\\(.?)|([^\\]+)", re.DOTALL)
_ANSI_C = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", "'": "'", '"': '"'}
_QUOTED = "\0"  # stands for a quoted or escaped character where only unquoted ones count


def _size(node: Node) -> int:
    return node.end_byte - node.start_byte


class WordReader:
    """Collects what is known of a word, left to right, up to the first thing that expansion decides."""

    def __init__(self, source: bytes = b"") -> None:
        self.source = source
        self.known = True
        self.value = ""
        self.bare = ""  # value, with _QUOTED for what is quoted: there only unquoted characters count
        self.splits = False

    def text(self, node: Node) -> str:
        # As `node.text`, which copies the whole source each time.
        return self.source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def word(self, raw: str, span: Span) -> Word:
        if _MAY_EXPAND.search(self.bare) is None:
            return Word(raw, self.value if self.known else None, span, self.value, self.splits)
        expands = _BRACES.search(self.bare) or _GLOB.search(self.bare) or self.bare.startswith("~")
        if self.known and not expands:
            return Word(raw, self.value, span, self.value)
        if self.bare.startswith("~"):
            return Word(raw, None, span, "~", self.splits)
        expanding = _EXPANDING.search(self.bare)
        prefix = self.value[: expanding.start()] if expanding else self.value
        return Word(raw, None, span, prefix, self.splits)

    def read(self, node: Node) -> None:
        kind = node.type
        if kind in ("concatenation", "command_name"):
            if sum(map(_size, node.children)) != _size(node):
                self.known = False  # the parser swallowed something between the pieces
            for piece in node.children:
                self.read(piece)
        elif kind == "raw_string":
            self.quoted(self.text(node)[1:-1])
        elif kind == "string":
            self.double_quoted(node)
        elif kind == "ansi_c_string":
            self.ansi_c(self.text(node)[2:-1])
        elif kind == "variable_assignment":
            self.assignment(node)
        elif kind in ("arithmetic_expansion", "brace_expression"):
            self.known = False
        elif node.child_count and kind not in ("word", "number", "extglob_pattern"):
            self.known, self.splits = False, True
        else:
            self.unquoted(self.text(node))

    def unquoted(self, text: str) -> None:
        if text == "$":  # of $"…", which a message catalogue translates
            self.known = False
        if "\\" not in text:
            self.add(text, text)
            return
        for escaped, plain in _BACKSLASHED.findall(text):
            if plain:
                self.add(plain, plain)
            elif escaped != "\n":
                self.quoted(escaped)

    def quoted(self, text: str) -> None:
        self.add(text, _QUOTED * len(text))

    def add(self, value: str, bare: str) -> None:
        if self.known:
            self.value += value
            self.bare += bare

    def in_double_quotes(self, text: str) -> None:
        """What stands between double quotes, without expansions."""
        if "\\" in text:
            text = _DOUBLE_QUOTED_ESCAPE.sub(lambda escape: "" if escape[1] == "\n" else escape[1], text)
        self.quoted(text)

    def double_quoted(self, node: Node) -> None:
        expansions = [child for child in node.children if child.is_named and child.type != "string_content"]
        end = expansions[0].start_byte if expansions else node.end_byte - 1
        content = self.source[node.start_byte + 1 : end]
        self.in_double_quotes(content.decode("utf-8", "replace"))
        if expansions:
            self.known = False
            # "$@" and "${a[@]}" become several words although they are quoted.
            self.splits = self.splits or any("@" in self.text(child) for child in expansions)

    def assignment(self, node: Node) -> None:
        """`NAME=value` after `export` and the like: one word, split by no expansion in its value."""
        value = node.child_by_field_name("value")
        if value is None or value.type == "array":
            self.unquoted(self.text(node))
            return
        name = self.source[node.start_byte : value.start_byte]
        self.unquoted(name.decode("utf-8", "replace"))
        self.read(value)
        self.splits = False

    def ansi_c(self, text: str) -> None:
        """`$'…'`, as far as its escapes are the plain ones; octal, hex and control escapes stay opaque."""
        for escaped, plain in _BACKSLASHED.findall(text):
            if not plain and escaped not in _ANSI_C:
                self.known = False
            self.quoted(plain or _ANSI_C.get(escaped, ""))
