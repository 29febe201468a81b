"""Which words after a fence are languages, and which of those are shells."""

from __future__ import annotations

from functools import cache

from runbook_ls.document.languages import SHELLS
from runbook_ls.document.sessions import SESSION_LANGUAGES
from runbook_ls.lint import spelling


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHELL_COMMANDS = SHELLS | _words("azurecli azurecli-interactive commandline")
"""Cells of these languages hold shell commands and nothing else, whoever runs them."""

BASH_SYNTAX = (SHELL_COMMANDS - {"zsh", "ksh"}) | SESSION_LANGUAGES
"""Commands in cells of these languages must parse as bash."""

_COMMON = _words(
    "bash sh shell zsh fish console text txt yaml yml json toml ini xml html css sql python py go "
    "rust javascript js typescript ts jsx tsx java c cpp ruby rb php perl lua powershell pwsh ps1 bat cmd diff "
    "dockerfile makefile markdown md mermaid output log hcl terraform tf promql graphql proto protobuf csv env "
    "dotenv plaintext plain none properties nginx http conf config cfg jinja jinja2 kotlin swift scala r clojure "
    "clj rs elixir haskell groovy deno bun nix cue jsonnet rego"
)
# Readers give these a meaning of their own: Microsoft Learn, GitHub, MkDocs, Jupyter, Runme.
_ELSEWHERE = _words(
    "azurepowershell azurepowershell-interactive azurecopilot kusto bicep geojson topojson stl math mdx ipython "
    "logql traceql esql expected expected-output result results stdout stderr raw d2 plantuml puml dot graphviz "
    "mjs cjs mts cts vega vega-lite wavedrom kql jq jsonpath cel gotemplate helm crontab hosts logfmt kubernetes"
)
_KNOWN = _COMMON | _ELSEWHERE | SHELL_COMMANDS | SESSION_LANGUAGES


@cache
def is_known(language: str) -> bool:
    """True if `language` (lower case) is a language that some reader of markdown knows."""
    if language in _KNOWN:
        return True
    from runbook_ls.lint.rare_languages import NAMES

    return language in NAMES


@cache
def nearest(language: str) -> str | None:
    """The language that an unknown word is probably a misspelling of, or None."""
    if len(language) < 3:
        return None
    known = sorted(word for word in _KNOWN if len(word) > 2)
    if len(language) == 3:  # which may as well be short for something: one letter may lack, or two be swapped
        known = [word for word in known if len(word) > 3 or sorted(word) == sorted(language)]
    return spelling.nearest(language, tuple(known))
