"""Measures of the whole city alone are protected one by one: nothing binds them to others."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd

from atlas.confidential.day import Day
from atlas.confidential.protection import attack, protect_counts
from tests.factories import DAY
from tests.town_office import make_office

_AREAS = pd.DataFrame(
    [("block", "a", "A"), ("block", "b", "A"), ("quartier", "A", "C"), ("city", "C", "")],
    columns=["kind", "area_id", "parent_id"],
)


def _rows(measure: str, **values: int | None) -> list[tuple[object, ...]]:
    kinds = {"a": "block", "b": "block", "A": "quartier", "C": "city"}
    return [
        (kinds[area], area, "all", measure, n, "unavailable" if n is None else "published")
        for area, n in values.items()
    ]


def test_many_measures_of_the_city_stay_quick_and_keep_their_rules(tmp_path: Path) -> None:
    """Twelve classes with cases and persons each: 24 measures beside the residents."""
    office = make_office(tmp_path)
    everywhere = {"a": None, "b": None, "A": None}
    rows = _rows("residents", a=2, b=40, A=42, C=42)
    for number in range(24):
        rows += _rows(f"class_{number}", **everywhere, C=number)
    columns = ["kind", "area_id", "group", "measure", "n", "status"]
    counts = pd.DataFrame(rows, columns=columns).astype({"n": "Int64"})
    day = cast(Day, SimpleNamespace(reference_date=DAY, areas=_AREAS))
    protected = protect_counts(office, day, counts, None)
    proof = attack(office, day, counts, protected, None)
    cells = proof.protected.cells.set_index(["area_id", "measure"])["status"]
    hidden = {name for area, name in cells.index[cells == "suppressed"] if area == "C"}
    assert hidden == {"class_1", "class_2"}
    assert cells["a", "residents"] == cells["b", "residents"] == "suppressed"
    assert cells["A", "residents"] == "published"
    certificates = proof.protected.certificates.proved["certificate"]
    assert certificates.is_unique
    assert len(certificates) == 3
    assert list(proof.protected.cells.index) == list(counts.index)
