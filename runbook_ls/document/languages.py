"""Which languages a cell can be run in: all but those that hold data, diagrams, output or markup.

A language that is not listed here counts as runnable, so that running it gives a clear error about its
interpreter rather than silence.
"""

from __future__ import annotations

from collections.abc import Mapping

# What a fence says when its body is for a POSIX-like shell; "" is a fence that says nothing.
SHELLS = frozenset({"sh", "bash", "shell", "shellscript", "zsh", "ksh", "dash"})

_NOT_RUNNABLE = frozenset(
    """
    asciidoc avro bibtex bpmn cfg conf config css csv d2 dhall diff ditaa dockerfile dot dotenv drawio
    editorconfig env erd excalidraw expected expected-output gitignore graphql graphviz hcl html http ini jinja
    jinja2 json json5 jsonc jsonl kdl latex less log logs markdown md mdx mermaid ndjson nginx nomnoml none out
    output patch pikchr plain plaintext plantuml properties proto protobuf puml regex result results rst scss
    stderr stdout structurizr svg systemd tap terraform tex text tf toml tsv txt vega vega-lite vue wavedrom xml
    xsd xslt yaml yml
    """.split()
)


def is_runnable(language: str, attributes: Mapping[str, str], *, unlabelled: bool) -> bool:
    """Whether a cell is meant to be run, by its language (lower case) and attributes.

    Runme's rules: `ignore` and `transform=false` switch a cell off; `transform=true` or `ignore=false` switches a
    mermaid block on; another value counts as the default. `unlabelled`: an indented block, which has no place to
    say its language, and does not show a shell session.
    """
    if not attributes:
        return language not in _NOT_RUNNABLE and not (unlabelled and not language)
    ignore, transform = attributes.get("ignore", "").lower(), attributes.get("transform", "").lower()
    if ("ignore" in attributes and ignore in ("", "true")) or transform == "false":
        return False
    if transform == "true" or ignore == "false" or attributes.get("interpreter"):
        return True
    return language not in _NOT_RUNNABLE and not (unlabelled and not language)
