"""Generated persons and how they live on from year to year; knows no file and no code list.

persons: one row per person; columns ``person`` (serial number), ``quartier`` and ``block``
(row numbers), ``born`` (days since 1970), ``origin``, ``route``, ``nation`` (row of
``codes.NATIONS``), ``title`` (row of ``codes.TITLES``), ``is_sheltered`` and ``luck`` (what
decides between persons alike, the same all life long).
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from atlas.demo import codes
from atlas.demo.town import Town

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_DAYS_PER_YEAR = 365.25

# Shares of under 18 in Wuppertal among persons without and with migration background.
_YOUTH_SHARES = np.array([0.122, 0.27])
# Cumulative ages of adults, without and with migration background, and of people moving in.
_AGE_STEPS = np.array([0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.97, 1.0])
_ADULT_AGES = np.array(
    [
        [18, 26, 37, 48, 57, 65, 73, 81, 88, 99],
        [18, 22, 29, 36, 43, 52, 59, 69, 79, 96],
    ]
)
_ARRIVING_AGES = np.array([18, 20, 23, 26, 30, 35, 40, 49, 63, 85])
_FOREIGN_SHARES = np.array([0.64, 0.42])  # adults, under 18
_BIRTHS_PER_RESIDENT = 0.0096
_LEAVING_SHARE = 0.045
_LEAVING_AGES = np.array([0, 16, 19, 32, 45, 60, 75])
_LEAVING_FACTORS = np.array([1.0, 0.8, 2.2, 2.0, 0.8, 0.4, 0.2])
_MOVING_SHARE = 0.065


def day_of(year: int) -> int:
    """Days from 1970 to 31 December."""
    return int(np.datetime64(f"{year}-12-31", "D").astype(int))


def ages(born: Ints, year: int) -> Ints:
    """Age in completed years at 31 December: everybody has had this year's birthday."""
    born_years = born.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    years: Ints = year - born_years
    return years


def is_migrant(persons: pd.DataFrame, year: int) -> Bools:
    """Whether the derivation rule holds: parents count for under 18 only."""
    is_by_parents = persons["route"].to_numpy() == codes.BY_PARENTS
    is_child = ages(persons["born"].to_numpy(), year) < 18
    has_origin = persons["origin"].to_numpy() > codes.NO_ORIGIN
    result: Bools = has_origin & (is_child | ~is_by_parents)
    return result


def chosen(scores: Floats, groups: Ints, quotas: Ints) -> Bools:
    """Mark in each group as many as its quota says, highest scores first."""
    order = np.lexsort((-scores, groups))
    sizes = np.bincount(groups, minlength=len(quotas))
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    ranks = np.empty(len(groups), dtype=np.int64)
    ranks[order] = np.arange(len(groups)) - starts[groups[order]]
    result: Bools = ranks < quotas[groups]
    return result


