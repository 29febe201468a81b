"""All rules as one page of markdown: docs/rules.md."""

from __future__ import annotations

from runbook_ls.document import parse
from runbook_ls.lint.catalogue import RULES
from runbook_ls.lint.engine import check
from runbook_ls.lint.rule import Rule
from runbook_ls.lint.settings import LintSettings
from runbook_ls.shell.invisible import escape

_FAMILIES = {
    "RB0": "Document",
    "RB1": "Shell",
    "RB2": "Flow across cells",
    "RB3": "Safety",
    "RB4": "Quality",
}
_HEAD = """\
# Lint rules

`runbook-ls lint` checks these. `runbook-ls rule CODE` shows one of them.

<!-- Made by `runbook-ls rule --markdown > docs/rules.md`; a test keeps it so. -->

Switch rules on and off by code, family or name: on the command line (`--select`, `--ignore`, `--extend`), in
`runbook-ls.toml` or `pyproject.toml`, or in the runbook itself:

```markdown
<!-- runbook-ls: ignore RB104 -->            on a line of its own: the next line, or the whole next cell
<!-- runbook-ls: ignore-next-line RB104 -->
<!-- runbook-ls: ignore-cell RB104 -->
<!-- runbook-ls: ignore-file RB104 -->
```

At the end of a line such a comment holds for that line, and in a cell `# runbook-ls: ignore RB104` does the same.
MDX has `{/* runbook-ls: ignore RB104 */}`. A comment that silences nothing is reported (RB012).

Where the extra `runbook-ls[shellcheck]` is installed, shellcheck looks at the shell cells too. Its findings keep their
own codes (`SC2086`), [explained by shellcheck](https://www.shellcheck.net/wiki/), and are chosen and ignored like rules.

In the tables, *fix* marks rules whose findings `--fix` can mend, *off* those that are off by default. A single finding
may be milder than its rule where less is sure: a secret that only the name before it tells is a warning.

"""


def render() -> str:
    """A table of all rules, and a section for each: what, why, a bad example and a good one."""
    parts = [_HEAD]
    for family, title in _FAMILIES.items():
        rules = [rule for rule in RULES if rule.code.startswith(family)]
        rows = "".join(
            f"| [{rule.code}](#{rule.code.lower()}) | {rule.name} | {rule.severity.value} | {_marks(rule)} "
            f"| {rule.summary} |\n"
            for rule in rules
        )
        parts.append(
            f"## {family}: {title}\n\n| code | name | severity | | what |\n|---|---|---|---|---|\n{rows}\n"
        )
    parts += (_section(rule) for rule in RULES)
    return "".join(parts).rstrip("\n") + "\n"


def _section(rule: Rule) -> str:
    return (
        f"### {rule.code}\n\n**{rule.name}** ({rule.severity.value}). {rule.summary} {rule.why}\n\n"
        f"Bad:\n\n{_block(rule.bad)}\nGood:\n\n{_block(rule.good)}\n"
    )


def _marks(rule: Rule) -> str:
    found = check(parse(rule.bad), settings=LintSettings(extend=(rule.code,)))
    fixable = any(problem.fix for problem in found if problem.code == rule.code)
    return ", ".join([*(["fix"] if fixable else []), *([] if rule.default else ["off"])])


def _block(example: str) -> str:
    """The example in a fence that is longer than any in it; what cannot be seen is shown escaped."""
    shown = "\n".join(escape(line) for line in example.replace("\r\n", "\\r\n").split("\n"))
    return f"````markdown\n{shown.rstrip(chr(10))}\n````\n"
