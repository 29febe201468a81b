"""What a workspace is trusted with. The table of docs/configuration.md, as code."""

from __future__ import annotations

from enum import Enum


class Trust(Enum):
    """How far the user trusts the open workspace: said by the client, or not said at all."""

    TRUSTED = "trusted"
    UNKNOWN = "unknown"
    UNTRUSTED = "untrusted"

    @classmethod
    def from_client(cls, value: object) -> Trust:
        """From `initializationOptions.trusted`: true, false, or anything else for "not said"."""
        if value is True:
            return cls.TRUSTED
        return cls.UNTRUSTED if value is False else cls.UNKNOWN

    @property
    def runs(self) -> bool:
        """May a cell run at all, by the user's act?"""
        return self is not Trust.UNTRUSTED

    @property
    def strict(self) -> bool:
        """Is everything but read-only confirmed first?"""
        return self is not Trust.TRUSTED

    @property
    def external_checkers(self) -> bool:
        """May `bash -n` and shellcheck look at the cells?"""
        return self is not Trust.UNTRUSTED

    @property
    def background_learning(self) -> bool:
        """May the workspace's runbooks be read for examples without being asked to?"""
        return self is Trust.TRUSTED

    @property
    def workspace_settings(self) -> bool:
        """Do the workspace's own settings count, those that start programs or send data out included?"""
        return self is Trust.TRUSTED
