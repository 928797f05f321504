"""Planted lies are caught: true sentences of a town with one word or figure made false."""

from pathlib import Path

import pytest

from atlas.publication.seen import Seen, see
from atlas.publication.views.changes import level_changes
from atlas.publication.views.profile import card
from atlas.publication.views.reasons import reasons
from atlas.publication.views.rises import reason_of
from atlas.release import open_release
from atlas.terms import Group, Kind
from tests.words.books import book_of
from tests.words.change_proofs import (
    DRIVER_CHANGES,
    FIGURE_CLAUSES,
    FIRMNESS_SENTENCES,
    MOVE_SENTENCES,
)
from tests.words.fixed_proofs import FIXED_MOVES
from tests.words.grammar import Reading, Scene, Sentence
from tests.words.level_proofs import (
    DRIVER_SENTENCES,
    LEVEL_SENTENCES,
    MAIN_SENTENCES,
)
from tests.words.limit_proofs import LIMIT_SENTENCES
from tests.words.page_proofs import TREND_SENTENCES
from tests.words.summary_proofs import NOTE_SENTENCES, SUMMARY_SENTENCES
from tests.words.towns import DAYS, OPTIONS, write_town

Known = tuple[Sentence, ...]


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    """A town whose mean and spread are those of its first date."""
    town = next(one for one in OPTIONS if one.name == "festes_jahr")
    paths = write_town(town, tmp_path_factory.mktemp("luegen"))
    return [see(open_release(path)) for path in paths]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    paths = write_town(OPTIONS[0], tmp_path_factory.mktemp("luegen"))
    return [see(open_release(path)) for path in paths]


def scene(after: Seen, area: str, before: Seen | None = None) -> Scene:
    earlier = None if before is None else book_of(before.release.path)
    book = book_of(after.release.path)
    return Scene(book, str(after.group), area, "quartier", earlier)


def is_true(at: Scene, text: str, known: Known) -> bool:
    """Whether a text is read and proved."""
    reading = Reading()
    reading.take(at, text, known, "")
    assert not reading.unknown, reading.unknown
    return not reading.false


def caught(at: Scene, truth: str, known: Known, word: str, lie: str) -> bool:
    """Whether the truth is believed and the lie is not."""
    assert word in truth, truth
    assert is_true(at, truth, known), truth
    return not is_true(at, truth.replace(word, lie, 1), known)


def area_of(seen: Seen, words: str) -> str:
    """First Quartier whose explanation has some words."""
    return next(
        area.id
        for area in seen.areas(Kind.QUARTIER)
        if (found := reasons(seen, area.id)) and words in f"{found.drivers} {found.limits}"
    )


def test_wrong_year_of_the_average(frozen: list[Seen]) -> None:
    seen, year = frozen[-1], str(DAYS[0].year)
    area = area_of(seen, "Mehr Bedarf")
    found = reasons(seen, area)
    assert found
    at = scene(seen, area)
    assert caught(at, found.drivers, DRIVER_SENTENCES, f"am 31.12.{year}", "am 31.12.2022")
    assert caught(at, found.drivers, DRIVER_SENTENCES, f" am 31.12.{year}", "")


def test_wrong_sign_and_wrong_average(plain: list[Seen]) -> None:
    seen = plain[-1]
    area = area_of(seen, "Mehr Bedarf")
    found = reasons(seen, area)
    assert found
    at = scene(seen, area)
    assert caught(at, found.drivers, DRIVER_SENTENCES, "Mehr", "Weniger")
    told = "im Durchschnitt der Quartiere"
    assert caught(at, found.drivers, DRIVER_SENTENCES, told, "in der Stadt insgesamt")


def test_averages_exchanged(plain: list[Seen]) -> None:
    seen = plain[-1]
    for area in seen.areas(Kind.QUARTIER):
        why = card(seen, Kind.QUARTIER, area.id).why
        if not why:
            continue
        mean, _, city = why.partition("(Durchschnitt der Quartiere ")[2].partition(", ")
        other = city.removeprefix("Stadt insgesamt ").removesuffix(").")
        if mean != other:
            at = scene(seen, area.id)
            assert caught(at, why, MAIN_SENTENCES, f"Quartiere {mean}", f"Quartiere {other}")
            assert caught(at, why, MAIN_SENTENCES, f", {city.removesuffix(').')}", "")
            return
    pytest.fail("no two averages differ")


def test_wrong_rank_and_level(plain: list[Seen]) -> None:
    seen = plain[-1]
    area = area_of(seen, "Mehr Bedarf")
    found = reasons(seen, area)
    assert found
    at = scene(seen, area)
    rank = found.text.partition(", Rang ")[2].partition(" ")[0]
    assert caught(at, found.text, LEVEL_SENTENCES, f"Rang {rank} ", f"Rang {int(rank) + 1} ")
    assert caught(at, found.text, LEVEL_SENTENCES, ", Rang", " (geschätzt), Rang")


def test_distance_off_by_one_unit(plain: list[Seen]) -> None:
    seen = plain[-1]
    area = area_of(seen, "fehlen")
    found = reasons(seen, area)
    assert found
    text = next(one.text for one in found.limits if "fehlen" in one.text)
    far = text.partition("fehlen ")[2].partition(" ")[0]
    other = f"{far[:-1]}{(int(far[-1]) + 1) % 10}"
    at = scene(seen, area)
    assert caught(at, text, LIMIT_SENTENCES, f"fehlen {far}", f"fehlen {other}")


