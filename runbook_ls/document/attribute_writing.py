"""Attributes in the forms that every reader takes alike."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_PLAIN_KEY = re.compile(r"[^\W\d][\w.-]*")
_PLAIN_VALUE = re.compile(r"""[^\s"'{}`=,:\x00-\x1f\x7f]+(?:[=,:][^\s"'{}`=,:\x00-\x1f\x7f]+)*|""")


def write_attributes(attributes: Mapping[str, str]) -> str:
    """The attributes in the one form that every reader takes alike: `{name=foo}` if that will do, else JSON."""
    if all(_is_plain(key, value) for key, value in attributes.items()):
        words = " ".join(f"{key}={value}" if value else key for key, value in attributes.items())
        # A word alone in braces would be a directive of MyST.
        return "{" + words + "}" if "=" in words or " " in words or not words else f"{{ {words} }}"
    return "{" + ",".join(write_member(key, value) for key, value in attributes.items()) + "}"


def write_pair(key: str, value: str) -> str:
    """One attribute as a `key=value` word; "" if it cannot be written so."""
    return f"{key}={value}" if value and _is_plain(key, value) else ""


def write_member(key: str, value: str) -> str:
    """One attribute as a JSON member, with `}` and the backtick escaped: neither may stand in an info string."""
    member = f"{json.dumps(key, ensure_ascii=False)}:{json.dumps(value, ensure_ascii=False)}"
    return re.sub("[}`\x7f-\x9f\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", member)


def _is_plain(key: str, value: str) -> bool:
    return bool(_PLAIN_KEY.fullmatch(key) and _PLAIN_VALUE.fullmatch(value))
