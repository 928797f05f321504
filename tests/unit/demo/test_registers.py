from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from atlas.demo import codes
from atlas.demo.build import SEED
from atlas.demo.persons import chosen
from atlas.demo.profile import read_profile, shift_to, yearly_targets

Read = Callable[[str, int], pd.DataFrame]
YEARS = [2021, 2022, 2023, 2024]
SMALL = 0.02


def test_chosen_takes_the_highest_scores_of_each_group() -> None:
    scores = np.array([0.1, 0.9, 0.5, 0.7, 0.2])
    groups = np.array([0, 0, 0, 1, 1])

    marked = chosen(scores, groups, np.array([2, 0]))

    assert marked.tolist() == [False, True, True, False, False]


def test_chosen_takes_all_of_a_group_smaller_than_its_quota() -> None:
    marked = chosen(np.array([0.3, 0.2]), np.array([1, 1]), np.array([1, 5]))

    assert marked.tolist() == [True, True]


def test_shift_to_keeps_the_order_and_meets_the_mean() -> None:
    shifted = shift_to(np.array([0.1, 0.4, 0.6]), np.array([1.0, 1.0, 2.0]), 0.5)

    assert np.average(shifted, weights=[1, 1, 2]) == pytest.approx(0.5)
    assert list(shifted) == sorted(shifted)


@pytest.mark.parametrize("year", YEARS)
def test_residents_are_the_targets_and_live_in_known_blocks(
    year: int, read: Read, small_home: Path
) -> None:
    persons = read("ewo", year)
    blocks = gpd.read_file(small_home / "geodata" / "wuppertal" / "bloecke.gpkg")
    targets = yearly_targets(read_profile(), SMALL, SEED)[year]

    assert persons["BAUBLOCK"].isin(blocks["BAUBLOCK"]).all()
    counts = persons["BAUBLOCK"].str[:2].value_counts().sort_index()
    assert counts.tolist() == targets["residents"].tolist()


@pytest.mark.parametrize("year", YEARS)
def test_keys_are_ten_digits_and_unique(year: int, read: Read) -> None:
    for source in ("ewo", "alw"):
        keys = read(source, year)["PERSONENSCHLUESSEL"]
        assert keys.is_unique
        assert keys.str.fullmatch(r"\d{10}").all()


@pytest.mark.parametrize("year", YEARS)
def test_nobody_is_born_after_the_reference_date(year: int, read: Read) -> None:
    born = pd.to_datetime(read("ewo", year)["GEBURTSDATUM"], format="%d.%m.%Y")

    assert born.max() <= pd.Timestamp(year, 12, 31)
    assert born.min() > pd.Timestamp(1900, 1, 1)


def test_most_persons_stay_from_year_to_year_and_keep_their_birth_date(read: Read) -> None:
    old = read("ewo", 2021).set_index("PERSONENSCHLUESSEL")
    new = read("ewo", 2022).set_index("PERSONENSCHLUESSEL")
    both = old.join(new, how="inner", suffixes=("", "_new"))

    assert 0.90 < len(both) / len(old) < 0.96
    assert (both["GEBURTSDATUM"] == both["GEBURTSDATUM_new"]).all()
    is_moved = both["BAUBLOCK"] != both["BAUBLOCK_new"]
    assert 0.04 < is_moved.mean() < 0.10


@pytest.mark.parametrize("year", YEARS)
def test_a_small_part_of_the_foreigner_register_cannot_be_linked(year: int, read: Read) -> None:
    known = read("ewo", year).set_index("PERSONENSCHLUESSEL")["STAATSANGEHOERIGKEIT"]
    linked = read("alw", year)["PERSONENSCHLUESSEL"].map(known)

    assert 0.005 < linked.isna().mean() < 0.012
    assert (linked.dropna() != codes.GERMANY).all()
    assert len(linked.dropna()) == (known != codes.GERMANY).sum()


@pytest.mark.parametrize("year", YEARS)
def test_recipients_never_exceed_residents(year: int, read: Read) -> None:
    persons, sgb2 = read("ewo", year), read("sgb2", year).set_index("QUARTIER")
    born = pd.to_datetime(persons["GEBURTSDATUM"], format="%d.%m.%Y")
    quartiere = persons["BAUBLOCK"].str[:2]
    is_child = year - born.dt.year < 18

    for column, mine in (("RLB", quartiere), ("RLB_U18", quartiere[is_child])):
        counts = pd.to_numeric(sgb2[column].replace("*", "2"))
        residents = mine.value_counts().reindex(sgb2.index).fillna(0)
        assert (counts <= residents.clip(lower=2)).all()


@pytest.mark.parametrize("year", YEARS)
def test_the_ba_marks_exactly_one_and_two(year: int, read: Read) -> None:
    marks = read("sgb2", year)[["RLB", "RLB_U18"]].to_numpy().ravel()

    assert (marks == "*").any()  # a small town has such values
    assert not np.isin(marks, ["1", "2"]).any()
