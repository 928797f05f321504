"""From the deliveries of one reference date to a verified draft of a release."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd

from atlas import __version__
from atlas.confidential.journal import append
from atlas.confidential.pipeline.comparable import comparable_cells
from atlas.confidential.pipeline.contradictions import contradictions
from atlas.confidential.pipeline.count import (
    Deliveries,
    count,
    count_series,
    find_geodata,
    reference_dates,
    served_by,
)
from atlas.confidential.pipeline.office import Office
from atlas.confidential.pipeline.protection import Guarded, guard, keep_proof
from atlas.config import PublishedConfig
from atlas.errors import ConfigError, DeliveryError
from atlas.indicators import area_cells, base_items
from atlas.release import (
    DeliveryInfo,
    Release,
    ReleaseContent,
    ReleaseInfo,
    derive_cells,
    list_releases,
    open_release,
    referred_dates,
    verify_release,
    write_release,
)
from atlas.terms import (
    CELL_COLUMNS,
    NEED_LEVEL,
    REASONS,
    Kind,
    Level,
    Reason,
    State,
    Status,
)


def fingerprint(office: Office, reference_date: date) -> str:
    """Identify everything that the release of one date follows from."""
    areas = office.config.areas
    layers = areas.edition_of(reference_date).layers()
    names = [layer.file for layer in layers.values() if layer.file]
    names += [crosswalk.file for crosswalk in areas.crosswalks]
    files = [find_geodata(office, name) for name in names]
    parts = {
        "version": __version__,
        "config": office.config.model_dump(mode="json"),
        "geodata": [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path],
        "deliveries": {
            name: one.content for name, one in served_by(office, reference_date).items()
        },
        "references": [_used_of(one) for one in _references(office, reference_date)],
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def build(office: Office, reference_date: date) -> Path:
    """Count, protect, compute and write the draft of the next release of one date.

    Returns
    -------
    Path
        The draft's directory, named like the release it would become.
    """
    observer = office.observer
    inputs = fingerprint(office, reference_date)
    deliveries = served_by(office, reference_date)
    areas = _areas(office, reference_date)
    counts, shares = _counted(office, reference_date, areas)
    guarded = guard(office, reference_date, counts, areas)
    with observer.step(f"{reference_date} rechnen", None):
        references = _references(office, reference_date)
        base = _base(reference_date, areas, [guarded.protected.cells, shares])
        config = _config_of(office, reference_date)
        edition = config.areas.edition_of(reference_date).id
        earlier = _earlier(office, references, edition)
        cells = derive_cells(base, config, reference_date, earlier)
    with observer.step(f"{reference_date} schreiben", None):
        previous = latest_release(office, reference_date)
        info = _info(office, reference_date, deliveries, guarded, previous)
        names = tuple(one.info.name for one in references)
        info = info.model_copy(update={"references": names, "config": config})
        draft = office.drafts_dir / info.name
        shutil.rmtree(draft, ignore_errors=True)
        keep_proof(office, info.name, guarded)
        before = previous.cells if previous else None
        write_release(draft, ReleaseContent(info, cells, areas, before))
    details = {"hash": tree_hash(draft), "fingerprint": inputs}
    append(office.log_path, "built", info.name, details)
    return draft


def _counted(
    office: Office, reference_date: date, areas: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    deliveries = served_by(office, reference_date)
    with office.observer.step(f"{reference_date} zählen", None):
        if _is_series(office, reference_date):
            return count_series(office, reference_date, deliveries, pd.DataFrame(areas))
        counts, shares = count(office, reference_date, deliveries)
    for doubt in contradictions(counts, office.config):
        office.observer.say(f"Stichtag {reference_date}: {doubt}")
    return counts, shares


def verify(office: Office, directory: Path) -> None:
    """Rebuild every file of a draft or release from its published cells and compare bytes."""
    release = open_release(directory)
    with office.observer.step(f"{release.info.name} nachrechnen", None):
        areas = office.areas_of(release.info.edition)
        areas = areas[areas["kind"].isin(release.areas["kind"])].reset_index(drop=True)
        used = [open_release(office.releases_dir / name) for name in release.info.references]
        before = release.info.supersedes
        previous = open_release(office.releases_dir / before).cells if before else None
        earlier = _earlier(office, used, release.info.edition)
        verify_release(directory, areas, previous, earlier)
    append(office.log_path, "verified", release.info.name, {"hash": tree_hash(directory)})


def latest_release(office: Office, reference_date: date) -> Release | None:
    """Newest published release of one reference date."""
    path = latest_path(office, reference_date)
    return open_release(path) if path else None


def latest_path(office: Office, reference_date: date) -> Path | None:
    """Directory of the newest published release of one reference date."""
    refs = [r for r in list_releases(office.releases_dir) if r.reference_date == reference_date]
    return refs[-1].path if refs else None


def tree_hash(directory: Path) -> str:
    """Hash of all files of a release, by which people approve it."""
    digest = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _check_exclusions(office: Office) -> None:
    """Refuse an exclusion of an area that no edition has: somebody meant another one.

    Raises
    ------
    ConfigError
        Naming the area; it would be classified unnoticed.
    """
    for one in office.config.levels.exclusions:
        newest_first = reversed(office.config.areas.editions)
        editions = (office.areas_of(edition.id) for edition in newest_first)
        if not any(_is_quartier(areas, one.area_id) for areas in editions):
            raise ConfigError(
                f"Konfiguration levels.toml, exclusions: Quartier {one.area_id} gibt es in "
                "keinem Gebietsstand. Erwartet: ein Schlüssel aus den Grenzen, mit führenden "
                "Nullen. area_id berichtigen."
            )


def _is_quartier(areas: gpd.GeoDataFrame, area_id: str) -> bool:
    return bool(((areas["kind"] == str(Kind.QUARTIER)) & (areas["area_id"] == area_id)).any())


def _is_series(office: Office, reference_date: date) -> bool:
    return reference_date not in reference_dates(office)


def _areas(office: Office, reference_date: date) -> gpd.GeoDataFrame:
    areas = office.areas_of(office.config.areas.edition_of(reference_date).id)
    if _is_series(office, reference_date):
        return areas[areas["kind"] == str(Kind.CITY)].reset_index(drop=True)
    _check_exclusions(office)
    return areas


def _references(office: Office, reference_date: date) -> list[Release]:
    """Newest releases of the other dates that the method of this date needs."""
    opened = {*reference_dates(office)}
    if reference_date not in opened:  # a series has no levels
        return []
    published = {one.reference_date for one in list_releases(office.releases_dir)} & opened
    config = office.config.published()
    if not _is_waiting(office, reference_date):  # nothing to carry forward
        levels = config.levels.model_copy(update={"provisional": "no_level"})
        config = config.model_copy(update={"levels": levels})
    days = referred_dates(config, reference_date, sorted(published))
    found = [latest_release(office, day) for day in days]
    return [release for release in found if release is not None]


def _is_waiting(office: Office, reference_date: date) -> bool:
    """Whether a source that exists at this date has not arrived."""
    deliveries = served_by(office, reference_date)
    return any(
        layout.covers(reference_date) and layout.id not in deliveries
        for layout in office.config.deliveries.layouts
    )


def _used_of(release: Release) -> str:
    """Identify what other dates use of a release: its counts, rates, means and spreads."""
    indicators = release.info.config.indicators
    names = {*indicators.indicators}
    used = base_items(indicators) | names | {f"{n}{p}" for n in names for p in (".mean", ".sd")}
    cells = release.cells
    is_used = cells["item"].isin(used) & cells["kind"].isin([Kind.QUARTIER, Kind.CITY])
    text = cells.loc[is_used, list(CELL_COLUMNS)].to_csv(index=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _config_of(office: Office, reference_date: date) -> PublishedConfig:
    """Leave out what this date does not follow from: other editions, where rows are counted."""
    config = office.config.published()
    edition = config.areas.edition_of(reference_date)
    areas = config.areas.model_copy(update={"editions": (edition,), "crosswalks": ()})
    url = type(config.city).model_fields["aggregate_url"].default
    city = config.city.model_copy(update={"aggregate_url": url})
    return config.model_copy(update={"areas": areas, "city": city})


def _base(
    reference_date: date, areas: gpd.GeoDataFrame, counts: list[pd.DataFrame]
) -> pd.DataFrame:
    given = pd.concat([one.astype({"n": float}) for one in counts], ignore_index=True)
    given = given.rename(columns={"measure": "item", "n": "value"})
    reasons = {str(status): str(reason) for status, reason in REASONS.items()}
    given = given.assign(
        reference_date=reference_date.isoformat(),
        reason=given["status"].map(reasons).fillna(str(Reason.NONE)),
    )[list(CELL_COLUMNS)]
    return pd.concat(
        [_mark_levels(given), area_cells(areas, reference_date)], ignore_index=True
    )


def _mark_levels(given: pd.DataFrame) -> pd.DataFrame:
    """Say of delivered levels that they were published before; gaps are computed as ever.

    Raises
    ------
    DeliveryError
        If a level is none.
    """
    is_level = given["item"] == NEED_LEVEL
    is_shown = is_level & (given["status"] == str(Status.PUBLISHED))
    if not given.loc[is_shown, "value"].isin([int(level) for level in Level]).all():
        raise DeliveryError(
            "Gelieferte Stufen (need_level): keine Stufe. Erwartet: ganze Zahlen von 1 bis 4. "
            "Lieferung berichtigen oder item in deliveries.toml prüfen."
        )
    marked = given.assign(reason=given["reason"].mask(is_shown, str(Reason.PUBLISHED_BEFORE)))
    return marked[~is_level | is_shown]


def _earlier(
    office: Office, releases: list[Release], edition: date
) -> dict[date, pd.DataFrame]:
    return {
        release.info.reference_date: comparable_cells(office, release, edition)
        for release in releases
    }


def _info(
    office: Office,
    reference_date: date,
    deliveries: Deliveries,
    guarded: Guarded,
    previous: Release | None,
) -> ReleaseInfo:
    layouts = office.config.deliveries.layouts
    missing = [
        layout.label
        for layout in layouts
        if layout.is_required
        and layout.covers(reference_date)
        and layout.id not in deliveries
        and not _is_series(office, reference_date)
    ]
    served = tuple(
        DeliveryInfo(
            source=layout.source,
            label=layout.label,
            supplier=layout.supplier,
            reference_date=deliveries[layout.id].reference_date,
            number=deliveries[layout.id].number,
        )
        for layout in layouts
        if layout.id in deliveries
    )
    return ReleaseInfo(
        reference_date=reference_date,
        number=previous.info.number + 1 if previous else 1,
        edition=office.config.areas.edition_of(reference_date).id,
        state=State.PROVISIONAL if missing else State.FINAL,
        missing=tuple(missing),
        supersedes=previous.info.name if previous else None,
        reason=_reason(served, previous),
        deliveries=served,
        references=(),
        audit=guarded.audit(),
        config=office.config.published(),
    )


def _reason(served: tuple[DeliveryInfo, ...], previous: Release | None) -> str:
    if previous is None:
        return "Erste Veröffentlichung dieses Stichtags"
    before = {one.source: one.number for one in previous.info.deliveries}
    new = [one.label for one in served if one.source not in before]
    corrected = [
        one.label for one in served if before.get(one.source, one.number) != one.number
    ]
    parts = []
    if new:
        parts.append(f"eingegangen: {', '.join(new)}")
    if corrected:
        parts.append(f"berichtigt: {', '.join(corrected)}")
    return "; ".join(parts) or "Konfiguration, Gebietsstand oder Programm geändert"
