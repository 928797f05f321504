"""Releases of the city alone, as weekly and monthly sources make them, for Musterstadt."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from atlas.release import DeliveryInfo, ReleaseInfo, derive_cells, write_release
from atlas.release.write import ReleaseContent
from atlas.terms import CELL_COLUMNS, Group, Kind, Reason, Status
from tests.factories import CITY_KEY, town_areas, town_config, town_info

Values = Mapping[tuple[str, Group], float | None]

LABELS = {"alw": "Ausländerregister", "akdn": "AKDN sozial"}


def write_series(
    releases_dir: Path, day: date, sources: tuple[str, ...], values: Values, number: int = 1
) -> Path:
    """Write what these sources say about the whole city on one date; None is confidential."""
    info = series_info(day, sources, number)
    cells = derive_cells(city_cells(day, values), info.config, day, {})
    areas = town_areas()
    path = releases_dir / info.config.city.id / info.name
    write_release(path, ReleaseContent(info, cells, areas[areas["kind"] == str(Kind.CITY)]))
    return path


def series_info(day: date, sources: tuple[str, ...], number: int = 1) -> ReleaseInfo:
    """Describe a release that these sources alone have delivered for."""
    deliveries = tuple(
        DeliveryInfo(
            source=one, label=LABELS[one], supplier="", reference_date=day, number=number
        )
        for one in sources
    )
    info = town_info(town_config(), day, number)
    return info.model_copy(update={"deliveries": deliveries})


def city_cells(day: date, values: Values) -> pd.DataFrame:
    """Cells of the city, one per item and group."""
    hidden = (None, str(Status.SUPPRESSED), str(Reason.CONFIDENTIAL))
    rows = [
        (str(Kind.CITY), CITY_KEY, day.isoformat(), str(group), item)
        + (hidden if value is None else (value, str(Status.PUBLISHED), ""))
        for (item, group), value in values.items()
    ]
    columns = [
        *("kind", "area_id", "reference_date", "group", "item", "value", "status", "reason")
    ]
    return pd.DataFrame(rows, columns=columns).astype({"value": float})[list(CELL_COLUMNS)]
