"""What each Quartier of the demo looks like in each year: targets for the generator.

Knows no person. The figures of ``data/wuppertal/quartiere.csv`` follow what the city has
published (see the SOURCES.md beside it); years in between and after are generated.
"""

from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PROFILE_PATH = Path(__file__).parent / "data" / "wuppertal" / "quartiere.csv"
YEARS = (2021, 2022, 2023, 2024)

# City figures per year. Residents: about 366,000 at the end of 2023. Migration: 37.8 % at the
# end of 2017 and rising. SGB II and refugees (war in Ukraine from 2022 on) are generated.
_CITY = pd.DataFrame(
    {
        "residents": [358_900, 364_300, 366_000, 366_700],
        "migration_share": [0.405, 0.420, 0.430, 0.438],
        "sgb2_share": [0.149, 0.147, 0.151, 0.153],
        "refugee_share": [0.034, 0.048, 0.049, 0.048],
        "shelter_factor": [0.7, 1.1, 1.15, 1.0],
    },
    index=list(YEARS),
)
_SHELTER_PLACES = 110
_MAX_SHELTER_SHARE = 0.06
# Members of refugee families that live even in a village, so that few Quartiere have 1 or 2.
_FAMILIES = 12.0
_MAX_FAMILIES_SHARE = 0.025

Floats = NDArray[np.float64]


def read_profile() -> pd.DataFrame:
    """Profile: one row per Quartier, sorted by key.

    Columns ``quartier, residents_2015, migration_2017, sgb2_2021`` (percent), ``shelters``
    (number of) and ``tail`` (spread of block sizes, standard deviation of the logarithm).
    """
    profile = pd.read_csv(PROFILE_PATH, dtype={"quartier": str})
    return profile.sort_values("quartier", ignore_index=True)


def yearly_targets(profile: pd.DataFrame, size: float, seed: int) -> dict[int, pd.DataFrame]:
    """Targets per year: one row per Quartier in the order of the profile.

    Columns ``residents, migrants, refugees, sheltered, sgb2`` are counts of persons,
    ``youth_factor`` scales the shares of under 18.

    Parameters
    ----------
    size
        Share of the real number of residents, 1 for the whole city.
    """
    rng = np.random.default_rng([seed, 2])
    drift = np.zeros((4, len(profile)))
    luck = rng.normal(scale=0.30, size=len(profile))
    targets = {}
    for year in YEARS:
        city = cast("pd.Series", _CITY.loc[year]) * [size, 1, 1, 1, 1]
        targets[year] = _targets_of(profile, city, drift, luck)
        drift += rng.normal(scale=[[0.006], [0.03], [0.08], [0.15]], size=drift.shape)
    return targets


def shift_to(shares: Floats, weights: Floats, mean: float) -> Floats:
    """Shift shares on the logit scale until their weighted mean is the given one."""
    logits = np.log(shares / (1 - shares))
    low, high = -3.0, 3.0
    for _ in range(50):
        middle = (low + high) / 2
        shifted: Floats = 1 / (1 + np.exp(-(logits + middle)))
        if np.average(shifted, weights=weights) < mean:
            low = middle
        else:
            high = middle
    return shifted


def _targets_of(
    profile: pd.DataFrame, city: pd.Series, drift: Floats, luck: Floats
) -> pd.DataFrame:
    residents = profile["residents_2015"].to_numpy() * np.exp(drift[0])
    residents = np.rint(residents * city["residents"] / residents.sum())
    migration = _drifted(profile["migration_2017"].to_numpy() / 100, drift[1])
    migration = shift_to(migration, residents, city["migration_share"])
    sgb2 = _drifted(profile["sgb2_2021"].to_numpy() / 100, drift[2])
    sgb2 = shift_to(sgb2, residents, city["sgb2_share"])
    sheltered = _sheltered(profile, residents, city["shelter_factor"])
    need = (migration / 0.4 + sgb2 / 0.15) * np.exp(luck + drift[3])
    families = np.minimum(_FAMILIES, _MAX_FAMILIES_SHARE * residents)
    others = city["refugee_share"] * residents.sum() - sheltered.sum() - families.sum()
    at_home = families + need * residents * others / (need * residents).sum()
    counts = {
        "residents": residents,
        "migrants": residents * migration,
        "refugees": sheltered + at_home,
        "sheltered": sheltered,
        "sgb2": residents * sgb2,
    }
    targets = pd.DataFrame({name: np.rint(values) for name, values in counts.items()})
    return targets.astype("int64").assign(youth_factor=0.94 + 0.4 * sgb2)


def _sheltered(profile: pd.DataFrame, residents: Floats, factor: float) -> Floats:
    """Persons in shelters: a small town has smaller ones."""
    size = residents.sum() / profile["residents_2015"].sum()
    places = profile["shelters"].to_numpy() * _SHELTER_PLACES * factor * min(size, 1.0)
    result: Floats = np.rint(np.minimum(places, residents * _MAX_SHELTER_SHARE))
    return result


def _drifted(shares: Floats, drift: Floats) -> Floats:
    odds = shares / (1 - shares) * np.exp(drift)
    result: Floats = odds / (1 + odds)
    return result
