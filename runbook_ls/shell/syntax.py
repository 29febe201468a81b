"""What a shell text consists of: its simple commands, wherever they stand, and where it does not parse.

The parser is tree-sitter-bash: fast, tolerant, and sometimes wrong. It reports faults in a little valid bash (two
here-documents on one line, `3<> file`), so a caller that refuses a text asks `bash -n` too; and it reads `time`,
`!` and `coproc` as it can, so `risk` looks behind them. Pure; tree-sitter is loaded at the first `parse`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from itertools import islice
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from runbook_ls.shell import plain
from runbook_ls.shell.numbers import EVALUATING, Numbers
from runbook_ls.shell.script import Assignment, Command, Function, Redirect, Script, SyntaxFault
from runbook_ls.shell.syntax_words import Word, read_word
from runbook_ls.values import Position, Span

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Tree

__all__ = ["Assignment", "Command", "Function", "Redirect", "Script", "SyntaxFault", "Word", "parse"]


@lru_cache(maxsize=512)
def parse(text: str) -> Script:
    """Parse any text as bash; never raises. Spans are 0-based lines and code-point columns of `text`.

    The last 512 texts are remembered. About 1 ms for 100 lines.
    """
    return plain.read(text) or parse_tree(text)


def has_faults(text: str) -> bool:
    """Whether there is a place where `text` does not parse. Most texts tell without a walk over their tree."""
    tree, source = _tree(text)
    if tree is None:
        return True
    root = tree.root_node
    return (root.has_error or _may_close_nothing(root, source)) and bool(parse(text).faults)


def _may_close_nothing(root: Node, source: bytes) -> bool:
    """True if a reserved word may stand where a command is expected: the walk's to report, no error to the parser."""
    found = list(islice(_RESERVED_WORD.finditer(source), _MOST_LOOKED_UP + 1))
    return len(found) > _MOST_LOOKED_UP or any(_is_command_name(root, *match.span()) for match in found)


def _is_command_name(root: Node, start: int, end: int) -> bool:
    node = root.descendant_for_byte_range(start, end)
    while node is not None and (node.start_byte, node.end_byte) == (start, end):
        if node.type == "command_name":
            return True
        node = node.parent
    return False


def parse_tree(text: str) -> Script:
    """What `parse` gives, from the parser's tree whatever the text."""
    tree, source = _tree(text)
    reading = _Reading(text, source)
    if tree is None:
        first = Span.of(0, 0, 0, len(_LINE_END.split(text, maxsplit=1)[0]))
        return Script(text, (), (SyntaxFault(first, "it is too long or too tangled to be read"),))
    reading.walk(tree.root_node)
    return reading.script()


@lru_cache(maxsize=4)
def _tree(text: str) -> tuple[Tree | None, bytes]:
    """The syntax tree of a text, None where it would take too long, and the bytes that its places are in."""
    # A lone surrogate has no UTF-8 form; U+FFFD keeps the columns. A backslash that ends the text trips the parser.
    source = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
    if source.rstrip("\n").endswith("\\"):
        source = _LAST_BACKSLASH.sub(r"\1 \2", source)
    written = source.encode()
    if "\n\\" in source:
        source = _BEGINNING.sub("\n.", source)
    if not text.isascii():
        source = _BEHIND_BRACE.sub(_of_the_same_length, source)
    return _parsed(source.encode()), written


# Where nothing fits any more, the parser looks for a way on from every place: 100 KB of `|` or of `| sh ` would take it
# 20 seconds, with the interpreter held all the while. How often it reads on tells of most such texts: of 400 shell
# scripts, markdown files and others none made it read more than 330 times a kilobyte, and the median is 3.
_LONGEST = 32 * 1024  # bytes; those that it does not tell of take a second then
_SMALL = 4096
_READ_AT_ONCE = 1024
_READS, _READS_A_PIECE = 10_000, 100


def _parsed(source: bytes) -> Tree | None:
    from tree_sitter import Parser

    if len(source) > _LONGEST:
        return None
    if len(source) <= _SMALL:
        return Parser(_language()).parse(source)
    left = _READS + _READS_A_PIECE * len(source) // _READ_AT_ONCE

    def read(offset: int, _: object) -> bytes:
        nonlocal left
        left -= 1
        return source[offset : offset + _READ_AT_ONCE] if left >= 0 else b""

    tree = Parser(_language()).parse(read)
    return tree if left >= 0 else None


# The scanner of tree-sitter-bash asks isdigit() of what stands behind a brace. C defines that up to 255; a larger code
# point reads memory that is not there, which can end the process: `{` and an emoji would do.
_BEHIND_BRACE = re.compile(r"(?<=\{)([0-9]*(?:\.\.[0-9]*)?)([^\x00-\xff])")


