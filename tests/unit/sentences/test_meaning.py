"""Sentences are true as they are printed: whom they count, what adds up, what ranges cover."""

import re
from dataclasses import replace

import pytest

from atlas.classify import AreaChange, Explanation, Firmness, PartChange, PartExplained
from atlas.sentences import (
    ChangeSentences,
    Words,
    change_sentences,
    firmness_text,
    shown_contributions,
)
from atlas.terms import NEED_LEVEL, Group
from atlas.words import rounded_parts


def change(*parts: PartChange, counts: tuple[tuple[str, float, float], ...] = ()) -> AreaChange:
    return AreaChange(
        area_id="62",
        level_item=NEED_LEVEL,
        level_before=2,
        level_after=3,
        reason_before="",
        reason_after="",
        index_before=0.4,
        index_after=0.4,
        parts=parts,
        counts=counts,
    )


def told(one: AreaChange, words: Words) -> ChangeSentences:
    return change_sentences(one, words, words)


def explained(*shares: float) -> Explanation:
    return Explanation(
        area_id="62",
        level_item=NEED_LEVEL,
        status="published",
        reason="",
        note="",
        parts=(),
        sum=0.3,
        index=0.4,
        level=2,
        cuts=(0.0, 0.5, 1.0),
        distance=0.1,
        rank=5,
        n_valid=9,
        mean_base="area_mean",
        firmness=Firmness(shares, 3, 7, 2, 2000),
    )


def test_children_are_not_called_residents(words: Words) -> None:
    part = PartChange("density", 10.0, 11.0, 0.1, 0.1, 0.0, 0.0, 0.0)
    counts = (("residents", 400.0, 447.0),)
    said = told(change(part, counts=counts), replace(words, group=Group.U18))
    assert said.figures[0].startswith("47 Kinder und Jugendliche mehr, ")
    share = PartChange("sgb2_share", 10.0, 11.0, 0.1, 0.1, 0.0, 0.0, 0.0)
    said = told(change(share, counts=(("sgb2", 40.0, 38.0),)), replace(words, group=Group.U18))
    assert said.figures[0].startswith(
        "2 Empfänger*innen von SGB II (Kinder und Jugendliche) weniger, "
    )


def test_what_is_the_same_is_not_called_rounded(words: Words) -> None:
    part = PartChange("density", 72.2, 72.2, 0.0, 0.0, 0.0, 0.0, 0.0)
    said = told(change(part), words)
    assert said.figures == ("Einwohnerdichte unverändert bei 72,2 je ha",)
    assert said.move.endswith("; der Index bleibt bei 0,40")


def test_printed_parts_add_up_to_the_printed_total(words: Words) -> None:
    """0.014 + 0.014 + 0.014 = 0.042: rounded one by one they would be 0.03, not 0.04."""
    parts = [
        PartChange(item, 1.0, 2.0, 0.014, 0.007, 0.007, 0.0, 0.0)
        for item in ("density", "sgb2_share", "migration_share")
    ]
    text = told(change(*parts), words).drivers
    assert text == (
        "Den Index verändern Einwohnerdichte +0,02, SGB-II-Quote +0,01 und Migrationsquote "
        "+0,01, zusammen +0,04; davon +0,02 durch die eigenen Werte und +0,02 durch Mittel und "
        "Streuung aller Gebiete."
    )
    amounts = [int(found.replace(",", "")) for found in re.findall(r"\+(\d,\d\d)", text)]
    assert sum(amounts[:3]) == amounts[3] == sum(amounts[4:])


def test_shown_contributions_add_up_to_the_shown_index() -> None:
    """0.134 + 0.134 + 0.134 = 0.402: rounded one by one they would be 0.39, not 0.40."""
    parts = tuple(
        PartExplained(item, "published", 1.0, 0.0, 1.0, 1.0, 1.0, 0.134, 1, 9)
        for item in ("density", "sgb2_share", "migration_share")
    )
    shown = shown_contributions(replace(explained(1.0), parts=parts, index=0.402), 2)
    assert shown == {"density": 0.14, "sgb2_share": 0.13, "migration_share": 0.13}


@pytest.mark.parametrize(
    ("values", "total", "parts"),
    [
        ([0.005, 0.005], 0.01, [0.01, 0.0]),
        ([-0.014, -0.014, -0.014], -0.04, [-0.01, -0.01, -0.02]),
        ([0.29, -0.29], 0.0, [0.29, -0.29]),
        ([0.204, 0.024, -1e-17], 0.23, [0.21, 0.02, 0.0]),
        ([], 0.0, []),
    ],
)
def test_rounded_parts(values: list[float], total: float, parts: list[float]) -> None:
    assert rounded_parts(values, 2, total) == parts


def test_the_range_of_ranks_is_that_of_all_replications() -> None:
    assert firmness_text(explained(0.1, 0.8, 0.1, 0.0)) == (
        "grenznah: gleiche Stufe in 80,0 % der 2.000 Nachrechnungen, über alle Rang 3 bis 7."
    )


@pytest.mark.parametrize(
    ("kept", "share"),
    [(0.9996, "99,9 %"), (0.9499, "94,9 %"), (0.95, "95,0 %"), (0.0004, "weniger als 0,1 %")],
)
def test_a_share_reaches_no_limit_by_rounding(kept: float, share: str) -> None:
    assert f"in {share} der 2.000 Nachrechnungen" in firmness_text(explained(0, kept, 0, 0))
