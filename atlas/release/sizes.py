"""Which Quartiere are the same areas at two dates: those of the same size."""

import pandas as pd

from atlas.terms import AREA_HA, Kind

_SAME_AREA = 1e-9


def sizes_of(cells: pd.DataFrame) -> pd.Series:
    """Hectares of the Quartiere of a date, by area_id."""
    is_own = (cells["item"] == AREA_HA) & (cells["kind"] == str(Kind.QUARTIER))
    return cells[is_own].set_index("area_id")["value"].astype(float)


def of_same_size(cells: pd.DataFrame, before: pd.DataFrame) -> pd.Index:
    """Quartiere that have the hectares of an earlier date."""
    new = sizes_of(cells)
    old = sizes_of(before).reindex(new.index)
    return new.index[(old - new).abs() <= _SAME_AREA * new]
