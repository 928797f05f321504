"""Releases of other dates on the areas of this one: the same areas, or through a crosswalk.

What is neither is left out, so that nothing is compared that only shares a key.
"""

from datetime import date

import geopandas as gpd
import pandas as pd

from atlas.confidential.pipeline.count import find_geodata
from atlas.confidential.pipeline.office import Office
from atlas.crosswalk import move_counts, read_crosswalk
from atlas.errors import GeographyError
from atlas.indicators import area_cells, indicator_cells
from atlas.release import Release, read_boundaries
from atlas.terms import CELL_COLUMNS, REASONS, Kind, Reason, Status

# Share of an area by which its boundary may differ from storing it, not from moving it.
_SAME_BOUNDARY = 1e-6
_SHOWN = (Status.PUBLISHED, Status.ESTIMATED)
_HIDDEN = (Status.SUPPRESSED, Status.WITHHELD)


def comparable_cells(office: Office, release: Release, edition: date) -> pd.DataFrame:
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
    areas = office.areas_of(edition)
    areas = areas[areas["kind"] == str(Kind.QUARTIER)]
    same = _same_areas(read_boundaries(release.path, Kind.QUARTIER), areas)
    cells = release.cells
    is_kept = (cells["kind"] == str(Kind.QUARTIER)) & cells["area_id"].isin(same)
    kept = cells[is_kept | (cells["kind"] == str(Kind.CITY))]
    moved = _moved_cells(office, release, areas[~areas["area_id"].isin(same)], edition)
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
    office: Office, release: Release, areas: gpd.GeoDataFrame, edition: date
) -> pd.DataFrame | None:
    """Move counts to the changed areas and compute their rates; None without a crosswalk."""
    crosswalk = office.config.areas.crosswalk(release.info.edition, edition, Kind.QUARTIER)
    if crosswalk is None:
        return None
    table = _read(office, crosswalk.file)
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
    config = office.config
    rates = indicator_cells(base, config.indicators, config.protection.min_denominator)
    return pd.concat([base, rates], ignore_index=True)


def _read(office: Office, name: str) -> pd.DataFrame:
    path = find_geodata(office, name)
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
