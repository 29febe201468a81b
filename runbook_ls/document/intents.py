"""What a cell is for, in plain text: the prose before it under the same heading, else the heading."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

_MARKUP = re.compile(r"[\\`*_\[\]<&!\n]")
_CODE = re.compile(r"(?<!`)`([^`\s][^`]*)`(?!`)")
# What may mean more than itself where nothing but inline code is taken out, and no link has a definition.
_MORE_THAN_CODE = re.compile(r"[`\\*]|<[A-Za-z/!?]|&[A-Za-z#]|\]\(|(?<!\w)_|_(?!\w)", re.ASCII)
_REFERENCE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
_SENTENCE = re.compile(r".*?(?:[.!?](?=\s+[^a-z\s])|[。！？]|$)\s*", re.DOTALL)
_INTRODUCES = re.compile(r"[:：]$|\b(?:following|as follows|below|like this|like so)\b", re.IGNORECASE)
_REMARK = re.compile(
    r"\W*(?:note|notes|tip|hint|warning|caution|important|attention|info)\b\W*[:!]", re.IGNORECASE
)
_LONGEST = 4_000  # characters; finding links may take time with the square of the length
_SAYS_NOTHING = frozenset(
    """
    a an and as below bash by can code command commands do enter example execute executing following follows for
    in is it just like let now of one ones or please run running s script shell simply snippet so step steps
    terminal that the their them then there these this those to type use using via we with you your line lines
    """.split()
)


@lru_cache(maxsize=4096)
def plain_text(markdown: str) -> str:
    """The text of inline markdown, on one line: syntax and HTML removed, inline code kept as its text.

    The text of `[t][r]` is `t`, whether or not `r` is defined somewhere. Of a very long paragraph only the first
    4,000 characters are read.
    """
    markdown = markdown[:_LONGEST]
    if _MARKUP.search(markdown) is None:
        return markdown.strip()
    text, code = _without_plain_code(markdown) or _parsed(markdown)
    text = _REFERENCE_LINK.sub(r"\1", text)
    if code:
        texts = iter(code)
        text = re.sub("\0", lambda _: next(texts, ""), text)
    return " ".join(text.split())


# Inline code goes to a list; U+0000, which no parsed text has, holds its place.
_TextAndCode = tuple[str, list[str]]


def _without_plain_code(markdown: str) -> _TextAndCode | None:
    """What `_parsed` gives, blanks aside, if a look tells that there is no markup but code; else None."""
    if "\0" in markdown:
        return None
    text = _CODE.sub("\0", markdown)
    return None if _MORE_THAN_CODE.search(text) else (text, _CODE.findall(markdown))


def _parsed(markdown: str) -> _TextAndCode:
    from runbook_ls.document.rules import markdown_parser

    code: list[str] = []
    tokens = markdown_parser("commonmark").parseInline(markdown)[0].children or []
    return _text_of(tokens, code), code


def _text_of(tokens: Sequence[Token], code: list[str]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type == "text":
            parts.append(token.content)
        elif token.type == "code_inline":
            parts.append("\0")
            code.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.type == "image":
            parts.append(_text_of(token.children or (), code))
    return "".join(parts)


def is_table(markdown: str) -> bool:
    """Whether a paragraph is really a table (which CommonMark does not know)."""
    if "|" not in markdown:
        return False
    header, _, rest = markdown.partition("\n")
    delimiters = rest.partition("\n")[0]
    return "|" in header and "-" in delimiters and not delimiters.strip(" \t:|-")


def is_remark(markdown: str) -> bool:
    """Whether a paragraph is an aside by its first word: `**Note:** this takes a while.`"""
    return _REMARK.match(markdown) is not None


@lru_cache(maxsize=4096)
def choose_intent(lead: tuple[str, ...], heading: str) -> str:
    """The intent of a cell, given the raw paragraphs before it (nearest last) and the heading above (plain text).

    The sentence that introduces the cell ("…:", "the following …") is preferred over background, and the
    paragraph that holds one over the nearest. A sentence without content ("Run:") gives way to what is before it.
    """
    paragraphs = [text for text in map(plain_text, lead) if text]
    if not paragraphs:
        return heading
    introducing = [index for index, text in enumerate(paragraphs) if _introduction(text)]
    chosen = introducing[-1] if introducing else len(paragraphs) - 1
    text = _introduction(paragraphs[chosen]) or paragraphs[chosen]
    if _says_something(text):
        return text
    if _says_something(paragraphs[chosen]):
        return paragraphs[chosen]
    earlier = next((text for text in reversed(paragraphs[:chosen]) if _says_something(text)), "")
    return earlier or heading or text


def _introduction(paragraph: str) -> str:
    """The last sentence of a paragraph that introduces what follows it; "" if none does."""
    sentences = [sentence.strip() for sentence in _SENTENCE.findall(paragraph)]
    return next((sentence for sentence in reversed(sentences) if _INTRODUCES.search(sentence)), "")


def _says_something(sentence: str) -> bool:
    return any(word not in _SAYS_NOTHING for word in re.findall(r"\w+", sentence.lower()))