def first_persons(
    town: Town, targets: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Make the population of the first reference date."""
    quartiere = np.repeat(np.arange(len(targets)), targets["residents"].to_numpy())
    migrants = chosen(rng.random(len(quartiere)), quartiere, targets["migrants"].to_numpy())
    factor = targets["youth_factor"].to_numpy()[quartiere]
    is_child = rng.random(len(quartiere)) < _YOUTH_SHARES[migrants.astype(int)] * factor
    years = np.where(is_child, rng.random(len(quartiere)) * 18, 0.0)
    for group in (0, 1):
        mine = ~is_child & (migrants == bool(group))
        years[mine] = np.interp(rng.random(mine.sum()), _AGE_STEPS, _ADULT_AGES[group])
    persons = _new_persons(
        quartiere, migrants, day_of(year) - years * _DAYS_PER_YEAR, year, rng
    )
    return _with_refugees(_settled(persons, town, rng), town, targets, year, rng)


def next_persons(
    persons: pd.DataFrame,
    town: Town,
    targets: pd.DataFrame,
    year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Let a year pass: deaths, births, moves in, out and within the city, new titles."""
    stayers = persons[~_is_gone(persons, year, rng)]
    here = pd.concat([stayers, _newborns(stayers, year, rng)], ignore_index=True)
    wants = targets["residents"].to_numpy()
    is_moving = _is_moving(here, wants, rng)
    staying = here[~is_moving]
    slots = np.repeat(np.arange(len(wants)), wants - _per_quartier(staying, len(wants)))
    slots = rng.permutation(slots)
    movers = here[is_moving][: len(slots)].assign(is_sheltered=False)
    movers["quartier"] = _matched(movers, slots[: len(movers)], targets, rng)
    known = pd.concat([staying, _settled(movers, town, rng)], ignore_index=True)
    arrived = _arrivals(known, slots[len(movers) :], targets, year, rng)
    everyone = pd.concat([known, _settled(arrived, town, rng)], ignore_index=True)
    return _with_refugees(everyone, town, targets, year, rng)


def _is_moving(persons: pd.DataFrame, wants: Ints, rng: np.random.Generator) -> Bools:
    """Who leaves the own home, by chance or because the Quartier shrinks."""
    is_sheltered = persons["is_sheltered"].to_numpy()
    is_moving = rng.random(len(persons)) < np.where(is_sheltered, 0.35, _MOVING_SHARE)
    quartiere = persons["quartier"].to_numpy()
    surplus = _per_quartier(persons[~is_moving], len(wants)) - wants
    staying = np.flatnonzero(~is_moving)
    is_moving[staying] = chosen(
        rng.random(len(staying)), quartiere[staying], np.maximum(surplus, 0)
    )
    return is_moving


def _matched(
    movers: pd.DataFrame, slots: Ints, targets: pd.DataFrame, rng: np.random.Generator
) -> Ints:
    """Give slots to movers so that each Quartier keeps about its share of migrants."""
    shares = (targets["migrants"] / targets["residents"]).to_numpy()
    is_for_migrants = rng.random(len(slots)) < shares[slots]
    found = np.empty(len(slots), dtype=np.int64)
    order = np.argsort(movers["origin"].to_numpy() > codes.NO_ORIGIN, kind="stable")
    found[order] = slots[np.argsort(is_for_migrants, kind="stable")]
    return found


def _per_quartier(persons: pd.DataFrame, number: int) -> Ints:
    return np.bincount(persons["quartier"], minlength=number)


def _is_gone(persons: pd.DataFrame, year: int, rng: np.random.Generator) -> Bools:
    years = ages(persons["born"].to_numpy(), year)
    deaths = np.minimum(0.00006 * np.exp(0.088 * years), 0.6)
    leaving = np.interp(years, _LEAVING_AGES, _LEAVING_FACTORS) * _LEAVING_SHARE
    result: Bools = rng.random(len(persons)) < deaths + leaving
    return result


def _newborns(persons: pd.DataFrame, year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Make a year's births: a child lives where a parent lives and has its origin."""
    years = ages(persons["born"].to_numpy(), year)
    parents = persons[(years >= 20) & (years < 42)]
    number = round(len(persons) * _BIRTHS_PER_RESIDENT)
    parents = parents.iloc[rng.integers(len(parents), size=number)].reset_index(drop=True)
    days = day_of(year) - rng.integers(0, 365, size=number)
    migrants = parents["origin"].to_numpy() > codes.NO_ORIGIN
    born = _new_persons(parents["quartier"].to_numpy(), migrants, days, year, rng)
    born["person"] += persons["person"].max() + 1
    return born.assign(block=parents["block"], nation=parents["nation"])


def _arrivals(
    known: pd.DataFrame, slots: Ints, targets: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Make people moving in, as many with migration background as the target leaves room."""
    mine = is_migrant(known, year)
    present = np.bincount(known["quartier"][mine], minlength=len(targets))
    quota = np.maximum(targets["migrants"].to_numpy() - present, 0)
    migrants = chosen(rng.random(len(slots)), slots, quota)
    years = np.interp(rng.random(len(slots)), _AGE_STEPS, _ARRIVING_AGES)
    is_child = rng.random(len(slots)) < np.where(migrants, 0.24, 0.10)
    years = np.where(is_child, rng.random(len(slots)) * 18, years)
    days = day_of(year) - years * _DAYS_PER_YEAR
    arrived = _new_persons(slots, migrants, days, year, rng)
    arrived["person"] += known["person"].max() + 1
    return arrived


def _new_persons(
    quartiere: Ints, migrants: Bools, days: Floats | Ints, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    number = len(quartiere)
    born = np.asarray(days).astype(np.int64)
    is_child = ages(born, year) < 18
    is_foreign = migrants & (rng.random(number) < _FOREIGN_SHARES[is_child.astype(int)])
    origin = np.where(is_foreign, codes.FOREIGN, np.where(migrants, codes.GERMAN, 0))
    route = np.where(
        is_child,
        rng.choice(codes.CHILD_ROUTES, size=number, p=codes.CHILD_ROUTE_SHARES),
        rng.choice(codes.ADULT_ROUTES, size=number, p=codes.ADULT_ROUTE_SHARES),
    )
    return pd.DataFrame(
        {
            "person": np.arange(number),
            "quartier": quartiere,
            "block": np.zeros(number, dtype=np.int64),
            "born": born,
            "origin": origin,
            "route": np.where(origin == codes.GERMAN, route, codes.NO_ROUTE),
            "nation": codes.draw_nations(origin, rng),
            "title": np.zeros(number, dtype=np.int64),
            "is_sheltered": np.zeros(number, dtype=bool),
            "luck": rng.random(number),
        }
    )


def _settled(persons: pd.DataFrame, town: Town, rng: np.random.Generator) -> pd.DataFrame:
    """Give everybody a block in the Quartier by the weights of its blocks."""
    quartiere = persons["quartier"].to_numpy()
    draws = quartiere + rng.random(len(persons))
    circles = (persons["origin"].to_numpy() > codes.NO_ORIGIN).astype(np.int64)
    circles += codes.IS_REFUGEE_TITLE[persons["title"].to_numpy()]
    places = np.empty(len(persons), dtype=np.int64)
    for circle, weights in enumerate(town.weights):
        mine = circles == circle
        places[mine] = np.searchsorted(np.cumsum(weights), draws[mine], side="right")
    return persons.assign(block=np.clip(places, town.starts[quartiere], town.ends[quartiere]))


def _with_refugees(
    persons: pd.DataFrame,
    town: Town,
    targets: pd.DataFrame,
    year: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Bring titles to the year's targets: new refugees, settled ones, places in shelters."""
    quartiere = persons["quartier"].to_numpy()
    title, nation = persons["title"].to_numpy(), persons["nation"].to_numpy()
    title = codes.progress_titles(title, rng)
    is_foreign = persons["origin"].to_numpy() == codes.FOREIGN
    is_child = ages(persons["born"].to_numpy(), year) < 18
    was_refugee = is_foreign & codes.IS_REFUGEE_TITLE[title]
    scores = rng.random(len(persons)) + town.pulls[persons["block"].to_numpy()]
    scores = scores + 3.0 * was_refugee + 0.5 * (title == 0) + 0.25 * is_child
    quotas = targets["refugees"].to_numpy()
    foreign = np.flatnonzero(is_foreign)
    is_refugee = np.zeros(len(persons), dtype=bool)
    is_refugee[foreign] = chosen(scores[foreign], quartiere[foreign], quotas)
    new = is_refugee & ~was_refugee
    nation, title = nation.copy(), title.copy()
    nation[new] = codes.draw_refugee_nations(int(new.sum()), year, rng)
    title[new] = codes.draw_refugee_titles(nation[new], rng)
    other = is_foreign & ~is_refugee & (was_refugee | (title == 0))
    title[other] = codes.draw_other_titles(nation[other], rng)
    changed = persons.assign(nation=nation, title=title)
    return _sheltered(changed, town, is_refugee, targets["sheltered"].to_numpy(), rng)


def _sheltered(
    persons: pd.DataFrame, town: Town, is_refugee: Bools, quotas: Ints, rng: np.random.Generator
) -> pd.DataFrame:
    quartiere, blocks = persons["quartier"].to_numpy(), persons["block"].to_numpy().copy()
    refugees = np.flatnonzero(is_refugee)
    was_in = persons["is_sheltered"].to_numpy()
    scores = was_in[refugees] + rng.random(len(refugees))
    is_in = np.zeros(len(persons), dtype=bool)
    is_in[refugees] = chosen(scores, quartiere[refugees], quotas)
    for quartier, shelters in enumerate(town.shelters):
        new = np.flatnonzero(is_in & ~was_in & (quartiere == quartier))
        if len(shelters):
            blocks[new] = shelters[rng.integers(len(shelters), size=len(new))]
    back = persons[was_in & ~is_in]
    blocks[was_in & ~is_in] = _settled(back, town, rng)["block"]
    return persons.assign(block=blocks, is_sheltered=is_in)
