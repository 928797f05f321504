"""Counts of different deliveries that contradict each other are named, without values."""

from pathlib import Path

import pandas as pd
import pytest

from atlas.confidential.count import contradictions
from atlas.confidential.run import run
from tests.factories import DAY, SGB2, town_config
from tests.town_office import ba_csv, make_office, put, put_registers


def _counts(**sgb2: int) -> pd.DataFrame:
    """Ten residents in each Quartier and the given persons with SGB II."""
    rows = [("quartier", key, "all", "residents", 10, "published") for key in sgb2]
    rows += [("quartier", key, "all", "sgb2", n, "published") for key, n in sgb2.items()]
    return pd.DataFrame(
        rows, columns=["kind", "area_id", "group", "measure", "n", "status"]
    ).astype({"n": "Int64"})


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        ({"Q11": 10, "Q12": 0}, ""),
        ({"Q11": 11, "Q12": 10}, "Q11"),
        (dict.fromkeys(["Q1", "Q2", "Q3", "Q4", "Q5"], 99), "Q1, Q2, Q3, Q4, Q5"),
        (
            dict.fromkeys(["Q1", "Q2", "Q3", "Q4", "Q5", "Q6"], 99),
            "Q1, Q2, Q3, Q4, Q5 und 1 weiteren",
        ),
    ],
)
def test_a_part_is_never_larger_than_its_whole(counts: dict[str, int], places: str) -> None:
    found = list(contradictions(_counts(**counts), town_config()))
    assert len(found) == bool(places)
    assert all(f"in Quartier {places}. Erwartet" in one for one in found)


def test_what_is_not_delivered_contradicts_nothing() -> None:
    counts = _counts(Q11=99)
    hidden = counts.assign(status="withheld", n=pd.NA)
    assert list(contradictions(hidden, town_config())) == []
    assert list(contradictions(counts[counts["measure"] == "sgb2"], town_config())) == []


def test_the_office_is_told_and_the_date_is_published(tmp_path: Path) -> None:
    office = make_office(tmp_path)
    put_registers(office)
    put(office, f"ba_{DAY}.csv", ba_csv({**SGB2, "13": (4711, 3)}))
    result = run(office, "")
    assert [one.info.name for one in result.published] == ["2023-12-31.1"]
    sentences = office.observer.sentences  # type: ignore[attr-defined]  # tests watch with a Watcher
    told = [one for one in sentences if "größer als" in one]
    assert len(told) == 1
    assert told[0].startswith("Stichtag 2023-12-31: „")
    assert "in Quartier 13." in told[0]
    assert "4711" not in told[0]