def _of_the_same_length(match: re.Match[str]) -> str:
    """Characters below 256 that are no name either, as many bytes in UTF-8 as the one they stand for."""
    return match[1] + ("é", "é_", "éé")[len(match[2].encode()) - 2]


# The parser takes a line that begins like `\rm` for more words of the command before it.
_BEGINNING = re.compile(r"\n\\(?=[\w./~])")
_LAST_BACKSLASH = re.compile(r"((?<!\\)(?:\\\\)*)\\(\n*)\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\n|\r")


@cache
def _language() -> Language:
    from tree_sitter import Language

    grammar: Any = _grammar()
    return Language(grammar.language())


def _grammar() -> ModuleType:
    """The module with the grammar: what is native in `tree_sitter_bash`. The package around that imports a reader of its
    query files, and that takes longer than all the rest."""
    package = PathFinder.find_spec("tree_sitter_bash")
    folders = package.submodule_search_locations if package else None
    native = PathFinder.find_spec("tree_sitter_bash._binding", folders) if folders else None
    if native is None or native.loader is None:  # packed in another way
        import tree_sitter_bash

        return tree_sitter_bash
    module = module_from_spec(native)
    native.loader.exec_module(module)
    return module


# What an opener still waits for when the parser gives up on it.
_CLOSERS = {
    "if": "fi", "then": "fi", "elif": "fi", "else": "fi", "for": "done", "while": "done", "until": "done",
    "select": "done", "do": "done", "case": "esac", "{": "}", "(": ")", "$(": ")", "${": "}", "((": "))",
    "$((": "))", "<(": ")", ">(": ")", "[[": "]]", "[": "]", '"': '"', "'": "'", "`": "`", "$'": "'",
}  # fmt: skip
# Reserved words that are no command: where the parser takes one for a command, what follows is one.
_CLOSING = frozenset({"then", "elif", "else", "fi", "do", "done", "esac", "}"})
_RESERVED = _CLOSING | {"if", "while", "until", "for", "case", "select", "function", "{", "!"}
# Each begins with a letter of its own, to which Python's engine skips. No brace of `${NAME}`.
_WORDS = "|".join(rf"{word}(?!\w)(?<!\w{word})" for word in sorted(filter(str.isalpha, _RESERVED)))
_RESERVED_WORD = re.compile(rf"{_WORDS}|{{(?!\w)|}}(?<!\w}})|!".encode())
_MOST_LOOKED_UP = 50  # each takes as long as the tree is wide
_SURROUNDINGS = {
    "function_definition": "function",
    "for_statement": "loop",
    "c_style_for_statement": "loop",
    "while_statement": "loop",
    "if_statement": "condition",
    "case_statement": "condition",
    "command_substitution": "substitution",
    "process_substitution": "substitution",
    "subshell": "subshell",
}
_REDIRECTS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
_TESTS = frozenset({"binary_expression", "unary_expression", "parenthesized_expression", "negated_command"})
_SETTING = frozenset({"expansion", "for_statement", "binary_expression"})
_COMPARING = frozenset({"==", "!=", "<=", ">=", "=~"})
_BARE = re.compile(r"[\w./:=@%,+-]+")  # what no expansion changes
# Of these only what stands deeper in them than their children matters.
_HOLDING = frozenset({"simple_expansion", "string", "concatenation", "command_name", "file_redirect"})
# These named nodes are not words of a test.
_NOT_WORDS = frozenset({"test_operator", "comment"})


class _Visit(NamedTuple):
    """A node still to be walked, and what its surroundings hand down to it."""

    node: Node
    within: tuple[str, ...] = ()
    redirects: tuple[Node, ...] = ()
    piped_from: Span | None = None


