"""Which markdown a runbook is written in: what it has beyond CommonMark that can hold cells."""

from __future__ import annotations

from typing import Literal

Flavour = Literal["auto", "commonmark", "mkdocs", "myst", "docusaurus"]
"""`auto` reads every container that cannot be mistaken for something else; `commonmark` reads none.

`mkdocs`: MkDocs Material's `!!!`, `???` and `===`, whose content is indented by four.
`myst`, `docusaurus`: lines of `:::` around the content, and MyST's code directives.
"""

INDENTED_CONTAINERS: frozenset[Flavour] = frozenset({"auto", "mkdocs"})
COLON_CONTAINERS: frozenset[Flavour] = frozenset({"auto", "myst", "docusaurus"})