def test_ranks_of_other_replications(plain: list[Seen]) -> None:
    seen = plain[-1]
    for area in seen.areas(Kind.QUARTIER):
        found = reasons(seen, area.id)
        firm = [one.text for one in found.limits if one.name == "Robustheit"] if found else []
        if firm and "über alle Rang" in firm[0]:
            at = scene(seen, area.id)
            assert caught(at, firm[0], LIMIT_SENTENCES, "über alle", "dabei")
            assert caught(at, firm[0], LIMIT_SENTENCES, "1.000", "2.000")
            high = firm[0].rpartition(" ")[2].rstrip(".")
            assert caught(at, firm[0], LIMIT_SENTENCES, f" {high}.", f" {int(high) + 1}.")
            return
    pytest.fail("every level is firm")


def moved(pair: list[Seen], words: str, group: Group = Group.ALL) -> tuple[Scene, object]:
    """First Quartier whose change is told with some words."""
    before, after = (one.through(group) for one in pair)
    for area in after.areas(Kind.QUARTIER):
        move = reason_of(before, after, area.id)
        if move and words in f"{move.text} {move.head}":
            return scene(after, area.id, before), move
    pytest.fail(f"nobody with {words}")


def test_children_called_residents(plain: list[Seen]) -> None:
    at, move = moved(plain[-2:], "Kinder und Jugendliche) mehr", Group.U18)
    clause = next(one for one in move.figures if "Jugendliche) mehr" in one or "mehr" in one)
    clause = next(one for one in clause.split(", ") if "mehr" in one)
    assert caught(at, clause, FIGURE_CLAUSES, " mehr", " weniger")
    whom = clause.partition(" ")[2].removesuffix(" mehr")
    plain_word = whom.removesuffix(" (Kinder und Jugendliche)")
    if plain_word == whom:
        plain_word = "Einwohner*innen"
    assert caught(at, clause, FIGURE_CLAUSES, whom, plain_word)


def test_rise_called_fall_and_sum_off_by_one_unit(plain: list[Seen]) -> None:
    at, move = moved(plain[-2:], "gestiegen")
    clause = next(c for one in move.figures for c in one.split(", ") if "gestiegen" in c)
    assert caught(at, clause, FIGURE_CLAUSES, "gestiegen", "gesunken")
    assert caught(at, clause, FIGURE_CLAUSES, " auf ", " auf −")
    total = move.drivers.partition("zusammen ")[2].partition(";")[0]
    other = f"{total[:-1]}{(int(total[-1]) + 1) % 10}"
    assert caught(at, move.drivers, DRIVER_CHANGES, f"zusammen {total}", f"zusammen {other}")
    assert caught(
        at,
        move.head,
        MOVE_SENTENCES,
        "steigt" if "steigt" in move.head else "sinkt",
        "sinkt" if "steigt" in move.head else "steigt",
    )


def test_noise_called_news(plain: list[Seen]) -> None:
    at, move = moved(plain[-2:], "an der Grenze")
    firm = move.firmness
    assert caught(at, firm, FIRMNESS_SENTENCES, "an der Grenze", "belastbar")
    assert caught(at, firm, FIRMNESS_SENTENCES, "unsicher", "stabil")


def test_wrong_count_and_stale_rule(plain: list[Seen]) -> None:
    found = level_changes(*plain[-2:])
    assert found
    at = scene(plain[-1], "", plain[-2])
    count = found.summary.partition(": ")[2].partition(" ")[0]
    other = str(int(count) + 1)
    known = SUMMARY_SENTENCES
    assert caught(at, found.summary, known, f"Stufe: {count}", f"Stufe: {other}")
    yardstick, fixed = found.notes[-2:]
    assert caught(at, yardstick, NOTE_SENTENCES, *_EXCHANGED)
    assert caught(at, fixed, FIXED_MOVES, "statt bei 0,", "statt bei 1,")
    assert not is_true(
        at, "Die Regel der Einstufung ist eine andere als vorher.", NOTE_SENTENCES
    )


_EXCHANGED = ("am Durchschnitt seines Stichtags", "an der ganzen Stadt an seinem Stichtag")


def test_wrong_since(plain: list[Seen]) -> None:
    before, after = plain[-2:]
    for area in after.areas(Kind.QUARTIER):
        trend = card(after, Kind.QUARTIER, area.id, before).trend
        if "unverändert seit" in trend:
            at = scene(after, area.id, before)
            assert caught(at, trend, TREND_SENTENCES, before.day, after.day)
            return
    pytest.fail("every level moved")


def test_unknown_sentences_are_named(plain: list[Seen]) -> None:
    reading = Reading()
    reading.take(scene(plain[-1], ""), "Hier ist alles gut.", LEVEL_SENTENCES, "Karte")
    assert reading.unknown == ["Karte: Hier ist alles gut."]


def test_the_files_alone_are_believed(plain: list[Seen]) -> None:
    """The book reads what was written, not what the atlas holds in memory."""
    book = book_of(plain[-1].release.path)
    lines = Path(book.path / "cells.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) > len(book.names["quartier"])
