"""What a release says about itself: the section ``atlas`` of ``datapackage.json``."""

from datetime import date
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

from atlas.config import Model, PublishedConfig
from atlas.terms import State

FORMAT = 1
"""Newest format of a release; a field that older releases lack needs a default or a new one."""


class Checks(Model):
    """What was compared before a delivery was accepted, in words of readers.

    ``passed`` found nothing; ``accepted`` found something that a person of the office looked at
    and let through. Reasons, areas and figures stay in the office.
    """

    passed: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


class DeliveryInfo(Model):
    """A delivery that served a release; its number counts corrections of the same date."""

    source: str
    label: str
    supplier: str
    reference_date: date
    number: int
    checks: Checks = Checks()


class Audit(Model):
    """Verdict and figures of the audit of protection."""

    verdict: str
    figures: dict[str, int]


class ReleaseInfo(Model):
    """Identity, state, origin and rules of a release.

    ``references`` names the releases of other dates whose parameters its method uses;
    ``key_check`` and ``ledger_check`` are fingerprints of the key and of the ledger by which it
    was protected. A release of an older program has none of the two and says nothing of them.
    """

    format: Literal[1] = 1
    reference_date: date
    number: int
    edition: date
    state: State
    missing: tuple[str, ...]
    supersedes: str | None
    reason: str
    deliveries: tuple[DeliveryInfo, ...]
    references: tuple[str, ...]
    audit: Audit
    key_check: str = ""
    ledger_check: str = ""
    config: PublishedConfig

    @property
    def name(self) -> str:
        """Directory name, e.g. ``2024-12-31.2``."""
        return f"{self.reference_date.isoformat()}.{self.number}"

    @model_serializer(mode="wrap")
    def _without_absent_checks(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        content: dict[str, Any] = dump(self)
        absent = {name for name in ("key_check", "ledger_check") if not getattr(self, name)}
        return {name: value for name, value in content.items() if name not in absent}
