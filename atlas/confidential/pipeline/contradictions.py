"""Counts of different deliveries that cannot both be true: a part larger than its whole."""

from collections.abc import Iterator

import pandas as pd

from atlas.config import CityConfig
from atlas.terms import Group, Kind, Status
from atlas.words import first_few

_NAMED_AREAS = 5
_KEY = ["area_id", "group"]


def contradictions(counts: pd.DataFrame, config: CityConfig) -> Iterator[str]:
    """Name the Quartiere whose counts contradict each other, one sentence per pair.

    One delivery is checked when it arrives; here deliveries meet. No value is named.

    Parameters
    ----------
    counts
        One row per kind, area_id, group and measure of one reference date; columns n, status.
    """
    measures, groups = config.indicators.measures, config.indicators.groups
    is_known = (counts["kind"] == Kind.QUARTIER) & (counts["status"] == Status.PUBLISHED)
    known = counts[is_known].set_index("measure")
    for part, whole in config.indicators.nesting().items():
        if whole is None or not {part, whole} <= set(known.index):
            continue
        both = known.loc[[part]].merge(known.loc[[whole]], on=_KEY, suffixes=("", "_whole"))
        above = both[both["n"] > both["n_whole"]]
        for group, rows in above.groupby("group", sort=True):
            names = (measures[part].label, measures[whole].label)
            yield (
                f"„{names[0]}“ ist größer als „{names[1]}“ "
                f"({groups[Group(str(group))].name()}) in {_places(rows, config)}. "
                "Erwartet: höchstens gleich. Stichtag und Schlüssel beider Lieferungen "
                "vergleichen."
            )


def _places(rows: pd.DataFrame, config: CityConfig) -> str:
    area_ids = sorted(rows["area_id"].astype(str))
    named = first_few(area_ids, _NAMED_AREAS, "weiteren")
    return f"{config.areas.kinds[Kind.QUARTIER].label} {named}"
