"""Schools with pupils and social index: checked, and made into a file of a release.

schools: one row per school; columns ``layer``, ``name``, ``quartier``, ``key``, ``pupils``,
``social_index`` (texts, empty: not known), ``geometry`` in the city's metric CRS.
"""

from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from atlas.config import ProtectionRules, PupilColumns
from atlas.geography.draw import MAP_DECIMALS, json_bytes
from atlas.words import counted

_KEY, _COUNT, _INDEX = r"\S{1,40}", r"\d{1,6}", r"\d{1,6}(?:[.,]\d{1,6})?"
_COLUMNS = ["layer", "key", "name", "quartier", "pupils", "social_index", "geometry"]


def faults_of_pupils(
    schools: pd.DataFrame, told: PupilColumns, rules: ProtectionRules, place: str
) -> Iterator[str]:
    """Say what must not leave, or nobody could read; rows are those inside the city.

    A small count is refused, not hidden: a gap that only small counts make would tell them.
    """
    keys, counts, indices = (schools[name] for name in ("key", "pupils", "social_index"))
    is_bad = ~keys.str.fullmatch(_KEY) | keys.duplicated(keep=False)
    yield from _fault(
        is_bad,
        f"{place}, Spalte „{told.key}“",
        "ohne eigene Schulnummer. Erwartet: je Schule eine, ohne Leerzeichen. In der Quelle "
        "berichtigen.",
    )
    is_count = counts.str.fullmatch(_COUNT)
    yield from _fault(
        ~is_count & (counts != ""),
        f"{place}, Spalte „{told.count}“",
        "ohne ganze Zahl. Erwartet: Schüler*innen der Schule, oder leer. In der Quelle "
        "berichtigen.",
    )
    number = pd.to_numeric(counts.where(is_count))
    least = 0 if rules.zero_is_sensitive else 1
    yield from _fault(
        (number >= least) & (number < rules.min_count),
        f"{place}, Spalte „{told.count}“",
        f"mit weniger als {rules.min_count} Schüler*innen. So kleine Zahlen verlassen das Amt "
        "nicht. In der Quelle leeren oder die Schule mit filter weglassen.",
    )
    yield from _fault(
        ~indices.str.fullmatch(_INDEX) & (indices != ""),
        f"{place}, Spalte „{told.social_index}“",
        "ohne Zahl ab 0. Erwartet: je höher, desto mehr Bedarf, oder leer. In der Quelle "
        "berichtigen.",
    )


def pupils_json(frames: Iterable[gpd.GeoDataFrame]) -> bytes:
    """Write schools by layer and key; empty without any.

    Returns
    -------
    JSON ``{"schools": [[layer, key, name, key of the Quartier, longitude, latitude, pupils,
    social index], …]}``; null: not known.
    """
    found = [frame[_COLUMNS].to_crs("EPSG:4326") for frame in frames if "pupils" in frame]
    if not found:
        return b""
    schools = pd.concat(found, ignore_index=True)
    places = np.round(shapely.get_coordinates(schools.geometry.values), MAP_DECIMALS)
    rows = [
        [
            *(row.layer, row.key, row.name or row.key, row.quartier, *place),
            int(row.pupils) if row.pupils else None,
            float(row.social_index.replace(",", ".")) if row.social_index else None,
        ]
        for row, place in zip(schools.itertuples(), places.tolist(), strict=True)
    ]
    return json_bytes({"schools": sorted(rows, key=lambda row: row[:2])})


def _fault(is_bad: pd.Series, where: str, told: str) -> Iterator[str]:
    if count := int(is_bad.sum()):
        yield f"{where}: {counted(count, 'Zeile', 'Zeilen')} {told}"
