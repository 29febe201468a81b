"""Which values a shell evaluates as arithmetic, and which of them are surely numbers. Pure.

`$((n + 1))`, `[[ $n -gt 1 ]]`, `${text:n}` and `${list[n]}` evaluate the value of `n`, and a value such as
`a[$(rm x)]` runs a command by it. A name is a number if all that the script assigns to it is one; what comes from the
environment, a file or a program that prints text is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

# What the shell itself keeps a number.
_KEPT = frozenset(
    "RANDOM SRANDOM SECONDS LINENO EPOCHSECONDS UID EUID PPID BASHPID COLUMNS LINES OPTIND # ? $ !".split()
)
_NAME = r"[A-Za-z_]\w*"
_COUNTING = r"""(?x) \$\( \s* (?: (?:[^;&\n#|()`<>\\]|2>/dev/null)+ \|(?!\|) )* \s* (?:
    wc\s+-[clmw] (?:\s*<\s*[^\s;&#|()`]+)? | nproc | date (?:\s+-\w+ (?:\s+"(?:[^"$`\\]|\$\w+)*")? )* \s+\+%s
    | id\s+-u | (?<=\|\s) grep\s+-c\s+[\w"'.]+
    ) (?: \s*\|\s*tr\s+-d\s+["']?\s?["']? )? \s* \)"""
_SEQUENCE = r"\{-?\d+\.\.-?\d+(?:\.\.\d+)?\}|\$\(\s*seq(?:\s+-?\d+)+\s*\)"
_COMPARISON = frozenset({"-eq", "-ne", "-lt", "-le", "-gt", "-ge"})
# These set variables that their words name.
_NAMING = frozenset(
    "read mapfile readarray getopts printf wait unset let local declare typeset export readonly".split()
)

# The kinds of node that `Numbers.look` takes note of, but for assignments.
EVALUATING = frozenset(
    "for_statement arithmetic_expansion compound_statement c_style_for_statement subscript expansion".split()
)

Raw = Callable[["Node"], str]


class Numbers:
    """Collects, in one walk over a syntax tree, what is assigned and what is evaluated."""

    def __init__(self) -> None:
        self._assigned: dict[str, bool] = {}  # whether all that a name gets is a number
        self._maps: set[str] = set()  # names of associative arrays, whose subscripts are text
        self._evaluated: list[tuple[Node, frozenset[str], str]] = []  # with its names, and the array it is of
        self._texts: list[Node] = []  # evaluated whatever they hold
        self._counted: list[Node] = []  # numbers as long as no function has the program's name

    def doubtful(self, *, has_functions: bool) -> list[Node]:
        """The nodes at which a value may be evaluated that is no number."""
        found = [*self._texts, *(self._counted if has_functions else ())]
        for node, names, array in self._evaluated:
            if array not in self._maps and not all(self._is_number(name) for name in names):
                found.append(node)
        return found

    def _is_number(self, name: str) -> bool:
        return self._assigned.get(name, name in _KEPT)

    def look(self, node: Node, kind: str, raw: Raw) -> None:
        """Take note of a node that assigns or evaluates (one of `EVALUATING`, or a `variable_assignment`)."""
        if kind == "variable_assignment":
            self._assignment(node, raw)
        elif kind == "for_statement":
            name = node.child_by_field_name("variable")
            values = [raw(value) for value in node.children_by_field_name("value")]
            if name is not None:
                numbers = bool(values) and all(re.fullmatch(rf"-?\d+|{_SEQUENCE}", value) for value in values)
                self._assign(raw(name), numbers)
        elif kind == "arithmetic_expansion" or (
            kind == "compound_statement" and node.children[0].type == "(("
        ):
            self._evaluate(node, [node], raw)
        elif kind == "c_style_for_statement":
            body = node.child_by_field_name("body")
            self._evaluate(node, [child for child in node.children if child != body], raw)
        elif kind == "subscript":
            index = node.child_by_field_name("index")
            if index is not None and raw(index) not in ("@", "*"):
                name = node.child_by_field_name("name")
                self._evaluate(index, [index], raw, raw(name) if name else "")
        elif kind == "expansion":
            self._expansion(node, raw)

    def look_at_command(self, node: Node, words: Sequence[str], raw: Raw) -> None:
        """Take note of a test's operands, and of what a command such as `read` sets. `words` are the literal ones."""
        if node.type == "test_command":
            if node.children and node.children[0].type == "[[":
                self._test(node, raw)
            return
        if words[:1] == ["let"]:
            names = frozenset(re.findall(_NAME, " ".join(words[1:])))
            self._evaluated.append((node, names, ""))
            return
        if _NAMING.isdisjoint(words):
            return
        if "-A" in words:
            self._maps.update(re.findall(_NAME, raw(node)))
        for child in node.children:
            if child.type == "variable_assignment":
                self._assignment(child, raw)
        for word in words:
            if match := re.fullmatch(rf"(?:-[A-Za-z]*a)?({_NAME})(?:[\[+].*)?", word, re.DOTALL):
                self._assign(match[1], number=False)

    def _assign(self, name: str, number: bool) -> None:
        self._assigned[name] = self._assigned.get(name, True) and number

    def _assignment(self, node: Node, raw: Raw) -> None:
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None:
            return
        if name.type == "subscript":
            self.look(name, "subscript", raw)
        self._assign(raw(name).split("[")[0], value is None or self._is_numeric(value, raw))

    def _is_numeric(self, value: Node, raw: Raw) -> bool:
        text = raw(value).strip('"')
        if re.fullmatch(_COUNTING, text):
            self._counted.append(value)
            return True
        is_expansion = value.type == "arithmetic_expansion" or re.fullmatch(
            r'"?\$\(\((?:[^()]|\([^()]*\))*\)\)"?', raw(value)
        )
        return bool(is_expansion) or re.fullmatch(r"-?\d+|\$[#?$!]|\$\{#\w+(?:\[[@*]\])?\}", text) is not None

    def _expansion(self, node: Node, raw: Raw) -> None:
        kinds = [child.type for child in node.children]
        if ":" in kinds:
            self._evaluate(node, node.children[kinds.index(":") :], raw)
        if ":=" in kinds or "=" in kinds:
            self._assign(raw(node.named_children[0]), number=False)
        if "!" in kinds[:2] and not re.search(r"(?:[*@]|\[[@*]\])\}$", raw(node)):
            self._texts.append(node)  # the value is a name, with its subscript

    def _test(self, node: Node, raw: Raw) -> None:
        stack = [node]
        while stack:
            at = stack.pop()
            operator = next((raw(child) for child in at.children if child.type == "test_operator"), "")
            if at.type == "binary_expression" and operator in _COMPARISON:
                self._evaluate(at, at.children, raw)
            elif at.type == "unary_expression" and operator in ("-v", "-R"):
                if "$" in raw(at) or "`" in raw(at):
                    self._texts.append(at)
            else:
                stack += at.children

    def _evaluate(self, node: Node, parts: Sequence[Node], raw: Raw, array: str = "") -> None:
        """`parts` are evaluated: the values of all names in them, and what is substituted."""
        names: set[str] = set()
        stack = list(parts)
        while stack:
            at = stack.pop()
            if at.type == "command_substitution":
                if re.fullmatch(_COUNTING, raw(at)):
                    self._counted.append(at)
                else:
                    self._texts.append(at)
            elif at.type in ("variable_name", "special_variable_name"):
                names.add(raw(at))
            elif at.type == "word":
                names.update(re.findall(rf"(?<![\w$]){_NAME}", raw(at)))
            elif at.type == "arithmetic_expansion" and at != node:
                continue  # a number; what is in it is looked at by itself
            elif at.type == "subscript":
                stack += [child for child in at.children if child != at.child_by_field_name("index")]
            elif at.type == "expansion" and at != node:
                if not re.match(r"\$\{#?[\w#?!$@*]+[\[}]", raw(at)[:200]):
                    self._texts.append(at)
                elif not raw(at).startswith("${#"):
                    stack += at.children
            elif at.type == "variable_assignment" or (at.type == "binary_expression" and self._sets(at)):
                target = at.child_by_field_name("name") or at.child_by_field_name("left")
                if target is not None:
                    self._assign(raw(target).split("[")[0], number=True)
                stack += [child for child in at.children if child != target]
            else:
                stack += at.children
        self._evaluated.append((node, frozenset(names), array))

    @staticmethod
    def _sets(node: Node) -> bool:
        return any(child.type == "=" for child in node.children)
