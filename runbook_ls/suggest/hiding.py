"""Secrets stay here: what is sent has placeholders in their places, what comes back gets them again."""

from __future__ import annotations

import re

from runbook_ls.shell import secrets


class Hidden:
    """The secrets of one question. The same secret has the same placeholder, and placeholders are numbered in the
    order of the text, so that the same text is always sent in the same form."""

    def __init__(self, *texts: str) -> None:
        """`texts` are all that placeholders must not be confused with."""
        together = "\n".join(texts)
        self._name = next(
            name for n in range(len(together) + 1) if (name := f"RUNBOOK_SECRET{'X' * n}_") not in together
        )
        self._secrets: dict[str, str] = {}

    def hide(self, text: str) -> str:
        """`text` with placeholders for its secrets. It keeps its number of lines."""
        parts: list[str] = []
        position = 0
        for secret in secrets.find(text):
            value = text[secret.start : secret.end]
            if value not in self._secrets:
                self._secrets[value] = f"{self._name}{len(self._secrets) + 1}"
            parts += [text[position : secret.start], self._secrets[value], "\n" * value.count("\n")]
            position = secret.end
        text = "".join((*parts, text[position:]))
        # The same value may stand elsewhere without the words that gave it away.
        for value, placeholder in sorted(self._secrets.items(), key=lambda item: -len(item[0])):
            if len(value) >= _TOO_SHORT_TO_TELL:
                text = text.replace(value, placeholder + "\n" * value.count("\n"))
        return text

    def restore(self, text: str) -> str:
        """`text` with the secrets in the places of their placeholders."""
        placeholders = {placeholder: value for value, placeholder in self._secrets.items()}
        return re.sub(rf"{self._name}\d+", lambda match: placeholders.get(match[0], match[0]), text)


_TOO_SHORT_TO_TELL = 6
