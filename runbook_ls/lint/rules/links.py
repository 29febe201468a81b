"""RB402 and RB408: links that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from runbook_ls.document.runbook import Runbook
from runbook_ls.lint.anchors import names_of_anchors
from runbook_ls.lint.prose import without_code
from runbook_ls.lint.rule import Mark, Rule, Spot
from runbook_ls.values import Severity


def anchor_link(markdown: str) -> Iterator[Mark]:
    """RB402. The links to anchors, each with its anchor as its message."""
    for match in re.finditer(_ANCHOR_LINK, without_code(markdown)):
        yield Mark(*match.span(), match[1])


def broken_anchor(runbook: Runbook, links: Iterable[Spot]) -> Iterator[Spot]:
    """RB402. Which of the links no heading meets."""
    known = _heading_anchors(runbook)
    unmet = [
        link for link in links if _as_in_headings(link.message) not in known and not _is_of_site(link.message)
    ]
    given = _given_anchors(runbook.text) if unmet else {}
    for link in unmet:
        if not _is_given(link.message, runbook.text, given):
            yield Spot(link.span, f"No heading of this file has the anchor #{link.message}.")


def broken_link(markdown: str) -> Iterator[Mark]:
    """RB408. Suspicions: every relative link, and every anchor of one. `surroundings.confirm` looks where they lead."""
    if not _MAY_LEAD_TO_FILE.search(markdown):
        return
    for match in re.finditer(_LINK, without_code(markdown)):
        target = match["pointed"] or match["plain"]
        if target.startswith(("#", "http:", "https:")):
            continue  # no relative file begins like that
        path, _, anchor = target.partition("#")
        if not re.fullmatch(_RELATIVE_FILE, path):
            continue
        start = match.start("pointed" if match["pointed"] else "plain")
        yield Mark(start, start + len(path), f"There is no file {path}.")
        if anchor and path.lower().endswith((".md", ".markdown", ".mdx")) and "/" not in anchor:
            yield Mark(start, start + len(target), f"No heading of {path} has the anchor #{anchor}.")


def _as_in_headings(anchor: str) -> str:
    """The anchor as headings have it: links may be written with `%C3%BC` for `ü`."""
    if "%" in anchor:
        from urllib.parse import unquote

        anchor = unquote(anchor)
    return anchor.lower()


_ANCHOR_LINK = r"(?<!\\)\[[^\]\n]*\]\(#([^)\s]+)\)"
_MAY_LEAD_TO_FILE = re.compile(r"\]\((?!#|https?:)")
# Begins with the brackets, to which Python's engine skips; a backslash before them is looked for behind them.
_LINK = r"\]\((?<!\\\]\()(?:<(?P<pointed>[^<>\n]+)>|(?P<plain>[^\s()<>]+))(?:[ \t]+[\"'][^\n]*?[\"'])?\)"
# Not what a site's generator or a template will turn into a link, and not what a server serves: a path that goes
# from here to a file with an extension.
_RELATIVE_FILE = r"(?!\w[\w+.-]*:|[/\\~$]|[^/]*@)[^?{}$|*%<>`]*(?:%[0-9A-Fa-f]{2}[^?{}$|*%<>`]*)*\.(?!html?$)[A-Za-z]\w{0,7}"


def _heading_anchors(runbook: Runbook) -> set[str]:
    counts: dict[str, int] = {}
    known: set[str] = set()
    for name in names_of_anchors(runbook):
        number = counts.get(name, 0)
        counts[name] = number + 1
        known.add(f"{name}-{number}" if number else name)
    return known


def _is_of_site(anchor: str) -> bool:
    """True for the top of a page and the tabs of Microsoft Learn."""
    return anchor.lower() == "top" or anchor.startswith("tab/")


def _is_given(anchor: str, text: str, given: Mapping[str, Sequence[int]]) -> bool:
    """True for the anchor of `<a id=…>` and `{#…}`."""
    return any(
        text.startswith(anchor, start) and not _PLAIN.match(text, start + len(anchor))
        for start in given.get(re.split(r"[^\w-]", anchor, maxsplit=1)[0], ())
    )


def _given_anchors(text: str) -> dict[str, list[int]]:
    """Where anchors are given in the text, by the letters, digits and hyphens that they begin with."""
    given: dict[str, list[int]] = {}
    for match in re.finditer(_GIVEN, text):
        given.setdefault(match["plain"], []).append(match.start("plain"))
        if match["quote"]:  # which may be part of it
            given.setdefault("", []).append(match.start("quote"))
    return given


# `id=`, `name=` in any case and `{#`. Begins with a set of characters, to which Python's engine skips.
_GIVEN = (
    r"""[iInN{](?:(?<=\{)#|(?:(?<=[iI])(?<!\w[iI])[dD]|(?<=[nN])(?<!\w[nN])[aA][mM][eE])\s*=\s*(?P<quote>["'])?)"""
    r"(?=(?P<plain>[\w-]*))"
)
_PLAIN = re.compile(r"[\w-]")


RULES = (
    Rule(
        code="RB402",
        name="broken-anchor",
        severity=Severity.WARNING,
        summary="A link leads to an anchor that this file does not have.",
        why="In an incident nobody has the time to look for where it was meant to lead.",
        bad="# Restart\n\nSee [the checks](#checks).\n",
        good="# Restart\n\nSee [the checks](#checks).\n\n## Checks\n",
        prose=anchor_link,
        confirm=broken_anchor,
        needs=("](#",),
    ),
    Rule(
        code="RB408",
        name="broken-link",
        severity=Severity.WARNING,
        summary="A relative link leads to a file, or to an anchor in one, that is not there.",
        why="The step it was meant to explain is missing when somebody needs it.",
        bad="See [the checks](checks/nowhere.md).\n",
        good="See [the checks](#checks).\n\n## Checks\n",
        prose=broken_link,
        needs=("](",),
    ),
)
