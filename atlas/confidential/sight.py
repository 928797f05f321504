"""What one look reads of files whose content counts: configuration, boundaries, releases.

Each file is read once per look and never trusted beyond it.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from atlas.confidential.desk import Desk
from atlas.config import PublishedConfig
from atlas.errors import ReleaseError
from atlas.exchange.datastate import HindcastEntry, ReleaseEntry
from atlas.indicators import base_items
from atlas.release import (
    ReleaseRef,
    read_cells,
    read_checks,
    read_hindcasts,
    read_info,
    read_state,
    read_withdrawal,
)
from atlas.release.whole import is_whole
from atlas.terms import CELL_COLUMNS, NEED_INDEX, Group, Kind, Status


@dataclass(frozen=True)
class DatedConfig:
    """What is configured for one reference date.

    Attributes
    ----------
    text
        All of it, in one order.
    published
        What its release holds of it.
    """

    text: str
    published: PublishedConfig


class Sight:
    """What one look has read of files whose content counts; each is read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._configs: dict[tuple[date | None, ...], DatedConfig] = {}
        self._boundaries: dict[date, list[str]] = {}
        self._digests: dict[Path, str] = {}
        self._scaled: dict[Path, frozenset[Group]] = {}
        self._used: dict[Path, str] = {}
        self._entries: dict[ReleaseRef, ReleaseEntry] = {}
        self._whole: dict[Path, bool] = {}
        self._checks: dict[Path, tuple[str, str]] = {}

    def config_of(self, reference_date: date, before: date | None) -> DatedConfig:
        """Give the configuration of a date, and of the date before it, where rules changed."""
        levels = self.desk.config.levels
        days = (reference_date, before or reference_date)
        key = tuple(levels.edition_at(day) for day in days)
        if key not in self._configs:
            own, old = (levels.at(day) for day in days)
            rules = {"levels": own, "former": None if key[0] == key[1] else old}
            texts = {name: one.model_dump(mode="json") for name, one in rules.items() if one}
            self._configs[key] = DatedConfig(
                json.dumps(self._config | texts, sort_keys=True),
                self._published.model_copy(update=rules),
            )
        return self._configs[key]

    @cached_property
    def _config(self) -> dict[str, Any]:
        return self.desk.config.model_dump(mode="json")

    @cached_property
    def _published(self) -> PublishedConfig:
        return self.desk.config.published()

    @cached_property
    def told(self) -> frozenset[str]:
        """Names of the releases that the ledger knew when this look began."""
        paths = self.desk.ledger_dir.glob("*.parquet")
        return frozenset(path.name.rsplit(".", 2)[0] for path in paths)

    def scaled_of(self, ref: ReleaseRef) -> frozenset[Group]:
        """Name the groups whose levels in a release follow from its own complete figures."""
        if ref.path not in self._scaled:
            try:
                cells = read_cells(ref.path)
            except ReleaseError:  # who refers to it is told; it stays the one referred to
                return frozenset(self.desk.config.indicators.groups)
            is_own = (cells["item"] == NEED_INDEX) & (cells["status"] == str(Status.PUBLISHED))
            self._scaled[ref.path] = frozenset(map(Group, cells.loc[is_own, "group"].unique()))
        return self._scaled[ref.path]

    def is_whole(self, ref: ReleaseRef) -> bool:
        """Whether every file of a release is as it was written."""
        if ref.path not in self._whole:
            self._whole[ref.path] = is_whole(ref.path)
        return self._whole[ref.path]

    def checks_of(self, ref: ReleaseRef) -> tuple[str, str]:
        """Give the fingerprints of key and ledger by which a release was protected."""
        if ref.path not in self._checks:
            self._checks[ref.path] = read_checks(ref.path)
        return self._checks[ref.path]

    def boundaries_of(self, edition: date) -> list[str]:
        """Hash every file of an edition, every crosswalk, and what lies between areas."""
        if edition not in self._boundaries:
            areas = self.desk.config.areas
            own = areas.edition_of(edition)
            layers = [*own.layers().values(), *own.overlays().values()]
            names = [layer.file for layer in layers if layer.file]
            names += [layer.crosswalk for layer in layers if layer.crosswalk]
            names += [crosswalk.file for crosswalk in areas.crosswalks]
            context = self.desk.config.context
            names += [layer.file for layer in context.layers] if context else []
            paths = [self.desk.find_geodata(name) for name in names]
            self._boundaries[edition] = [self._digest_of(path) for path in paths if path]
        return self._boundaries[edition]

    def used_of(self, release: Path) -> str:
        """Identify what other dates use of a release: counts, rates, means and spreads."""
        if release not in self._used:
            indicators = read_info(release).config.indicators
            names = {*indicators.indicators}
            parts = {f"{name}{part}" for name in names for part in (".mean", ".sd")}
            cells = read_cells(release)
            is_used = cells["item"].isin(base_items(indicators) | names | parts)
            is_used &= cells["kind"].isin([Kind.QUARTIER, Kind.CITY])
            text = cells.loc[is_used, list(CELL_COLUMNS)].to_csv(index=False)
            self._used[release] = hashlib.sha256(text.encode()).hexdigest()
        return self._used[release]

    def entry_of(self, ref: ReleaseRef) -> ReleaseEntry:
        """Give what the dashboard is told of a release."""
        if ref not in self._entries:
            state, missing = read_state(ref.path)
            withdrawal = read_withdrawal(ref.path)
            self._entries[ref] = ReleaseEntry(
                reference_date=ref.reference_date,
                number=ref.number,
                state=state,
                missing=missing,
                withdrawn=withdrawal.when if withdrawal else None,
                withdrawn_because=withdrawal.reason if withdrawal else "",
                hindcasts=tuple(
                    HindcastEntry(
                        group=group,
                        counted=one.counted,
                        wrong=one.wrong,
                        unsure=one.unsure,
                    )
                    for group, one in read_hindcasts(ref.path).items()
                ),
            )
        return self._entries[ref]

    def _digest_of(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = hashlib.sha256(path.read_bytes()).hexdigest()
        return self._digests[path]
