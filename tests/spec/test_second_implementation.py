"""``method.md`` is the whole specification: a second program reproduces releases from it."""

import os
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.spec.made_up_town import DAYS, levels_of, publish_town
from tests.spec.method_words import NotUnderstoodError
from tests.spec.second_implementation import compare

_PARTS = [
    {"id": "density", "weight": 0.7, "direction": "less"},
    {"id": "migration_share", "weight": 1.2345},
    {"id": "sgb2_share"},
]
_CITY_CENTRE = "Wert der ganzen Stadt; Mitte der Summen ist 0"
_WHAT = "Mitten und Standardabweichungen der Indikatoren und der Summen"
_NOBODY = "bekommt niemand eine Stufe (`bezugswert_fehlt`)"
_BASE = "31.12.2020 (Veröffentlichung 2020-12-31.1)"
_FROZEN = f"{_WHAT} sind die vom {_BASE}; fehlt dort eine, {_NOBODY}"
_UNPUBLISHED = (
    f"{_WHAT} wären die vom 31.12.2020; er ist nicht veröffentlicht, "
    "niemand bekommt eine Stufe (`bezugswert_fehlt`)"
)
_OTHER_SPAN = "Wert minus Wert vom 31.12.2022 (Veröffentlichung 2022-12-31.1)"
_OTHER_CARRIED = "Er kommt vom 31.12.2020 (Veröffentlichung 2020-12-31.1)"
_MORE_CHANGE = "`sgb2_share.change`, Gewicht 1"
_CHANGES = [{"id": "migration_share", "weight": 2}, {"id": "sgb2_share", "direction": "less"}]


def _scale(method: str, **options: Any) -> dict[str, Any]:
    own = {"cuts": [15.0, 30.5]} if method == "fixed" else {}
    return {"method": method, "indicators": [{**part, **own} for part in _PARTS], **options}


def _need(method: str, **options: Any) -> dict[str, Any]:
    scale = _scale(method, **options)
    children = [part for part in scale["indicators"] if part["id"] != "density"]
    return {"all": scale, "u18": {**scale, "indicators": children}}


def _themed(method: str, **options: Any) -> dict[str, Any]:
    """The same indicators in two sub-indices, for children in two of one indicator each."""
    density, migration, sgb2 = _scale(method)["indicators"]
    below = {"id": "lage", "label": "Soziale Lage (Armut, Herkunft)", "weight": 1.5}
    dense = {"id": "enge", "label": "Enge: Dichte", "weight": 0.8}
    everybody = [{**below, "indicators": [migration, sgb2]}, {**dense, "indicators": [density]}]
    children = [{**below, "indicators": [sgb2]}, {**dense, "indicators": [migration]}]
    children[1]["label"] = dense["label"]
    return {
        group: {"method": method, "themes": themes, **options}
        for group, themes in (("all", everybody), ("u18", children))
    }


def _assert_reproduced(paths: list[Path]) -> int:
    compared = 0
    for path in paths:
        verdict = compare(path)
        assert verdict.different == []
        compared += sum(verdict.compared.values())
    return compared


