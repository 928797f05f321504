"""At the date of a new rule moves are told apart: by the figures, by the rule, by both."""

from dataclasses import replace

import pandas as pd
import pytest

from atlas.publication.export.texts import rows_of
from atlas.publication.seen import Seen, see
from atlas.publication.views.changes import level_changes
from atlas.publication.views.profile import card
from atlas.release import Release
from atlas.terms import Group, Kind


def _levels(release: Release, levels: dict[str, int], item: str = "need_level") -> pd.DataFrame:
    is_level = (release.cells["item"] == "need_level") & (release.cells["group"] == "all")
    rows = release.cells[is_level & release.cells["area_id"].isin(levels)]
    value = rows["area_id"].map(levels).astype(float)
    return rows.assign(value=value, item=item, status="published", reason="")


def _with_levels(release: Release, *given: pd.DataFrame) -> Release:
    new = pd.concat(given)
    is_old = release.cells.index.isin(given[0].index)
    return replace(release, cells=pd.concat([release.cells[~is_old], new], ignore_index=True))


@pytest.fixture
def both(before: Release, release: Release) -> tuple[Seen, Seen]:
    """Old level, level by the old rule and level by the new one: 231, 224, 332, 343, 212."""
    old = {"11": 2, "12": 2, "13": 3, "21": 3, "22": 2}
    by_old = {"11": 3, "12": 2, "13": 3, "21": 4, "22": 1}
    new = {"11": 1, "12": 4, "13": 2, "21": 3, "22": 2}
    earlier = _with_levels(before, _levels(before, old))
    config = release.info.config.model_copy(update={"former": before.info.config.levels})
    later = replace(release, info=release.info.model_copy(update={"config": config}))
    rows = _levels(later, new), _levels(later, by_old, "need_level.former")
    return see(earlier), see(_with_levels(later, *rows))


def test_moves_are_told_apart(both: tuple[Seen, Seen]) -> None:
    found = level_changes(*both)
    assert found is not None
    assert {row[0]: row[-1] for row in rows_of(found.moved)} == {
        "11": "Zahlen und Regel",
        "12": "Regel",
        "13": "Regel",
    }
    assert found.rule == (
        "Zum 31.12.2023 hat die Regel der Einstufung gewechselt; dieser Stichtag ist nach "
        "beiden Regeln gerechnet.",
        "Eine andere Stufe haben 2 allein durch die neue Regel und 1 durch beides.",
        "Zahlen und Regel heben sich auf, die Stufe ist dieselbe: 2 Quartiere.",
    )
    assert not any("Die Regel der Einstufung" in note for note in found.notes)


def test_page_of_a_quartier_names_the_occasion(both: tuple[Seen, Seen]) -> None:
    earlier, later = both
    trend = card(later, Kind.QUARTIER, "12", earlier).trend
    assert trend.endswith("vorher Stufe 2, Handlungsbedarf abwägen (Anlass: Regel)")


def test_without_a_new_rule_nothing_is_split(before: Release, release: Release) -> None:
    found = level_changes(see(before, Group.ALL), see(release, Group.ALL))
    assert found is not None
    assert found.rule == ()
    assert len(rows_of(found.moved)[0]) == 7
