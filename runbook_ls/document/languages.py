"""Which languages a cell can be run in: all but those that hold data, diagrams, output or markup.

A language that is not listed here counts as runnable, so that running it gives a clear error about its
interpreter rather than silence.
"""

from __future__ import annotations

from collections.abc import Mapping

SHELL_SESSIONS = frozenset(
    {"console", "shell-session", "shellsession", "sh-session", "bash-session", "terminal"}
)

# What a fence says when its body is for a POSIX-like shell; "" is a fence that says nothing.
SHELLS = frozenset({"sh", "bash", "shell", "shellscript", "zsh", "ksh", "dash"})

_NOT_RUNNABLE = frozenset(
    {
        "asciidoc",
        "avro",
        "bibtex",
        "cfg",
        "conf",
        "config",
        "css",
        "csv",
        "dhall",
        "diff",
        "dockerfile",
        "dotenv",
        "editorconfig",
        "env",
        "expected",
        "expected-output",
        "gitignore",
        "graphql",
        "hcl",
        "html",
        "http",
        "ini",
        "jinja",
        "jinja2",
        "json",
        "json5",
        "jsonc",
        "jsonl",
        "kdl",
        "latex",
        "less",
        "log",
        "logs",
        "markdown",
        "md",
        "mdx",
        "ndjson",
        "nginx",
        "none",
        "out",
        "output",
        "patch",
        "plain",
        "plaintext",
        "properties",
        "proto",
        "protobuf",
        "regex",
        "result",
        "results",
        "rst",
        "scss",
        "stderr",
        "stdout",
        "svg",
        "systemd",
        "tap",
        "terraform",
        "tex",
        "text",
        "tf",
        "toml",
        "tsv",
        "txt",
        "vue",
        "xml",
        "xsd",
        "xslt",
        "yaml",
        "yml",
        "bpmn",
        "d2",
        "dot",
        "drawio",
        "ditaa",
        "erd",
        "excalidraw",
        "graphviz",
        "mermaid",
        "nomnoml",
        "pikchr",
        "plantuml",
        "puml",
        "structurizr",
        "vega",
        "vega-lite",
        "wavedrom",
    }
)


def is_runnable(language: str, attributes: Mapping[str, str], *, unlabelled: bool) -> bool:
    """Whether a cell is meant to be run, by its language (lower case) and attributes.

    Runme's rules: `ignore` and `transform=false` switch a cell off; `transform=true` or `ignore=false` switches a
    mermaid block on; another value counts as the default. `unlabelled`: an indented block, which has no place to
    say its language, and does not show a shell session.
    """
    ignore, transform = attributes.get("ignore", "").lower(), attributes.get("transform", "").lower()
    if ("ignore" in attributes and ignore in ("", "true")) or transform == "false":
        return False
    if transform == "true" or ignore == "false" or attributes.get("interpreter"):
        return True
    return language not in _NOT_RUNNABLE and not (unlabelled and not language)
