"""Counts and releases of another edition, on the areas of this one.

Counts move by a crosswalk, shares never. Of a release hold the areas that stayed the same and
those that a crosswalk reaches; the rest is left out, so that nothing is compared that only
shares a key.
"""

from collections.abc import Iterable
from datetime import date

import geopandas as gpd
import pandas as pd

from atlas.confidential.desk import Desk
from atlas.config import Layout
from atlas.crosswalk import move_counts, read_crosswalk
from atlas.errors import GeographyError
from atlas.geography import keys_of
from atlas.indicators import area_cells, indicator_cells
from atlas.release import Release, read_boundaries
from atlas.terms import CELL_COLUMNS, REASONS, Kind, Reason, Status

# Share of an area by which its boundary may differ from storing it, not from moving it.
_SAME_BOUNDARY = 1e-6
_SHOWN = (Status.PUBLISHED, Status.ESTIMATED)
_HIDDEN = (Status.SUPPRESSED, Status.WITHHELD)


def brought_to(
    desk: Desk, edition: date, placing: Layout, counts: pd.DataFrame, place: str
) -> pd.DataFrame:
    """Move delivered counts to the areas of an edition; ``placing`` says where they lie.

    Raises
    ------
    GeographyError
        If no crosswalk leads there, it lacks an area, or shares would have to be moved.
    """
    kind, old, new = placing.kind or Kind.BLOCK, placing.edition or edition, edition
    if old == new or kind == Kind.CITY:
        return counts
    if set(counts["measure"]) & set(desk.config.indicators.indicators):
        raise _immovable(place, old, new)
    crosswalk = _read_crosswalk(desk, kind, (old, new), place)
    if lost := sorted(set(counts["area_id"]) - set(crosswalk["from_id"])):
        raise GeographyError(
            f"Umsteigeschlüssel {old} nach {new} ({kind}): Gebiet {lost[0]} des alten "
            "Gebietsstands fehlt. Erwartet: jedes alte Gebiet. Datei prüfen."
        )
    moved = move_counts(counts, crosswalk)
    keys = keys_of(desk.areas_of(new), kind)
    unknown = sorted(set(moved["area_id"]) - keys)
    if unknown:
        raise GeographyError(
            f"Umsteigeschlüssel {old} nach {new} ({kind}): Gebiet {unknown[0]} fehlt im "
            f"Gebietsstand {new}. Datei prüfen."
        )
    return _with_empty_areas(moved, keys)


def check_edition(desk: Desk, layout: Layout, reference_date: date) -> None:
    """Make sure that a delivery in another edition can be moved to the one in force.

    Raises
    ------
    GeographyError
        If there is no crosswalk, or shares would have to be moved.
    """
    new = desk.config.areas.edition_of(reference_date).id
    old = layout.edition or new
    if old == new or layout.kind in (None, Kind.CITY):
        return
    place = f"Lieferung {layout.label} zum {reference_date}"
    if layout.names() & set(desk.config.indicators.indicators):
        raise _immovable(place, old, new)
    _read_crosswalk(desk, layout.kind or Kind.BLOCK, (old, new), place)


def earlier_cells(
    desk: Desk, releases: Iterable[Release], edition: date
) -> dict[date, pd.DataFrame]:
    """Cells of other dates' releases as far as they hold for the areas of an edition."""
    return {one.info.reference_date: comparable_cells(desk, one, edition) for one in releases}


def comparable_cells(desk: Desk, release: Release, edition: date) -> pd.DataFrame:
    """Cells of a release as far as they hold for the areas of an edition.

    Returns
    -------
    pandas.DataFrame
        cells: all of them in the same edition; else those of the city, of the Quartiere whose
        boundaries did not change, and, where the city has a crosswalk of Quartiere, published
        counts moved by it and the rates that follow from them.

    Raises
    ------
    GeographyError
        If the crosswalk cannot be read or lacks an area.
    """
    if release.info.edition == edition:
        return release.cells
    areas = desk.areas_of(edition)
    areas = areas[areas["kind"] == str(Kind.QUARTIER)]
    same = _same_areas(read_boundaries(release.path, Kind.QUARTIER), areas)
    cells = release.cells
    is_kept = (cells["kind"] == str(Kind.QUARTIER)) & cells["area_id"].isin(same)
    kept = cells[is_kept | (cells["kind"] == str(Kind.CITY))]
    moved = _moved_cells(desk, release, areas[~areas["area_id"].isin(same)], edition)
    return kept if moved is None else pd.concat([kept, moved], ignore_index=True)


