"""Rules of need have editions: each holds from its first day to the next."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from atlas.config.levels import Levels

FIRST, SECOND = date(2021, 12, 31), date(2023, 12, 31)
DENSITY, SGB2 = {"id": "density"}, {"id": "sgb2_share"}


def _levels(*later: dict[str, Any]) -> Levels:
    need = {"all": {"preset": "need4", "indicators": [DENSITY]}}
    return Levels.model_validate({"format": 1, "need": need, "editions": list(later)})


def _edition(day: date, **more: Any) -> dict[str, Any]:
    return {"id": day, "need": {"all": {"preset": "mss", "indicators": [SGB2]}}, **more}


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2021, 12, 30), None),
        (FIRST, FIRST),
        (date(2023, 12, 30), FIRST),
        (SECOND, SECOND),
        (date(2030, 1, 1), SECOND),
    ],
)
def test_edition_in_force(day: date, edition: date | None) -> None:
    levels = _levels(_edition(FIRST, min_residents=50), _edition(SECOND, min_residents=100))
    assert levels.edition_at(day) == edition
    assert levels.at(day).min_residents == {None: 0, FIRST: 50, SECOND: 100}[edition]
    assert levels.at(day).editions == ()


def test_an_edition_stands_for_itself() -> None:
    levels = _levels(_edition(FIRST))
    assert levels.at(FIRST).need["all"].limits() == (-1, 1, 1.5)
    assert [part.id for part in levels.at(FIRST).need["all"].indicators] == ["sgb2_share"]
    before = levels.at(date(2020, 12, 31))
    assert before == _levels()


def test_without_editions_nothing_new_is_written() -> None:
    assert _levels().at(FIRST).model_dump_json() == _levels().model_dump_json()
    assert "editions" not in _levels().model_dump_json()


@pytest.mark.parametrize("days", [(FIRST, FIRST), (SECOND, FIRST)])
def test_editions_ascend(days: tuple[date, ...]) -> None:
    with pytest.raises(ValidationError, match="aufsteigend nach Datum"):
        _levels(*map(_edition, days))
