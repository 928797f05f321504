"""Generated persons to the columns that the offices deliver; knows no file name.

Population register and foreigner register: one row per person; SGB II: one row per Quartier.
"""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from atlas.demo import codes
from atlas.demo.persons import Bools, Ints, ages, chosen, is_migrant

# A bijection on ten digits: the factor shares no divisor with 10.
_KEY_FACTOR, _KEY_OFFSET, _KEYS = 7_364_529_401, 2_718_281_828, 10**10
_STRANGER_SERIAL = 900_000_000
_STRANGER_SHARE = 0.008
_BORN_ABROAD_SHARE = 0.7
_WORKING_AGE_ENDS = 66
_ANONYMISED_BELOW = 3
_ANONYMISED = "*"


def population_register(
    persons: pd.DataFrame, block_ids: NDArray[np.object_], year: int
) -> pa.Table:
    """Extract of the population register at 31 December, in the order of the keys."""
    keys = _keys(persons["person"].to_numpy())
    order = np.argsort(keys)
    persons, keys = persons.iloc[order], keys[order]
    nation = codes.NATIONS[persons["nation"].to_numpy()]
    origin, route = persons["origin"].to_numpy(), persons["route"].to_numpy()
    is_foreign = origin == codes.FOREIGN
    came = is_foreign & (persons["luck"].to_numpy() < _BORN_ABROAD_SHARE)
    is_child = ages(persons["born"].to_numpy(), year) < 18
    acquired = np.array(["", "E", "A"])[
        (route == codes.NATURALISED) + 2 * (route == codes.RESETTLER)
    ]
    from_abroad = came | np.isin(route, [codes.MOVED, codes.RESETTLER])
    born_abroad = came | np.isin(route, [codes.BORN_ABROAD, codes.RESETTLER])
    days = pa.array(persons["born"].to_numpy().astype("int32")).cast(pa.date32())
    return pa.table(
        {
            "PERSONENSCHLUESSEL": _texts(keys),
            "BAUBLOCK": pa.array(block_ids[persons["block"].to_numpy()], pa.string()),
            "GEBURTSDATUM": pc.strftime(days, format="%d.%m.%Y"),
            "STAATSANGEHOERIGKEIT": np.where(is_foreign, nation, codes.GERMANY),
            "ZWEITE_STAATSANGEHOERIGKEIT": np.where(route == codes.SECOND, nation, ""),
            "DEUTSCH_DURCH": acquired,
            "ZUZUG_AUS": np.where(from_abroad, nation, ""),
            "GEBURTSSTAAT": np.where(born_abroad, nation, codes.GERMANY),
            "ELTERN_MIGRATION": np.where(is_child & (origin > 0), "1", "0"),
        }
    )


def foreigner_register(persons: pd.DataFrame, rng: np.random.Generator) -> pa.Table:
    """Extract of the foreigner register; a small part is unknown to the population register."""
    foreigners = persons[persons["origin"] == codes.FOREIGN]
    strangers = round(len(foreigners) * _STRANGER_SHARE)
    serials = np.append(foreigners["person"], _STRANGER_SERIAL + np.arange(strangers))
    titles = foreigners["title"].to_numpy()
    titles = np.append(titles, rng.choice(titles, size=strangers))
    keys = _keys(serials)
    order = np.argsort(keys)
    return pa.table(
        {
            "PERSONENSCHLUESSEL": _texts(keys[order]),
            "AUFENTHALTSTITEL": codes.TITLES[titles[order]],
            "VORTITEL": codes.PRIOR_TITLES[titles[order]],
        }
    )


def sgb2_counts(
    persons: pd.DataFrame, targets: pd.DataFrame, quartier_ids: NDArray[np.object_], year: int
) -> pa.Table:
    """Recipients per Quartier, all and under 18; 1 and 2 carry the mark of the BA."""
    years = ages(persons["born"].to_numpy(), year)
    quartiere = persons["quartier"].to_numpy()
    is_recipient = _is_recipient(persons, targets["sgb2"].to_numpy(), year)
    is_child = years < 18
    number = len(quartier_ids)
    return pa.table(
        {
            "QUARTIER": pa.array(quartier_ids, pa.string()),
            "RLB": _marked(np.bincount(quartiere[is_recipient], minlength=number)),
            "RLB_U18": _marked(
                np.bincount(quartiere[is_recipient & is_child], minlength=number)
            ),
        }
    )


def _is_recipient(persons: pd.DataFrame, quotas: Ints, year: int) -> Bools:
    """Recipients: children, migrants and refugees more often, nobody at pension age."""
    years = ages(persons["born"].to_numpy(), year)
    is_refugee = codes.IS_REFUGEE_TITLE[persons["title"].to_numpy()]
    odds = np.where(years < 18, 1.9, 1.0)
    odds = odds * np.where(is_migrant(persons, year), 2.0, 1.0)
    odds = odds * np.where(is_refugee, 4.0, 1.0)
    luck = np.clip(persons["luck"].to_numpy(), 1e-9, 1 - 1e-9)
    scores = np.log(odds) + np.log(luck / (1 - luck))
    scores = np.where(years < _WORKING_AGE_ENDS, scores, -np.inf)
    return chosen(scores, persons["quartier"].to_numpy(), quotas)


def _keys(serials: Ints) -> Ints:
    keys: Ints = (serials * _KEY_FACTOR + _KEY_OFFSET) % _KEYS
    return keys


def _texts(keys: Ints) -> pa.Array:
    return pc.utf8_lpad(pa.array(keys).cast(pa.string()), width=10, padding="0")


def _marked(counts: Ints) -> list[str]:
    return [_ANONYMISED if 0 < n < _ANONYMISED_BELOW else str(n) for n in counts]