class _Reading:
    """The collecting walk over one syntax tree, with an explicit stack: texts may nest deeper than Python can."""

    def __init__(self, text: str, source: bytes) -> None:
        self.text, self.source = text, source
        self.commands: list[Command] = []
        self.faults: list[SyntaxFault] = []
        self.redirects: list[Redirect] = []
        self.functions: list[Function] = []
        self.opaque: list[Span] = []
        self.numbers = Numbers()
        self.characters = source.decode() if text.isascii() else ""  # so that bytes are code points
        self.stack: list[_Visit] = []  # what is still to be walked
        self.is_sound = False  # then no node is an error or has one in it
        self.line_starts = [0, *[match.end() for match in _LINE_END.finditer(self.text)]]
        if not self.text.isascii():
            # In bytes too, so that a column costs one decoded line instead of the whole text.
            lines = [
                self.text[a:b]
                for a, b in zip(self.line_starts, [*self.line_starts[1:], len(self.text)], strict=True)
            ]
            starts, at = [0], 0
            for line in lines[:-1]:
                at += len(_SURROGATE.sub("\ufffd", line).encode())
                starts.append(at)
            self.line_starts = starts

    def script(self) -> Script:
        return Script(
            text=self.text,
            commands=tuple(sorted(self.commands, key=lambda command: command.span)),
            faults=tuple(sorted(dict.fromkeys(self.faults), key=lambda fault: fault.span)),
            redirects=tuple(self.redirects),
            functions=tuple(self.functions),
            opaque=tuple(self.opaque),
            evaluated=tuple(map(self.span_of, self.numbers.doubtful(has_functions=bool(self.functions)))),
        )

    # Places

    def span(self, start_byte: int, end_byte: int) -> Span:
        starts = self.line_starts
        first, last = bisect_right(starts, start_byte) - 1, bisect_right(starts, end_byte) - 1
        begin, end = starts[first], starts[last]
        if self.characters:
            return Span(Position(first, start_byte - begin), Position(last, end_byte - end))
        return Span(
            Position(first, len(self.between(begin, start_byte))),
            Position(last, len(self.between(end, end_byte))),
        )

    def span_of(self, *nodes: Node) -> Span:
        if len(nodes) == 1:
            return self.span(nodes[0].start_byte, nodes[0].end_byte)
        return self.span(min(n.start_byte for n in nodes), max(n.end_byte for n in nodes))

    def raw(self, node: Node) -> str:
        return self.between(node.start_byte, node.end_byte)

    def between(self, start_byte: int, end_byte: int) -> str:
        if self.characters:
            return self.characters[start_byte:end_byte]
        return self.source[start_byte:end_byte].decode("utf-8", "replace")

    # The walk

    def walk(self, root: Node) -> None:
        self.is_sound = not root.has_error
        stack = self.stack
        stack.append(_Visit(root))
        while stack:
            self.visit(stack.pop())

    def visit(self, visit: _Visit) -> None:
        node, within, follow = visit.node, visit.within, self.stack.append
        kind = node.type
        if not self.is_sound and node.is_missing:
            self.missing(node)
            return
        if kind in EVALUATING:
            self.numbers.look(node, kind, self.raw)
        if kind in _SURROUNDINGS:
            within = (*within, _SURROUNDINGS[kind])
        if kind == "ERROR":
            self.error(node)
        elif kind in ("command", "declaration_command", "unset_command", "test_command"):
            self.command(visit)
            return
        elif kind == "redirected_statement":
            children = node.children
            redirects = [child for child in children if child.type in _REDIRECTS]
            body = node.child_by_field_name("body")
            if body is not None:
                follow(_Visit(body, within, (*visit.redirects, *redirects), visit.piped_from))
            else:
                self.bare(redirects, visit)
            for child in children:
                if child.type not in _REDIRECTS and child != body:
                    follow(_Visit(child, within))
            return
        elif kind == "pipeline":
            self.pipeline(visit, within)
            return
        elif kind in ("list", "negated_command"):
            # The parser hangs the redirections of the last command on the whole list.
            parts = node.children
            for child in parts:
                last = child == parts[-1]
                unsure = kind == "list" and child != parts[0]
                around = (*within, "condition") if unsure else within
                follow(_Visit(child, around, visit.redirects if last else ()))
            return
        elif kind == "variable_assignment":
            self.commands.append(Command((), (self.assignment(node),), (), self.span_of(node), within))
        elif kind == "variable_assignments":
            found = tuple(self.assignment(n) for n in node.named_children if n.type == "variable_assignment")
            self.commands.append(Command((), found, (), self.span_of(node), within))
            for child in node.named_children:
                self.stack += [_Visit(grandchild, within) for grandchild in child.children]
            return
        elif kind == "function_definition":
            name = node.child_by_field_name("name")
            if name is not None:
                self.functions.append(Function(self.raw(name), self.span_of(node), visit.within))
        elif kind in _SETTING:
            self.setting(node, within)
        children = node.children
        kinds = [child.type for child in children]
        redirects = list(visit.redirects)
        if not _REDIRECTS.isdisjoint(kinds):
            redirects += [child for child, kind in zip(children, kinds, strict=True) if kind in _REDIRECTS]
        if redirects:
            self.redirects.extend(redirect for redirect, _ in map(self.redirect, redirects) if redirect)
        self.stack += [_Visit(redirect, within) for redirect in visit.redirects]
        # `cat <<END | sh` holds the rest of the pipeline inside its here-document.
        feeds = visit.piped_from if kind == "heredoc_redirect" else None
        for child, child_kind, following in zip(children, kinds, (*kinds[1:], ""), strict=False):
            if self.may_hold(child):
                around = (*within, "background") if following == "&" else within
                follow(_Visit(child, around, (), feeds if child_kind == "pipeline" else None))

    def may_hold(self, node: Node) -> bool:
        """False if a visit to the node would find nothing."""
        if not self.is_sound and (node.has_error or node.is_error):
            return True
        inside = node.child_count
        return inside > 0 and (node.descendant_count > inside + 1 or node.type not in _HOLDING)

    def pipeline(self, visit: _Visit, within: tuple[str, ...]) -> None:
        stages = [child for child in visit.node.children if child.is_named and child.type != "comment"]
        before = visit.piped_from
        for stage in stages:
            last = stage is stages[-1]
            self.stack.append(_Visit(stage, within, visit.redirects if last else (), before))
            before = self.span_of(stage)
        if not stages:
            self.stack += [_Visit(redirect, within) for redirect in visit.redirects]

    def bare(self, redirects: Sequence[Node], visit: _Visit) -> None:
        """A redirection without a command: `> file`."""
        if redirects:
            read = [self.redirect(node) for node in redirects]
            found = tuple(redirect for redirect, _ in read if redirect)
            words = self.words([node for _, extra in read for node in extra])
            self.commands.append(Command(words, (), found, self.span_of(*redirects), visit.within))
            for node in redirects:
                self.stack += [_Visit(child, visit.within) for child in node.children]

    def command(self, visit: _Visit) -> None:
        node = visit.node
        assignments: list[Assignment] = []
        redirects: list[Redirect] = []
        parts: list[Node] = []  # of words
        follow: list[Node] = []  # where substitutions may hide
        is_command, is_test = node.type == "command", node.type == "test_command"
        for child in node.children:
            kind = child.type
            if kind == "variable_assignment" and is_command:
                assignments.append(self.assignment(child))
                follow.extend(child.children)
            elif kind in _REDIRECTS:
                redirect, extra = self.redirect(child)
                redirects += [redirect] if redirect else []
                parts += extra
                follow.append(child)
            elif kind == "ERROR":
                follow.append(child)
            elif is_test:
                parts += self.test_words(child)
                follow.append(child)
            elif not self.is_sound and child.is_missing:
                self.missing(child)
            elif kind == "command_name":
                parts.append(child)
                follow.extend(child.children)
            else:
                parts.append(child)
                follow.append(child)
        for child in visit.redirects:
            redirect, extra = self.redirect(child)
            redirects += [redirect] if redirect else []
            parts += extra
            follow.append(child)
        if is_test:
            parts.insert(0, node.children[0])
        words = self.words(parts)
        self.numbers.look_at_command(node, [word.value or word.prefix for word in words], self.raw)
        while words and words[0].raw in _RESERVED:
            what = "closes nothing" if words[0].raw in _CLOSING else "is not understood"
            self.faults.append(SyntaxFault(words[0].span, f"`{words[0].raw}` {what} here"))
            words = words[1:]
        span = self.span_of(node, *visit.redirects)
        self.commands.append(
            Command(words, tuple(assignments), tuple(redirects), span, visit.within, visit.piped_from)
        )
        for child in filter(self.may_hold, follow):
            if child.type in _TESTS or child.type == "variable_assignment":  # of a declaration
                self.stack += [_Visit(grandchild, visit.within) for grandchild in child.children]
            else:
                self.stack.append(_Visit(child, visit.within, (), span))

    def test_words(self, node: Node) -> list[Node]:
        """The operand nodes inside `[[ … ]]`."""
        found: list[Node] = []
        stack = [node]
        while stack:
            at = stack.pop()
            if at.type in _TESTS:
                stack.extend(reversed(at.children))
            elif at.is_named and at.type not in _NOT_WORDS:
                found.append(at)
        return found

    # Words

    def words(self, nodes: Sequence[Node]) -> tuple[Word, ...]:
        """One word for each run of nodes that touch: the parser splits `$"…"` and some others in two."""
        found: list[Word] = []
        group: list[Node] = []
        end = 0
        for node in nodes:
            before, start, end = end, node.start_byte, node.end_byte
            if start == end:
                end = before
                continue
            # A backslash at a line's end joins what stands on both sides of it.
            if group and self.source[before:start] not in (b"", b"\\\n"):
                found.append(self.word(group))
                group = []
            if self.source[start : start + 1] == b"\n":
                self.faults.append(SyntaxFault(self.span_of(node), "a command may begin here"))
            group.append(node)
        if group:
            found.append(self.word(group))
        return tuple(found)

    def word(self, nodes: Sequence[Node]) -> Word:
        if len(nodes) == 1:
            start, end = nodes[0].start_byte, nodes[0].end_byte
            raw = self.between(start, end)
            if _BARE.fullmatch(raw):
                return Word(raw, raw, self.span(start, end), raw)
        return read_word(nodes, self.span_of(*nodes), self.source)

    def assignment(self, node: Node) -> Assignment:
        self.numbers.look(node, "variable_assignment", self.raw)
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        word = None
        plain = name is not None and name.type == "variable_name"
        if plain and value is not None and value.type != "array":
            word = self.word([value])
        return Assignment(self.raw(name).split("[")[0] if name else "", word, self.span_of(node))

    def redirect(self, node: Node) -> tuple[Redirect | None, list[Node]]:
        """The redirection, and the nodes that are really arguments of its command (`< a b`: b is)."""
        span = self.span_of(node)
        descriptor = node.child_by_field_name("descriptor")
        number = self.raw(descriptor) if descriptor else None
        if node.type == "heredoc_redirect":
            body = next((self.raw(c) for c in node.children if c.type == "heredoc_body"), "")
            start = next((self.raw(c) for c in node.children if c.type == "heredoc_start"), "")
            operator = next((c.type for c in node.children if c.type in ("<<", "<<-")), "<<")
            quoted = any(mark in start for mark in "'\"\\")
            arguments = node.children_by_field_name("argument")
            return Redirect(operator, number, None, span, body, quoted), arguments
        operator = next((c.type for c in node.children if not c.is_named), "")
        if node.type == "herestring_redirect":
            targets = [c for c in node.named_children if c.type != "file_descriptor"]
            return Redirect("<<<", number, self.word(targets[:1]) if targets else None, span), targets[1:]
        if any(c.type == "ERROR" for c in node.children):
            operator = "".join(self.raw(c) for c in node.children if not c.is_named or c.type == "ERROR")
        targets = node.children_by_field_name("destination")
        if not targets:
            return Redirect(operator, number, None, span), []
        touching = 1
        while touching < len(targets) and targets[touching - 1].end_byte == targets[touching].start_byte:
            touching += 1
        return Redirect(operator, number, self.word(targets[:touching]), span), targets[touching:]

    def setting(self, node: Node, within: tuple[str, ...]) -> None:
        """What sets a variable without looking like it: `for x in …`, `${x:=y}`, `((x = 1))`. And `${x@P}`."""
        kinds = [child.type for child in node.children]
        target = None
        if node.type == "for_statement":
            target = node.child_by_field_name("variable")
        elif node.type == "binary_expression":
            if any(kind.endswith("=") and kind not in _COMPARING for kind in kinds):
                target = node.child_by_field_name("left")
        elif ":=" in kinds or "=" in kinds:
            target = node.named_children[0] if node.named_children else None
        elif "@" in kinds and "P" in kinds:
            self.opaque.append(self.span_of(node))
        if target is not None:
            name = Assignment(self.raw(target).split("[")[0], None, self.span_of(node))
            self.commands.append(Command((), (name,), (), self.span_of(target), within))

    # Faults

    def missing(self, node: Node) -> None:
        what = "a command or word" if node.is_named else f"`{node.type}`"
        self.faults.append(SyntaxFault(self.span_of(node), f"{what} is missing here"))

    def error(self, node: Node) -> None:
        opened: list[Node] = []
        for child in node.children:
            if opened and child.type == _CLOSERS[opened[-1].type]:
                opened.pop()
            elif child.type in _CLOSERS:
                opened.append(child)
            elif child.type in ("heredoc_start",):
                self.faults.append(
                    SyntaxFault(
                        self.span_of(child), f"the here-document's end `{self.raw(child)}` is missing"
                    )
                )
                return
        if opened:
            opener = opened[0]
            closer = _CLOSERS[opener.type]
            message = (
                f"the quote {opener.type} is not closed"
                if opener.type in "\"'`"
                else f"`{opener.type}` is not closed by `{closer}`"
            )
            self.faults.append(SyntaxFault(self.span_of(opener), message))
            return
        place = node
        while place.child_count:
            place = place.children[0]
        text = self.raw(place)
        quote = text[:1] in ("'", '"', "`")
        message = f"the quote {text[0]} is not closed" if quote else f"unexpected `{text[:40]}`"
        self.faults.append(SyntaxFault(self.span_of(place), message))
