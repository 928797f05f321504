"""A city's own groups: from register rows to the published release, by configuration alone."""

from typing import Any

import pytest

from atlas.config import load_city
from atlas.errors import ConfigError
from atlas.publication.seen import see
from atlas.terms import Group
from tests.factories import CITY_KEY
from tests.pages.opened import open_page
from tests.senior_town import only_residents, published, value_of
from tests.spec.second_implementation import compare
from tests.town_office import office_tables, write_city

pytestmark = pytest.mark.usefixtures("planner")

GROUPS = {
    "u18": {"label": "Kinder und Jugendliche", "short_label": "Kinder", "max_age": 17},
    "a15_64": {
        "label": "Von 15 bis 64",
        "short_label": "15 bis 64",
        "min_age": 15,
        "max_age": 64,
    },
    "a65plus": {"label": "Ältere ab 65", "short_label": "Ältere", "min_age": 65},
}
SENIOR_SHARE = {
    "label": "Anteil 65 und älter",
    "numerator": ["residents@a65plus"],
    "denominator": ["residents"],
}
OLD_AGE_RATIO = {
    "label": "Altenquotient",
    "numerator": ["residents@a65plus"],
    "denominator": ["residents@a15_64"],
}

# Two equal blocks make a Quartier: 65 and older of everybody, and of those from 15 to 64.
EXPECTED = {
    # 40 of 200, 40 by 120; 80 of 200, 80 by 100; and so on.
    "11": (20.0, 100 * 40 / 120),
    "12": (40.0, 80.0),
    "13": (10.0, 100 * 20 / 120),
    "21": (40.0, 100.0),
    "22": (20.0, 50.0),
    "23": (25.0, 50.0),
}


def with_seniors(tables: dict[str, Any]) -> None:
    tables["indicators"]["groups"] = GROUPS
    indicators = tables["indicators"]["indicators"]
    indicators["density"]["groups"] = ["all", "a65plus"]
    indicators["senior_share"] = SENIOR_SHARE
    indicators["old_age_ratio"] = OLD_AGE_RATIO
    tables["levels"]["need"] = {
        "all": {"indicators": [{"id": "old_age_ratio"}]},
        "a65plus": {"indicators": [{"id": "density"}]},
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("seniors")


@pytest.fixture(scope="module")
def release(root):
    return published(root, with_seniors)


@pytest.mark.parametrize("quartier", EXPECTED)
def test_shares_of_the_old(release, quartier):
    share, ratio = EXPECTED[quartier]
    assert value_of(release, "quartier", quartier, "senior_share") == pytest.approx(share)
    assert value_of(release, "quartier", quartier, "old_age_ratio") == pytest.approx(ratio)


def test_counts_of_every_group_in_the_city(release):
    """Of 1200: 290 of 7 years, 600 of 40, 310 of 70."""
    counts = {
        group: value_of(release, "city", CITY_KEY, "residents", group)
        for group in ("all", *GROUPS)
    }
    assert counts == {"all": 1200, "u18": 290, "a15_64": 600, "a65plus": 310}


def test_old_people_have_levels_of_their_own(release):
    """Most old people per hectare live in 12 and 21, fewest in 13."""
    levels = {
        quartier: value_of(release, "quartier", quartier, "need_level", "a65plus")
        for quartier in EXPECTED
    }
    assert levels["12"] == levels["21"] == max(levels.values())
    assert levels["13"] == min(levels.values())


def test_groups_stand_in_the_order_of_the_configuration(release):
    assert see(release).groups == (Group.ALL, Group("a65plus"))
    assert release.info.config.indicators.groups.keys() == {"all", *GROUPS}
    assert compare(release.path).different == []
    text = (release.path / "method.md").read_text(encoding="utf-8")
    assert "`residents` der Bezugsgruppe `a65plus`) / (Einwohner*innen `residents` der" in text


def test_a_city_without_groups_of_its_own_writes_none(tmp_path):
    release = published(tmp_path, lambda tables: None)
    assert '"groups": {' not in (release.path / "datapackage.json").read_text(encoding="utf-8")
    assert value_of(release, "city", CITY_KEY, "residents", "u18") == 290


def test_the_page_calls_the_group_by_its_name(root, release, monkeypatch):
    monkeypatch.setenv("ATLAS_HOME", str(root / "home"))
    app = open_page("tables", gruppe="a65plus")
    assert not app.exception
    choice = next(one for one in app.selectbox if one.label == "Bezugsgruppe")
    assert choice.options == ["Alle Einwohner*innen", "Ältere ab 65"]
    assert any("Ältere ab 65" in one.value for one in app.subheader)


def _refusal(tmp_path, change) -> str:
    tables = office_tables()
    only_residents(tables)
    with_seniors(tables)
    change(tables)
    with pytest.raises(ConfigError) as caught:
        load_city(write_city(tmp_path / "city", tables))
    return str(caught.value)


def test_a_register_without_age_cannot_tell_the_old(tmp_path):
    def forget_age(tables: dict[str, Any]) -> None:
        del tables["deliveries"]["layouts"][0]["columns"]["ALTER"]

    message = _refusal(tmp_path, forget_age)
    assert "deliveries.toml, layouts.ewo.columns" in message
    assert "role = birth_date oder role = age fehlt" in message
    assert "groups.u18" in message


@pytest.mark.parametrize(
    ("groups", "expected"),
    [
        ({"a65plus": {"label": "Alt", "min_age": 65, "max_age": 64}}, "niemand hat"),
        ({"a65plus": {"label": "Alt", "part_of": "nobody"}}, "a65plus.part_of"),
        ({"a65plus": {"label": "Alt", "part_of": "a65plus"}}, "im Kreis"),
        ({"all": {"label": "Alle", "min_age": 3}}, "ohne Regel"),
        (
            {"u18": GROUPS["u18"]},
            "Bezugsgruppe a65plus fehlt, erwartet: „all“ / „u18“",
        ),
        ({**GROUPS, "staff": {"label": "Personal"}}, "groups.staff kommt aus keinem"),
        (
            {**GROUPS, "female": {"label": "Frauen", "where": [{"SEX": {"is_in": ["w"]}}]}},
            "Spalte SEX (role = code) fehlt",
        ),
    ],
)
def test_groups_that_contradict_each_other(tmp_path, groups, expected):
    def change(tables: dict[str, Any]) -> None:
        tables["indicators"]["groups"] = groups

    message = _refusal(tmp_path, change)
    assert expected in message
    assert "indicators.toml" in message
