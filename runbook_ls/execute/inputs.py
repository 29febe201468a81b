"""What a runbook asks for: `inputs` in the front matter, and Runme's `export X=placeholder` in a shell cell.

A value reaches a cell through its environment, never through its text: `export X=<region>` runs as `export X`.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from runbook_ls.execute.dotenv import forbidden
from runbook_ls.shell import placeholders
from runbook_ls.shell.syntax import parse
from runbook_ls.values import RunbookError

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SECRET = re.compile(
    r"PASS(?:WORD|WD|PHRASE)?(?:_|$)|TOKEN|SECRET|API_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE
)
_KEYS = frozenset({"name", "prompt", "default", "choices", "secret"})


@dataclass(frozen=True, slots=True)
class Input:
    """A value that is asked for. `default` is None where there is none; `choices` empty where all is allowed.

    `asks` is False for a literal `export` that is taken as it is unless a value is given for it.
    """

    name: str
    prompt: str
    default: str | None = None
    choices: tuple[str, ...] = ()
    secret: bool = False
    asks: bool = True


def declared(inputs: object, file: str) -> tuple[Input, ...]:
    """The `inputs` of a front matter: a list of objects (`name`, `prompt`, `default`, `choices`, `secret`), of
    names, or an object from names to defaults or objects.

    Raises RunbookError that names what is wrong in `file`.
    """
    if inputs is None:
        return ()
    entries: Sequence[object]
    if isinstance(inputs, Mapping):
        entries = [
            {"name": k, **(v if isinstance(v, Mapping) else {"default": v})} for k, v in inputs.items()
        ]
    elif isinstance(inputs, list | tuple):
        entries = inputs
    else:
        raise RunbookError(
            f"{file}: `inputs` in the front matter must be a list; write `inputs: [{{name: REGION}}]`."
        )
    return tuple(_declared(entry, file) for entry in entries)


def _declared(entry: object, file: str) -> Input:
    given = entry if isinstance(entry, Mapping) else {"name": entry}
    name = str(given.get("name", ""))
    if not _NAME.fullmatch(name):
        raise RunbookError(
            f"{file}: an input in the front matter has no usable name ({name!r}); a name has letters, digits and `_`."
        )
    if forbidden(name):
        raise RunbookError(
            f"{file}: an input may not be called {name}, which decides what programs run; call it otherwise."
        )
    if unknown := sorted(str(key) for key in given if key not in _KEYS):
        raise RunbookError(
            f"{file}: input {name} has an unknown key {unknown[0]!r}; there are {', '.join(sorted(_KEYS))}."
        )
    choices = given.get("choices") or ()
    if not isinstance(choices, list | tuple):
        raise RunbookError(f"{file}: `choices` of input {name} must be a list.")
    default = given.get("default")
    secret = given.get("secret")
    return Input(
        name,
        str(given.get("prompt") or name),
        None if default is None else _text(default),
        tuple(_text(choice) for choice in choices),
        _SECRET.search(name) is not None if secret is None else secret is True,
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_EXPORT = re.compile(
    r"""(?P<export>[ \t]*export[ \t]+(?P<name>[A-Za-z_]\w*))=
        (?P<value>"[^"$`\\\n]*"|'[^'\n]*'|<[^<>\n]+>|\[[^\]\n]*\]|[^\s"'$`;&|()<>\#\\]*)
        (?P<rest>[ \t]*(?:;[ \t]*)?(?:\#[^\n]*)?)$""",
    re.VERBOSE | re.ASCII,
)
# Runme takes any bare text for a prompt; here it must look like one, or `promptEnv=yes` says so.
_PROMPTS = re.compile(r"<.*>|\[.*\]|placeholder|\.\.\.|enter\b.*|your[-_ ].*|", re.IGNORECASE)


def exported(script: str, prompt_env: str = "auto") -> tuple[Input, ...]:
    """The lines `export NAME=text` of a shell script whose text is plain, one assignment a line, at top level.

    By Runme's `promptEnv`: `auto` asks for what is a placeholder, with its text as the prompt; `yes` and `always` for
    all, with the text as the default; `no`, `never` and `false` for nothing.
    """
    mode = {
        "yes": "all",
        "always": "all",
        "true": "all",
        "no": "none",
        "never": "none",
        "false": "none",
        "0": "none",
    }.get(prompt_env.lower(), "auto")
    found: dict[str, Input] = {}
    for _, match in _exports(script):
        name, written = match["name"], match["value"]
        text = written[1:-1] if written[:1] in ("'", '"') else written
        empty = not text
        is_prompt = _PROMPTS.fullmatch(text) is not None or _is_placeholder(text)
        asks = mode == "all" or (mode == "auto" and is_prompt)
        prompt = f"{name} ({text.strip('<>[]')})" if is_prompt and not empty else name
        default = text if empty or not is_prompt else None
        found.setdefault(name, Input(name, prompt, default, (), _SECRET.search(name) is not None, asks))
    return tuple(found.values())


def _is_placeholder(text: str) -> bool:
    whole = placeholders.find(f"echo {text}")
    return len(whole) == 1 and whole[0].text == text


def without_values(script: str, names: Collection[str]) -> str:
    """The script with `export NAME=text` written as `export NAME`, for each of these names: its value comes from the
    environment. Lines stay where they are."""
    return _rewritten(script, lambda name, value: "" if name in names else f"={value}")


def with_values(script: str, values: Mapping[str, str]) -> str:
    """The script with `export NAME=text` for each of these names as if its value had been written there."""
    return _rewritten(
        script, lambda name, value: f"={shlex.quote(values[name])}" if name in values else f"={value}"
    )


def quoted(script: str) -> str:
    """The script with `export NAME=<text>` written as `export NAME="<text>"`: it asks for the same, and says the same
    to a shell that nobody asks."""
    return _rewritten(
        script,
        lambda _, value: f'="{value}"' if value[:1] == "<" and not set(value) & set('"$`\\') else f"={value}",
    )


def _rewritten(script: str, write: Callable[[str, str], str]) -> str:
    """The script with what `write` gives for name and value behind each `export NAME`."""
    lines = script.split("\n")
    for number, match in _exports(script):
        lines[number] = match["export"] + write(match["name"], match["value"]) + match["rest"]
    return "\n".join(lines)


def _exports(script: str) -> list[tuple[int, re.Match[str]]]:
    """The 0-based lines that are such an export, at the top level: in no function, here-document or quotation."""
    lines = script.split("\n")
    found = [(number, match) for number, line in enumerate(lines) if (match := _EXPORT.fullmatch(line))]
    if not found:
        return []
    for number, match in found:
        lines[number] = f"{match['export']}=x"  # `<region>` would be read as two redirections
    tops = {
        command.span.start.line
        for command in parse("\n".join(lines)).commands
        if command.name == "export" and not command.within
    }
    return [(number, match) for number, match in found if number in tops]