METHODS = ("zscore", "quantile", "fixed", "percentile", "rank_exponential", "minmax")
RANKING = ("percentile", "rank_exponential")
STANDARDISING = METHODS[:2]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sd", ["population", "sample"])
def test_every_method(method: str, sd: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method, sd=sd), min_residents=40)
    paths = publish_town(tmp_path, levels, seed=1, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("mean_base", ["area_mean", "city_value"])
@pytest.mark.parametrize("base_date", [DAYS[0], DAYS[-1], date(2011, 12, 31)])
def test_a_frozen_scale(method: str, mean_base: str, base_date: date, tmp_path: Path) -> None:
    need = _need(method, mean_base=mean_base, base_date=base_date, cuts=[0.2, 0.4, 0.8])
    assert _assert_reproduced(publish_town(tmp_path, levels_of(need), seed=2)) > 300


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("missing", ["leave_out", "own_areas"])
def test_an_index_of_themes(method: str, missing: str, tmp_path: Path) -> None:
    levels = levels_of(_themed(method, missing=missing, sd="sample"), min_residents=40)
    paths = publish_town(tmp_path, levels | {"confidence": 0.9}, seed=12, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300
    cells = (paths[0] / "cells.csv").read_text(encoding="utf-8")
    assert ",need_index.lage.rank," in cells


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("mean_base", ["area_mean", "city_value"])
def test_themes_on_a_frozen_scale(method: str, mean_base: str, tmp_path: Path) -> None:
    need = _themed(method, mean_base=mean_base, base_date=DAYS[0], missing="own_areas")
    assert _assert_reproduced(publish_town(tmp_path, levels_of(need), seed=13)) > 300


@pytest.mark.parametrize("method", METHODS)
def test_areas_are_compared_where_they_have_an_indicator(method: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method, missing="own_areas"), min_residents=40)
    paths = publish_town(tmp_path, levels, seed=3, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300


@pytest.mark.parametrize("method", RANKING)
@pytest.mark.parametrize("ties", ["highest", "average", "lowest"])
def test_ties(method: str, ties: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method, ties=ties))
    assert _assert_reproduced(publish_town(tmp_path, levels, seed=14, days=DAYS[:1])) > 300


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("provisional", ["no_level", "carry_forward"])
def test_an_indicator_that_is_late(method: str, provisional: str, tmp_path: Path) -> None:
    options = {"mean_base": "city_value"} if method in STANDARDISING else {}
    levels = levels_of(_need(method, **options), provisional=provisional)
    paths = publish_town(tmp_path, levels, seed=3, late=True)
    assert _assert_reproduced(paths) > 300
    is_estimated = "fortgeschrieben" in (paths[-1] / "cells.csv").read_text(encoding="utf-8")
    assert is_estimated == (provisional == "carry_forward")


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("span_years", [2, 3])
@pytest.mark.parametrize("regrown", [False, True])
def test_dynamics(method: str, span_years: int, regrown: bool, tmp_path: Path) -> None:
    scale = {"method": method, "sd": "sample", "span_years": span_years}
    dynamic = {group: {**scale, "indicators": _CHANGES} for group in ("all", "u18")}
    levels = levels_of(_need("zscore"), min_residents=60, dynamic=dynamic)
    paths = publish_town(tmp_path, levels, seed=4, regrown=regrown)
    assert _assert_reproduced(paths) > 300
    cells = (paths[-1] / "cells.csv").read_text(encoding="utf-8")
    is_there = span_years == 3  # of two years before there is no release
    assert ("damals_zu_wenige_einwohner" in cells) == is_there
    assert ("nicht_vergleichbar" in cells) == (is_there and regrown)


@pytest.mark.parametrize("method", STANDARDISING)
def test_dynamics_around_the_whole_city(method: str, tmp_path: Path) -> None:
    dynamic = {"method": method, "mean_base": "city_value", "span_years": 3}
    dynamic["indicators"] = _CHANGES
    paths = publish_town(tmp_path, levels_of(_need("zscore"), dynamic={"all": dynamic}), seed=4)
    assert _assert_reproduced(paths) > 300
    assert compare(paths[-1]).compared["dynamic level"]
    assert "bezugswert_fehlt" not in (paths[-1] / "cells.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", STANDARDISING)
def test_intervals(method: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method, mean_base="city_value"), confidence=0.9)
    paths = publish_town(tmp_path, levels, seed=6, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300
    assert compare(paths[0]).compared["interval"] > 100


@pytest.mark.parametrize("method", METHODS)
def test_a_new_rule(method: str, tmp_path: Path) -> None:
    edition = {"id": DAYS[1], "need": _need(method), "min_residents": 30}
    dynamic = {"all": {"indicators": _CHANGES, "span_years": 3}}
    before = _need("zscore", sd="sample", base_date=DAYS[0])
    later = {**edition, "dynamic": dynamic}
    levels = levels_of(before, min_residents=90, dynamic=dynamic, editions=[later])
    paths = publish_town(tmp_path, levels, seed=11)
    assert _assert_reproduced(paths) > 300
    assert "need_level.former" in (paths[-1] / "cells.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("method", METHODS)
def test_levels_that_were_delivered(method: str, tmp_path: Path) -> None:
    paths = publish_town(
        tmp_path, levels_of(_need(method)), seed=5, days=DAYS[:1], delivered=True
    )
    assert _assert_reproduced(paths) > 300


# ---- a second program that noticed nothing would prove nothing -----------------------------

_Z_LIES = (
    ("Gewicht 1,2345", "Gewicht 1,2346"),
    ("`density`, Gewicht 0,7, weniger heißt mehr Bedarf", "`density`, Gewicht 0,7"),
    ("Grundgesamtheit, n im Nenner", "Stichprobe, n − 1 im Nenner"),
    ("Mittel der gültigen Quartiere; Mitte der Summen ist ihr Mittel", _CITY_CENTRE),
    ("Grenzen des Index: 0;", "Grenzen des Index: −0,5;"),
    ("(insgesamt unter 40)", "(insgesamt unter 90)"),
    ("100 × (mit", "(mit"),
    ("`sgb2`) / (Einwohner*innen `residents`)", "`sgb2`) / (Fläche in ha `area_ha`)"),
    ("bei weniger als 10 im Nenner", "bei weniger als 60 im Nenner"),
)
_FROZEN_LIES = (
    (_FROZEN, _UNPUBLISHED),
    (_FROZEN, "der eigene; andere Stichtage richten sich nach ihm (" + _WHAT + ")"),
    ("Wert minus Wert vom 31.12.2020 (Veröffentlichung 2020-12-31.1)", _OTHER_SPAN),
    ("weniger als 40 Einwohner*innen lebten", "weniger als 400 Einwohner*innen lebten"),
    ("Grenzen des Index: −1; 1;", "Grenzen des Index: −0,3; 0,3;"),
    ("`sgb2_share.change`, Gewicht 1, weniger heißt mehr Bedarf", _MORE_CHANGE),
)
_OTHER_LIES = {
    "quantile": (("Anteile 0,25;", "Anteile 0,1;"), ("Anteile 0,25;", "0,25;")),
    "fixed": (("Grenzen 15; 30,5", "Grenzen 20; 30,5"), ("Index: 0; 1; 2", "Index: 0; 1; 3")),
    "percentile": (
        ("auf vier Stellen", "auf acht Stellen"),
        ("Prozentrang 0,9", "Prozentrang 0,7"),
    ),
    "minmax": (("Skalenwert = 100 ×", "Skalenwert = 10 ×"), ("Anteile 0,25;", "Anteile 0,1;")),
    "rank_exponential": (("= −23 ×", "= −24 ×"), ("100/23", "100/20"), ("= 10 ×", "= 5 ×")),
}
_THEME_LIES = (
    ("(`need_index.lage`), Gewicht 1,5", "(`need_index.lage`), Gewicht 1"),
    ("mittleren ihrer Ränge", "höchsten ihrer Ränge"),
    (
        "gerundet auf zwölf Stellen. Index = Prozentrang",
        "gerundet auf vier Stellen. Index = Prozentrang",
    ),
)
_CARRIED_LIES = (("Er kommt vom 31.12.2022 (Veröffentlichung 2022-12-31.1)", _OTHER_CARRIED),)
_COMPARABLE_LIES = (
    (f"vom {_BASE}; fehlt dort", "vom 31.12.2022 (Veröffentlichung 2022-12-31.1); fehlt dort"),
    (f"vom {_BASE}; fehlt dort eine", "vom 31.12.2020; er ist nicht veröffentlicht"),
)


def _assert_told(path: Path, true: str, lie: str) -> None:
    text = (path / "method.md").read_text(encoding="utf-8")
    assert true in text
    assert compare(path, text.replace(true, lie)).different, lie


def test_a_lie_about_the_plain_rule_is_noticed(tmp_path: Path) -> None:
    levels = levels_of(_need("zscore"), min_residents=40)
    (path,) = publish_town(tmp_path, levels, seed=7, days=DAYS[:1])
    for true, lie in _Z_LIES:
        _assert_told(path, true, lie)


@pytest.mark.parametrize("method", _OTHER_LIES)
def test_a_lie_about_another_method_is_noticed(method: str, tmp_path: Path) -> None:
    (path,) = publish_town(tmp_path, levels_of(_need(method)), seed=8, days=DAYS[:1])
    for true, lie in _OTHER_LIES[method]:
        _assert_told(path, true, lie)


def test_a_lie_about_themes_is_noticed(tmp_path: Path) -> None:
    levels = levels_of(_themed("percentile", ties="average"))
    (path,) = publish_town(tmp_path, levels, seed=8, days=DAYS[:1])
    for true, lie in _THEME_LIES:
        _assert_told(path, true, lie)


def test_a_lie_about_other_dates_is_noticed(tmp_path: Path) -> None:
    dynamic = {group: {"span_years": 3, "indicators": _CHANGES} for group in ("all", "u18")}
    need = _need("zscore", base_date=DAYS[0])
    levels = levels_of(need, min_residents=40, dynamic=dynamic)
    path = publish_town(tmp_path, levels, seed=9, days=DAYS)[-1]
    for true, lie in _FROZEN_LIES:
        _assert_told(path, true, lie)


@pytest.mark.parametrize("method", STANDARDISING)
@pytest.mark.parametrize("fixed", [DAYS[-1], date(2011, 12, 31)])
def test_a_comparable_index_on_a_named_scale(method: str, fixed: date, tmp_path: Path) -> None:
    need = _need(method, mean_base="city_value", cuts=[0.2, 0.4, 0.8])
    paths = publish_town(tmp_path, levels_of(need, fixed={"all": fixed}), seed=2)
    assert _assert_reproduced(paths) > 300
    assert compare(paths[0]).compared["need fixed"]


@pytest.mark.parametrize("method", METHODS)
def test_a_city_that_speaks_of_attention(method: str, tmp_path: Path) -> None:
    levels = levels_of(_need(method), labels_preset="aufmerksamkeit")
    paths = publish_town(tmp_path, levels, seed=5, days=DAYS[:1])
    assert _assert_reproduced(paths) > 300
    text = (paths[0] / "method.md").read_text(encoding="utf-8")
    assert "Bedarf" not in text
    assert "Handlungsbedarf" not in text


def test_a_lie_about_the_comparable_index_is_noticed(tmp_path: Path) -> None:
    path = publish_town(tmp_path, levels_of(_need("zscore")), seed=9, days=DAYS)[-1]
    for true, lie in _COMPARABLE_LIES:
        _assert_told(path, true, lie)


def test_a_lie_about_what_was_carried_is_noticed(tmp_path: Path) -> None:
    levels = levels_of(_need("zscore"), provisional="carry_forward")
    path = publish_town(tmp_path, levels, seed=10, days=DAYS, late=True)[-1]
    for true, lie in _CARRIED_LIES:
        _assert_told(path, true, lie)


@pytest.mark.parametrize("wrong", ["mal Gewicht", "ein Hundertstel der Summe"])
def test_a_sentence_that_is_none_of_the_known_ones_is_an_error(
    wrong: str, tmp_path: Path
) -> None:
    (path,) = publish_town(tmp_path, levels_of(_need("zscore")), seed=1, days=DAYS[:1])
    text = (path / "method.md").read_text(encoding="utf-8")
    with pytest.raises(NotUnderstoodError):
        compare(path, text.replace("Beitrag = Gewicht × z-Wert", f"Beitrag = {wrong}"))


# ---- by chance, and real towns --------------------------------------------------------------


@pytest.mark.parametrize("seed", range(int(os.environ.get("ATLAS_SPEC_TOWNS", "4"))))
def test_rules_of_chance(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    method, days = random.choice(METHODS), random.choice((DAYS, DAYS[:2], DAYS[1:]))
    options: dict[str, Any] = {"sd": random.choice(("population", "sample"))}
    if method in STANDARDISING:
        options["mean_base"] = random.choice(("area_mean", "city_value"))
        options["base_date"] = random.choice((None, None, *DAYS))
    if method in RANKING:
        options["ties"] = random.choice((None, "highest", "average", "lowest"))
    options["missing"] = random.choice(("leave_out", "own_areas"))
    dynamics = {
        "method": random.choice(STANDARDISING),
        "sd": random.choice(("population", "sample")),
        "missing": random.choice(("leave_out", "own_areas")),
        "mean_base": random.choice(("area_mean", "city_value")),
        "base_date": random.choice((None, None, *DAYS)),
        "span_years": random.choice((1, 2, 3)),
    }
    levels = levels_of(
        random.choice((_need, _themed))(method, **options),
        min_residents=random.choice((0, 25, 60, 150)),
        exclusions=[{"area_id": "03", "reason": "Wohnheim"}] if random.random() < 0.5 else [],
        provisional=random.choice(("no_level", "carry_forward")),
        confidence=random.choice((None, 0.95)),
        dynamic={group: {**dynamics, "indicators": _CHANGES} for group in ("all", "u18")},
    )
    if random.random() < 0.3:
        levels |= {"hindcast": ["sgb2_share"]}
    flags = {name: random.random() < 0.4 for name in ("late", "delivered", "regrown")}
    assert _assert_reproduced(publish_town(tmp_path, levels, seed, days=days, **flags)) > 300


@pytest.mark.skipif("ATLAS_SPEC_RELEASES" not in os.environ, reason="needs published releases")
def test_releases_of_real_towns() -> None:
    """Every release below the directories that the variable names, separated by colons."""
    folders = [Path(one) for one in os.environ["ATLAS_SPEC_RELEASES"].split(os.pathsep)]
    paths = [path.parent for one in folders for path in sorted(one.glob("*/method.md"))]
    assert paths
    compared: Counter[str] = Counter()
    different = []
    for path in paths:
        verdict = compare(path)
        compared += verdict.compared
        different += verdict.different
    assert different == []
    assert compared["need level"]
