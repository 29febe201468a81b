"""The closed classes of English that an intent is made of, and the verbs of operations.

Only what grammar books list (determiners, prepositions, auxiliaries, politeness) and the generic verbs of working
with systems, grouped by what they do. No nouns.
"""

from __future__ import annotations

DETERMINERS = frozenset(
    "a an the this that these those each every all any some both either no my our your his her its their "
    "only just also".split()
)
PREPOSITIONS = frozenset(
    "of in on at to from for by with without within into onto under below beneath above over inside outside between "
    "through throughout across along against around about before after since until till during ago via per as than "
    "like except excluding including using named called containing matching ending starting beginning".split()
)
NAMING = frozenset("named called name titled labelled labeled".split())
FUNCTION = frozenset(
    "i me we us you it he she they them who whom which what whose where when why how there here "
    "is are was were be been being am do does did done have has had having can could will would shall should may might "
    "must need needs want wants wanted like let lets please kindly now then next first finally so and and/or or but nor if "
    "not none also too very more most less least much many few several such same other another own "
    "one ones again still already yet currently ever just really new latest recent last past previous final "
    "out up down off back away together once twice than as ll s".split()
)
STOP = DETERMINERS | PREPOSITIONS | FUNCTION
# Words that say on which side of an amount the values lie.
MORE = frozenset("more older larger bigger greater longer higher over above exceeding least beyond".split())
LESS = frozenset("less fewer newer younger smaller shorter lower under below within last past most".split())
CLAUSE_OPENERS = frozenset("and then to please me you or".split())  # a verb may follow
# The nouns that announce a path, as "days" announces a duration.
PATH_NOUNS = frozenset("file directory subdirectory path filesystem system".split())


NEGATIONS = frozenset("not no never without except excluding ignoring omitting but".split())


def is_function(word: str) -> bool:
    """True for a lower-case word of grammar."""
    return word in STOP


def is_adverb(word: str) -> bool:
    """True for a word such as "recursively"."""
    return len(word) > 4 and word.endswith("ly") and word not in {"apply", "reply", "supply"}


_OPERATIONS = {
    "show": "show list display print get see view read describe enumerate output fetch tell give return dump inspect "
    "query retrieve report count look watch tail examine cat browse",
    "find": "find search locate look grep seek discover",
    "delete": "delete remove erase drop purge destroy wipe clean prune uninstall unlink clear rm discard",
    "create": "create make add new generate build initialize initialise init provision register construct",
    "start": "start launch run execute boot begin invoke trigger bring",
    "stop": "stop halt kill terminate shutdown end cancel abort",
    "restart": "restart reboot bounce reload cycle roll",
    "copy": "copy duplicate clone replicate sync synchronise synchronize mirror back backup archive",
    "move": "move rename relocate",
    "change": "change set modify update edit alter adjust configure patch assign switch apply",
    "scale": "scale resize grow shrink",
    "install": "install",
    "upgrade": "upgrade update bump",
    "download": "download fetch pull get retrieve",
    "upload": "upload push publish send deploy ship release",
    "rollback": "rollback revert undo restore roll",
    "check": "check verify test validate confirm ensure ask whether",
    "compare": "compare diff",
    "open": "open",
    "close": "close",
    "enable": "enable activate turn",
    "disable": "disable deactivate turn",
    "connect": "connect log login attach ssh join",
    "silence": "silence mute snooze",
    "wait": "wait sleep",
    "compress": "compress zip pack archive",
    "extract": "extract unzip untar unpack decompress",
    "sort": "sort order",
    "replace": "replace substitute swap",
    "calculate": "calculate compute sum total count",
}
OPERATIONS: dict[str, frozenset[str]] = {}
for _name, _verbs in _OPERATIONS.items():
    for _verb in _verbs.split():
        OPERATIONS[_verb] = OPERATIONS.get(_verb, frozenset()) | {_name}


_DIRECTORY = frozenset("folder folders dir dirs directories tree trees subtree subtrees".split())


def stem(word: str) -> str:
    """`word` in lower case without its plural or its commonest verb ending; the same stem means the same word."""
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


def operations(word: str) -> frozenset[str]:
    """The operations that `word` can name as a verb ("removes" → {"delete"}); empty if it is no such verb."""
    w = word.lower()
    forms = [w, stem(w)]
    if w.endswith("ing"):
        forms += [w[:-3], w[:-3] + "e", w[:-4]]
    if w.endswith("ed"):
        forms += [w[:-2], w[:-1], w[:-3]]
    for form in forms:
        if form in OPERATIONS:
            return OPERATIONS[form]
    return frozenset()
