"""Models of levels.toml: what a city may write, and what it is told when it may not."""

from datetime import date

import pytest
from pydantic import ValidationError

from atlas.config.levels import Exclusion, Levels
from atlas.config.scale import DynamicScale, Scale
from atlas.terms import Group

A = [{"id": "a"}]
THEMES = [{"id": "x", "label": "X", "indicators": A}]


def scale(**keys: object) -> Scale:
    return Scale.model_validate({"indicators": A, **keys})


def dynamic(**keys: object) -> DynamicScale:
    return DynamicScale.model_validate({"indicators": A, **keys})


@pytest.mark.parametrize(
    ("keys", "limits"),
    [
        ({}, (0.0, 0.5, 1.0)),
        ({"preset": "mss"}, (-1.0, 1.0, 1.5)),
        ({"preset": "need4"}, (0.0, 0.5, 1.0)),
        ({"cuts": [-2, 0, 2]}, (-2.0, 0.0, 2.0)),
        ({"method": "quantile"}, (0.25, 0.5, 0.75)),
        ({"method": "percentile", "cuts": [0.5, 0.8, 0.9]}, (0.5, 0.8, 0.9)),
        ({"method": "fixed", "indicators": [{"id": "a", "cuts": [10]}]}, (0.0, 1.0, 2.0)),
    ],
)
def test_limits_in_force(keys: dict[str, object], limits: tuple[float, ...]) -> None:
    assert scale(**keys).limits() == limits


def test_limits_of_the_dynamics() -> None:
    assert dynamic().limits() == (-1.0, 1.0)
    assert dynamic(preset="mss").limits() == (-1.0, 1.0)
    assert dynamic(cuts=[-0.5, 0.5]).limits() == (-0.5, 0.5)
    assert dynamic(method="quantile").limits() == (0.25, 0.75)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"preset": "mss", "cuts": [0, 1, 2]}, "preset: nur bei"),
        ({"preset": "mss", "method": "quantile"}, "preset: nur bei"),
        ({"cuts": [0, 1]}, "drei Grenzen"),
        ({"cuts": [0, 1, 2, 3]}, "drei Grenzen"),
        ({"cuts": [0, 1, 1]}, "aufsteigend"),
        ({"cuts": [2, 1, 3]}, "aufsteigend"),
        ({"cuts": [0, 1, float("nan")]}, "finite"),
        ({"cuts": [0, 1, float("inf")]}, "finite"),
        ({"method": "quantile", "cuts": [0.2, 0.5, 1.0]}, "Anteile zwischen 0 und 1"),
        ({"method": "percentile", "cuts": [0.0, 0.5, 0.9]}, "Anteile zwischen 0 und 1"),
        ({"indicators": A, "themes": THEMES}, "nur eines von beiden"),
        ({"indicators": (), "themes": [*THEMES, *THEMES]}, "x doppelt, jeder Teilindex"),
        ({"indicators": (), "themes": [*THEMES, {**THEMES[0], "id": "y"}]}, "a doppelt"),
        ({"indicators": (), "themes": [{**THEMES[0], "id": "rank"}]}, "rank heißt schon"),
        ({"indicators": (), "themes": [{**THEMES[0], "id": "cut_2"}]}, "cut_2 heißt schon"),
        ({"indicators": (), "themes": [{**THEMES[0], "weight": 0}]}, "greater than 0"),
        ({"ties": "average"}, "nur bei method = percentile oder rank_exponential"),
        ({"indicators": []}, "mindestens ein Eintrag erwartet, oder themes"),
        ({"indicators": [*A, *A]}, "a doppelt"),
        ({"indicators": [{"id": "a", "weight": 0}]}, "greater than 0"),
        ({"indicators": [{"id": "a", "weight": float("inf")}]}, "finite"),
        ({"indicators": [{"id": "a", "cuts": [1]}]}, "bei method = fixed nötig"),
        ({"method": "fixed"}, "bei method = fixed nötig"),
        ({"method": "fixed", "indicators": [{"id": "a", "cuts": [2, 1]}]}, "aufsteigend"),
        ({"method": "percentile", "base_date": date(2020, 12, 31)}, "nur bei method = zscore"),
        ({"method": "percentile", "mean_base": "city_value"}, "nur bei method = zscore"),
        ({"span_years": 2}, "not permitted"),
    ],
)
def test_scale_is_checked(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        scale(**keys)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"cuts": [0, 1, 2]}, "zwei Grenzen"),
        ({"preset": "need4"}, "zwei Grenzen"),
        ({"method": "percentile"}, "zscore oder quantile"),
        ({"indicators": (), "themes": THEMES}, "themes: nur beim Handlungsbedarf"),
        ({"span_years": 0}, "greater than or equal to 1"),
    ],
)
def test_dynamic_scale_is_checked(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        dynamic(**keys)


def levels(**keys: object) -> Levels:
    return Levels.model_validate({"format": 1, "need": {"all": {"indicators": A}}, **keys})


def test_defaults() -> None:
    found = levels()
    assert found.labels[4] == "hoher Handlungsbedarf"
    assert found.dynamic_labels[3] == "negativ"
    assert found.confidence is None
    assert found.robustness.replications >= 1000


def test_a_sub_index_has_one_name_for_all_groups() -> None:
    other = [{**THEMES[0], "label": "Y"}]
    with pytest.raises(ValidationError, match="Teilindex x heißt je Bezugsgruppe verschieden"):
        levels(need={"all": {"themes": THEMES}, "u18": {"themes": other}})
    found = levels(need={"all": {"themes": THEMES}, "u18": {"themes": THEMES}})
    assert [part.id for part in found.need[Group.U18].parts] == ["a"]


def test_what_nobody_sets_is_not_in_a_release() -> None:
    assert not {"themes", "ties", "missing"} & set(levels().model_dump()["need"][Group.ALL])


def test_each_group_has_its_own_indicators_and_weights() -> None:
    children = {"indicators": [{"id": "b", "weight": 2.0}], "preset": "mss"}
    found = Levels.model_validate(
        {"format": 1, "need": {"all": {"indicators": A}, "u18": children}}
    )
    weights = {
        group: [(p.id, p.weight) for p in s.indicators] for group, s in found.need.items()
    }
    assert weights == {"all": [("a", 1.0)], "u18": [("b", 2.0)]}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"labels": {1: "gut"}}, "labels: ein Name je Nummer von 1 bis 4"),
        ({"letters": {1: "D", 2: "C", 3: "B", 5: "A"}}, "letters: ein Name je Nummer"),
        ({"dynamic_labels": {1: "a", 2: "b", 3: "c", 4: "d"}}, "von 1 bis 3"),
        ({"min_residents": -1}, "greater than or equal to 0"),
        ({"confidence": 1.0}, "less than 1"),
        ({"confidence": 0.5}, "greater than 0.5"),
        ({"robustness": {"replications": 999}}, "1000"),
        ({"robustness": {"weight_spread": 1.0}}, "less than 1"),
        ({"exclusions": [{"area_id": "01", "reason": ""}]}, "at least 1 character"),
        ({"need": {}}, "at least 1"),
    ],
)
def test_levels_are_checked(keys: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        levels(**keys)


def test_exclusion_holds_at_its_dates() -> None:
    always = Exclusion(area_id="01", reason="Wohnheim")
    once = Exclusion(area_id="01", reason="Wohnheim", dates=(date(2021, 12, 31),))
    assert always.holds_at(date(2022, 12, 31))
    assert once.holds_at(date(2021, 12, 31))
    assert not once.holds_at(date(2022, 12, 31))
