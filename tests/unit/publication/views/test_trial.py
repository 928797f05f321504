"""Trials of another rule: beside the official levels, marked, and never in a release."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from atlas.config import CityConfig, Levels
from atlas.config.methods import METHODS
from atlas.errors import ConfigError
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.items import NEED
from atlas.publication.views.map import map_view
from atlas.publication.views.trial import TrialView, trial_of
from atlas.publication.views.trial_choice import (
    official_choice,
    suggested_cuts,
    suggested_part_cuts,
    trial_levels,
)
from atlas.release import Release, ReleaseContent, derive_cells, open_release, write_release
from atlas.terms import Group, Kind, Reason, Status
from tests.factories import (
    DAY,
    Gap,
    town_areas,
    town_config,
    town_counts,
    town_info,
    town_tables,
    with_gaps,
    write_town,
)


def _tried(release: Release, group: Group = Group.ALL, **changes: object) -> TrialView:
    choice = replace(official_choice(see(release, group)), **changes)
    trial = trial_of(see(release, group), trial_levels(see(release, group), choice))
    assert trial is not None
    return trial


def _counts(trial: TrialView) -> list[list[int]]:
    return [[0 if n == "–" else int(n) for n in row[1:]] for row in rows_of(trial.matrix)]


@pytest.mark.parametrize("group", [Group.ALL, Group.U18])
def test_the_rule_in_force_moves_nobody(release: Release, group: Group) -> None:
    trial = _tried(release, group)
    assert rows_of(trial.moved) == ()
    assert trial.summary.endswith("Quartiere mit anderer Stufe: keine.")
    counts = _counts(trial)
    assert sum(counts[i][i] for i in range(5)) == sum(map(sum, counts)) == 6


def test_other_cuts_by_hand(release: Release) -> None:
    """Index 11: about 1.9, 12: 0.3; with −2, −1, 0 all above the mean are a 4."""
    trial = _tried(release, cuts=(-2.0, -1.0, 0.0))
    rows = {row[0]: row for row in rows_of(trial.moved)}
    assert rows["12"][1:4] == (
        "Äußere Vorstadt",
        "2 Handlungsbedarf abwägen",
        "4 hoher Handlungsbedarf",
    )
    assert rows["12"][4] == rows["12"][5]
    assert "11" not in rows
    assert _counts(trial)[1] == [0, 0, 0, 1, 0]


def test_weight_0_leaves_an_indicator_out(release: Release) -> None:
    official = official_choice(see(release, Group.ALL))
    weights = {**official.weights, "density": 0.0, "sgb2_share": 0.0}
    levels = trial_levels(see(release, Group.ALL), replace(official, weights=weights))
    assert [part.id for part in levels.need[Group.ALL].indicators] == ["migration_share"]
    assert levels.need[Group.U18] == release.info.config.levels.need[Group.U18]
    trial = trial_of(see(release, Group.ALL), levels)
    assert trial is not None
    assert rows_of(trial.moved)


@pytest.mark.parametrize("method", list(METHODS))
def test_every_method_makes_a_trial(release: Release, method: str) -> None:
    official = official_choice(see(release, Group.ALL))
    limits = {i: suggested_part_cuts(see(release, Group.ALL), i) for i in official.weights}
    trial = _tried(
        release,
        method=method,
        cuts=suggested_cuts(see(release, Group.ALL), method),
        part_cuts=limits if method == "fixed" else {},
    )
    assert sum(map(sum, _counts(trial))) == 6


def test_everything_says_that_it_is_a_trial(release: Release) -> None:
    trial = _tried(release, cuts=(-2.0, -1.0, 0.0))
    texts = (trial.mark, trial.summary, trial.matrix.title, trial.moved.title)
    for text in (*texts, trial.map.title):
        assert text.startswith("Probe, nicht Teil der Veröffentlichung")


def test_the_map_shows_the_levels_of_the_trial(release: Release) -> None:
    trial = _tried(release, cuts=(-2.0, -1.0, 0.0))
    official = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    assert (official.labels["12"], trial.map.labels["12"]) == ("2", "4")
    assert trial.map.labels["23"] == ""
    counts = _counts(trial)
    drawn = [entry.count for entry in trial.map.legend if entry.step]
    assert drawn == [sum(row[place] for row in counts) for place in range(4)]


def test_a_trial_leaves_the_release_alone(release: Release) -> None:
    cells = release.cells.copy()
    _tried(release, cuts=(-2.0, -1.0, 0.0))
    assert release.cells.equals(cells)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"cuts": (0.0, 0.0, 1.0)}, "aufsteigend"),
        ({"cuts": (0.0, 1.0, float("nan"))}, "endliche Zahl|aufsteigend"),
        ({"weights": {"density": 0.0}}, "mindestens ein Eintrag"),
        ({"weights": {"density": -1.0}}, "Zahl über 0 erwartet"),
        ({"method": "percentile", "cuts": (0.0, 0.5, 1.0)}, "Anteile zwischen 0 und 1"),
        ({"method": "fixed", "cuts": (0.0, 1.0, 2.0)}, "bei method = fixed nötig"),
    ],
)
def test_what_makes_no_rule_is_said_in_german(
    release: Release, changes: dict[str, object], message: str
) -> None:
    choice = replace(official_choice(see(release, Group.ALL)), **changes)
    with pytest.raises(ConfigError, match=message):
        trial_levels(see(release, Group.ALL), choice)


def test_an_indicator_that_the_city_does_not_have(release: Release) -> None:
    scale = {"indicators": [{"id": "crime_rate"}]}
    levels = Levels.model_validate({"format": 1, "need": {"all": scale}})
    with pytest.raises(ConfigError, match="Indikator crime_rate fehlt"):
        trial_of(see(release, Group.ALL), levels)


def test_group_without_levels_has_no_trial(release: Release) -> None:
    scale = {"indicators": [{"id": "density"}]}
    levels = Levels.model_validate({"format": 1, "need": {"all": scale}})
    assert trial_of(see(release, Group.U18), levels) is None


def test_hidden_values_stay_without_a_level(release: Release) -> None:
    """13 and 21 hide migrants under 18; without that indicator they have a level."""
    official = official_choice(see(release, Group.U18))
    weights = {**official.weights, "migration_share": 0.0}
    levels = trial_levels(see(release, Group.U18), replace(official, weights=weights))
    trial = trial_of(see(release, Group.U18), levels)
    assert trial is not None
    moved = {row[0]: row[2] for row in rows_of(trial.moved)}
    assert moved["21"] == "ohne Stufe"
    assert _tried(release, Group.U18).map.labels["21"] == ""


def _town(directory: Path, tables: dict[str, dict[str, object]]) -> tuple[Release, Release]:
    """Two dates; the later rule stands on the scale of the earlier one."""
    config = CityConfig.model_validate(tables)
    base = town_counts(date(2022, 12, 31))
    is_old = (base["area_id"] == "12") & (base["item"] == "sgb2") & (base["group"] == "all")
    base.loc[is_old, "value"] = 80.0
    first = open_release(write_town(directory, town_info(config, date(2022, 12, 31)), base))
    cells = derive_cells(
        town_counts(DAY), config.published(), DAY, {date(2022, 12, 31): first.cells}
    )
    path = directory / "musterstadt" / f"{DAY}.1"
    write_release(path, ReleaseContent(town_info(config, DAY), cells, town_areas()))
    return first, open_release(path)


@pytest.mark.parametrize("mean_base", ["area_mean", "city_value"])
def test_a_frozen_scale_stays_frozen(tmp_path: Path, mean_base: str) -> None:
    tables = town_tables()
    tables["levels"]["need"] = {
        "all": {
            "base_date": date(2022, 12, 31),
            "mean_base": mean_base,
            "indicators": [{"id": "density"}, {"id": "sgb2_share"}],
        }
    }
    first, second = _town(tmp_path, tables)
    assert first.cells.loc[first.cells["item"] == "need_level", "value"].notna().sum() == 4
    levels = trial_levels(see(second, Group.ALL), official_choice(see(second, Group.ALL)))
    trial = trial_of(see(second, Group.ALL), levels, see(first, Group.ALL))
    assert trial is not None
    assert rows_of(trial.moved) == ()
    alone = trial_of(see(second, Group.ALL), levels)
    assert alone is not None
    assert {row[3] for row in rows_of(alone.moved)} == {"ohne Stufe"}


def test_estimated_levels_are_told_apart(tmp_path: Path) -> None:
    tables = town_tables()
    tables["levels"]["provisional"] = "carry_forward"
    config = CityConfig.model_validate(tables)
    keys = ("11", "12", "13", "21", "22", "23")
    gap = Gap(Kind.QUARTIER, keys, "sgb2", Group.ALL, Status.MISSING, Reason.PENDING)
    base = with_gaps(town_counts(DAY), [gap])
    earlier = derive_cells(
        town_counts(date(2022, 12, 31)), config.published(), date(2022, 12, 31), {}
    )
    path = write_town(tmp_path, town_info(config, DAY), town_counts(DAY))
    cells = derive_cells(base, config.published(), DAY, {date(2022, 12, 31): earlier})
    release = replace(open_release(path), cells=cells)
    assert any("geschätzt" in note for note in _tried(release).notes)
    assert not any("geschätzt" in n for n in _tried(open_release(path)).notes)


def test_config_of_the_town_is_the_released_one(release: Release) -> None:
    assert official_choice(see(release, Group.ALL)).cuts == (0.0, 0.5, 1.0)
    assert suggested_cuts(see(release, Group.ALL), "zscore") == (0.0, 0.5, 1.0)
    assert suggested_cuts(see(release, Group.ALL), "quantile") == (0.25, 0.5, 0.75)
    assert town_config().levels.need[Group.ALL].method == "zscore"
