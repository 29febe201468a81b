"""Reading a command line's options well enough to tell what it does. Pure.

An option table is text: `"-n= --namespace= -v"` names the options, those with `=` take a value. Words that expansion
decides are never taken for anything they might not be; every reader reports such doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from runbook_ls.shell.syntax_words import Word


@cache
def table(spec: str) -> Mapping[str, bool]:
    """The options of `spec`, each with whether it takes a value."""
    return {entry.rstrip("="): entry.endswith("=") for entry in spec.split()}


def skip_options(words: Sequence[Word], spec: str, start: int = 0) -> tuple[int, bool]:
    """The index of the first word from `start` on that is no option, and whether that is sure.

    Unsure where an option is not in `spec` or a word may turn out to be one. `--` is skipped, and ends them.
    """
    known, at = table(spec), start
    while at < len(words):
        text = words[at].prefix
        if words[at].value is None and words[at].may_be_option and not _attached_value(words[at], known):
            return at, False
        if text == "--":
            return at + 1, True
        if len(text) < 2 or not text.startswith("-"):
            return at, True
        name, _, _ = text.partition("=")
        if name in known:
            at += 2 if known[name] and "=" not in text else 1
        elif _attached_value(words[at], known) or _cluster(text, known):
            at += 2 if known.get("-" + text[-1], False) and _cluster(text, known) else 1
        else:
            return at, False
    return at, True


def _attached_value(word: Word, known: Mapping[str, bool]) -> bool:
    """`-nprod`, `--namespace=$NS`: the option is known and the rest of the word is its value."""
    if word.splits:
        return False
    name, equals, _ = word.prefix.partition("=")
    if equals and known.get(name):
        return True
    return not name.startswith("--") and len(word.prefix) > 2 and known.get(word.prefix[:2], False)


def _cluster(text: str, known: Mapping[str, bool]) -> bool:
    """`-la`: single letters, of which only the last may take a value."""
    if text.startswith("--") or "=" in text:
        return False
    return all("-" + letter in known for letter in text[1:]) and not any(
        known["-" + letter] for letter in text[1:-1]
    )


def find_option(words: Sequence[Word], spec: str, others: str = "") -> Word | None:
    """The first word that is, or may be read as, one of the options of `spec`; words after `--` are none.

    Long options count abbreviated too (`--out` of `--output`), letters inside a cluster (`-ro`), and long options
    with one dash exactly (`-destroy`). A word of `spec` without a dash is an operand (`--` does not hide it), and
    `--` itself may be one of them. Long
    options of `others` are themselves and no abbreviations.
    """
    names, complete = tuple(table(spec)), table(others)
    ended = False
    for word in words:
        text = word.prefix
        if ended or not text.startswith("-"):
            if word.value is not None and text in names:
                return word
        elif text == "--":
            if text in names:
                return word
            ended = True
        elif _names(text.partition("=")[0], names, complete):
            return word
    return None


def _names(option: str, names: Sequence[str], complete: Mapping[str, bool]) -> bool:
    for name in names:
        if name.startswith("--"):
            if option == name or (
                option.startswith("--") and name.startswith(option) and option not in complete
            ):
                return True
        elif len(name) == 2:
            if not option.startswith("--") and name[1] in option[1:]:
                return True
        elif option == name or option == "-" + name:
            return True
    return False


def doubtful(words: Sequence[Word], valued: str = "") -> Word | None:
    """The first word that expansion may turn into an option, except as the value of an option of `valued`."""
    known = table(valued)
    takes_value = False
    for word in words:
        value_here, takes_value = takes_value, False
        if word.value is None:
            named = "=" in word.prefix and word.prefix.startswith("-") and not word.splits
            if not named and (word.splits or (not value_here and word.may_be_option)):
                return word
        elif word.value == "--":
            return next((w for w in words[words.index(word) :] if w.splits), None)
        else:
            takes_value = known.get(word.value, False)
    return None