def _same_areas(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> list[str]:
    """Keys whose boundary is the same in both, whatever else has changed."""
    both = sorted({*old["area_id"]} & {*new["area_id"]})
    before = old.set_index("area_id").geometry.loc[both]
    after = new.set_index("area_id").geometry.loc[both].set_crs(old.crs, allow_override=True)
    moved = before.symmetric_difference(after, align=False).area
    is_same = moved <= _SAME_BOUNDARY * after.area
    return [key for key, same in zip(both, is_same, strict=True) if same]


def _moved_cells(
    desk: Desk, release: Release, areas: gpd.GeoDataFrame, edition: date
) -> pd.DataFrame | None:
    """Move counts to the changed areas and compute their rates; None without a crosswalk."""
    crosswalk = desk.config.areas.crosswalk(release.info.edition, edition, Kind.QUARTIER)
    if crosswalk is None:
        return None
    table = _read(desk, crosswalk.file)
    counts = _counts(release)
    if lost := sorted({*counts["area_id"]} - {*table["from_id"]}):
        raise GeographyError(
            f"Umsteigeschlüssel {crosswalk.file}: {', '.join(lost[:3])} fehlt. Erwartet: jedes "
            f"Gebiet des Gebietsstands {release.info.edition}. Datei ergänzen."
        )
    moved = move_counts(counts, table)
    base = _base(moved[moved["area_id"].isin(areas["area_id"])], release.info.reference_date)
    reached = areas[areas["area_id"].isin(base["area_id"])]
    sizes = area_cells(pd.DataFrame(reached), release.info.reference_date)
    base = pd.concat([base, sizes], ignore_index=True)
    config = desk.config
    rates = indicator_cells(base, config.indicators, config.protection)
    return pd.concat([base, rates], ignore_index=True)


def _read(desk: Desk, name: str) -> pd.DataFrame:
    path = desk.find_geodata(name)
    if path is None:
        raise GeographyError(
            f"Umsteigeschlüssel {name}: Datei fehlt unter geodata/. Dort ablegen."
        )
    return read_crosswalk(path)


def _counts(release: Release) -> pd.DataFrame:
    """Take published counts of Quartiere for a crosswalk; a gap is hidden or absent."""
    measures = [*release.info.config.indicators.measures]
    cells = release.cells
    chosen = cells[(cells["kind"] == str(Kind.QUARTIER)) & cells["item"].isin(measures)]
    status = pd.Series(str(Status.UNAVAILABLE), index=chosen.index)
    status = status.mask(chosen["status"].isin(map(str, _HIDDEN)), str(Status.WITHHELD))
    status = status.mask(chosen["status"].isin(map(str, _SHOWN)), str(Status.PUBLISHED))
    return pd.DataFrame(
        {
            "area_id": chosen["area_id"],
            "group": chosen["group"],
            "measure": chosen["item"],
            "n": chosen["value"],
            "status": status,
        }
    )


def _base(moved: pd.DataFrame, reference_date: date) -> pd.DataFrame:
    status = moved["status"].replace(str(Status.WITHHELD), str(Status.SUPPRESSED))
    reasons = {str(status): str(reason) for status, reason in REASONS.items()}
    cells = moved.rename(columns={"measure": "item"}).assign(
        kind=str(Kind.QUARTIER),
        reference_date=reference_date.isoformat(),
        value=moved["n"].astype(float),
        status=status,
        reason=status.map(reasons).fillna(str(Reason.NONE)),
    )
    return cells[list(CELL_COLUMNS)]


def _immovable(place: str, old: date, new: date) -> GeographyError:
    return GeographyError(
        f"{place}: fertige Anteile gelten für den Gebietsstand {old}, veröffentlicht wird in "
        f"{new}. Anteile lassen sich nicht umrechnen; Lieferung im neuen Gebietsstand "
        "anfordern."
    )


def _read_crosswalk(
    desk: Desk, kind: Kind, editions: tuple[date, date], place: str
) -> pd.DataFrame:
    old, new = editions
    crosswalk = desk.config.areas.crosswalk(old, new, kind)
    path = desk.find_geodata(crosswalk.file) if crosswalk else None
    if path is None:
        raise GeographyError(
            f"{place}: gilt für den Gebietsstand {old}, veröffentlicht wird in {new}. "
            f"Erwartet: ein Umsteigeschlüssel für {kind} ([[crosswalks]] in areas.toml). "
            "Umsteigeschlüssel ablegen oder edition in deliveries.toml prüfen."
        )
    return read_crosswalk(path)


def _with_empty_areas(counts: pd.DataFrame, keys: frozenset[str]) -> pd.DataFrame:
    """Give new areas into which nothing moves a zero."""
    items = counts[["group", "measure"]].drop_duplicates()
    grid = items.merge(pd.DataFrame({"area_id": sorted(keys)}), how="cross")
    full = grid.merge(counts, on=["area_id", "group", "measure"], how="left")
    is_empty = full["status"].isna()
    return full.assign(
        n=full["n"].mask(is_empty, 0),
        status=full["status"].mask(is_empty, str(Status.PUBLISHED)),
    )
