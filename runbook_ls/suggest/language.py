"""The closed classes of English that an intent is made of, and the verbs of operations.

Only what grammar books list (determiners, prepositions, auxiliaries, politeness, comparison) and the generic verbs
of working with systems, grouped by what they do. No nouns, but those that announce a path.
"""

from __future__ import annotations

from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words(
    "a an the this that these those each every all any some both either no my our your his her its their only just also"
)
PREPOSITIONS = _words(
    "of in on at to from for by with without within into onto under below beneath above over inside outside between "
    "through throughout across along against around about before after since until till during ago via per as than "
    "like except excluding including using containing matching ending starting beginning"
)
NAMING = _words("named called name titled labelled labeled")
NEGATIONS = _words("not no never without except excluding ignoring omitting but")
_OTHERS = _words(
    "i me we us you it he she they them who whom which what whose where when why how there here "
    "is are was were be been being am do does did done have has had having can could will would shall should may might "
    "must need needs want wants wanted let lets please kindly now then next first finally so and and/or or but nor if "
    "not none too very more most less least much many few several such same other another own one ones again still "
    "already yet currently ever really new latest recent last past previous final out up down off back away together "
    "once twice ll s given specified following certain respective"
)
GRAMMAR = DETERMINERS | PREPOSITIONS | NAMING | _OTHERS

MORE = _words("more older larger bigger greater longer higher over above exceeding least beyond")
LESS = _words("less fewer newer younger smaller shorter lower under below within last past most")
"""On which side of an amount the values lie: "older than 3 days", "in the last hour"."""

CLAUSE_OPENERS = _words("and then please you or")
"""Words after which a verb may stand. ("To" and "let me" open a clause too, but only before the first verb.)"""

PHRASE_ENDS = PREPOSITIONS | NAMING | CLAUSE_OPENERS | _words("that which whose is are was were be")
"""Words with which the phrase that a verb acts on is over."""

WONDERING = _words("who whom whose why when where")
"""Words that open a question about the world rather than about a system. ("What" and "how" open both.)"""

QUANTIFIERS = _words("many much which what whose few several")
"""Words after which a noun stands, though they may open a sentence."""

PATH_NOUNS = _words("file directory subdirectory path filesystem system")
"""The nouns that announce a path, as "days" announces a duration."""

_DIRECTORY = _words("folder folders dir dirs directories tree trees subtree subtrees")
_NO_ADVERBS = _words("apply reply supply family assembly")

_OPERATIONS = {
    "show": "show list display print get see view read describe enumerate output fetch tell return dump inspect "
    "query retrieve report count look watch tail examine cat browse",
    "find": "find search locate look grep seek discover",
    "delete": "delete remove erase drop purge destroy wipe clean prune uninstall unlink clear rm",
    "create": "create make add new generate build initialize initialise init provision register construct",
    "start": "start launch run execute boot begin invoke trigger bring",
    "stop": "stop halt kill terminate shutdown end cancel abort",
    "restart": "restart reboot bounce reload cycle roll",
    "copy": "copy duplicate clone replicate sync synchronise synchronize mirror back backup archive",
    "move": "move rename relocate",
    "change": "change make set modify update edit alter adjust configure patch assign switch apply",
    "scale": "scale resize grow shrink",
    "install": "install",
    "upgrade": "upgrade update bump",
    "download": "download fetch pull get retrieve",
    "upload": "upload push publish send deploy ship release",
    "rollback": "rollback revert undo restore",
    "check": "check verify test validate confirm ensure ask whether",
    "compare": "compare diff",
    "open": "open",
    "close": "close",
    "enable": "enable activate set",
    "disable": "disable deactivate",
    "connect": "connect log login attach ssh join open",
    "silence": "silence mute snooze",
    "wait": "wait sleep",
    "compress": "compress zip pack archive",
    "extract": "extract unzip untar unpack decompress",
    "sort": "sort order",
    "replace": "replace substitute swap",
    "calculate": "calculate compute add sum total count",
}

_PHRASAL = {
    "get rid": "delete",
    "take down": "stop delete",
    "tear down": "delete",
    "clean up": "delete",
    "shut down": "stop",
    "bring up": "start open",
    "spin up": "start create",
    "set up": "install create",
    "roll back": "rollback",
    "roll out": "upload restart",
    "turn on": "enable start",
    "turn off": "disable stop",
    "switch on": "enable start",
    "switch off": "disable stop",
    "look up": "find show",
    "back up": "copy",
    "log out": "close",
}
READING = _words("show find check compare calculate sort wait")
"""The operations that change nothing."""


def _by_verb() -> dict[str, frozenset[str]]:
    out: dict[str, frozenset[str]] = {}
    for name, verbs in _OPERATIONS.items():
        for verb in verbs.split():
            out[verb] = out.get(verb, frozenset()) | {name}
    return out


_VERBS = _by_verb()


def is_adverb(word: str) -> bool:
    """True for a lower-case word such as "recursively"."""
    return len(word) > 4 and word.endswith("ly") and word not in _NO_ADVERBS


@lru_cache(maxsize=16384)
def stem(word: str) -> str:
    """`word` in lower case without its plural or adverb ending: the same stem means the same word."""
    w = word.lower()
    if w in _DIRECTORY:
        return "directory"
    if is_adverb(w):
        return w[:-2]
    if len(w) > 4 and w.endswith("ies"):
        return w[:-3] + "y"
    if len(w) > 4 and w.endswith(("sses", "shes", "ches", "xes")):
        return w[:-2]
    if len(w) > 3 and w.endswith("s") and not w.endswith(("ss", "us", "is")):
        return w[:-1]
    return w


@lru_cache(maxsize=8192)
def operations(word: str, particle: str = "") -> frozenset[str]:
    """The operations that `word` can name as a verb ("removes" → {"delete"}), with the word after it where the two
    make one verb ("get rid"); empty if it is no such verb."""
    w = word.lower()
    forms = [w, stem(w)]
    if w.endswith("ing"):
        forms += [w[:-3], w[:-3] + "e", w[:-4]]
    if w.endswith("ed"):
        forms += [w[:-2], w[:-1], w[:-3]]
    for form in forms:
        phrasal = _PHRASAL.get(f"{form} {particle}")
        if phrasal:
            return _words(phrasal)
    return next((_VERBS[form] for form in forms if form in _VERBS), frozenset())


def reverses(verb: str, other: str) -> bool:
    """True if one verb undoes the other by its prefix: lock and unlock, encrypt and decrypt, attach and detach."""
    a, b = stem(verb), stem(other)
    return any(
        x == prefix + y or (len(y) > 5 and x != y and x == prefix + y[2:])
        for x, y in ((a, b), (b, a))
        for prefix in ("un", "de", "dis")
    )
