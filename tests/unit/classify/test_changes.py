from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from atlas.classify import Rule, level_items
from atlas.classify.changes import (
    AreaChange,
    Classification,
    PartChange,
    change_of,
    moved_areas,
)
from atlas.sentences import Words, change_text
from atlas.terms import NEED_LEVEL
from tests.method_tables import (
    DAY,
    flensburg_rule,
    flensburg_values,
    inputs_of,
    need_rule,
    read_table,
)

CountsOf = Callable[..., pd.DataFrame]
RULE = need_rule("density sgb2_share", preset="need4")


def classification(
    table: str, rule: Rule = RULE, counts: pd.DataFrame | None = None
) -> Classification:
    values, residents = inputs_of(read_table(table), rule.items)
    items = [values, level_items(values, residents, rule, DAY)]
    if counts is not None:
        items.append(counts)
    return Classification(pd.concat(items, ignore_index=True), rule, ("residents", "sgb2"))


def flensburg(year: int, rule: Rule) -> Classification:
    values, residents = flensburg_values(year)
    items = level_items(values, residents, rule, DAY)
    return Classification(pd.concat([values, items], ignore_index=True), rule)


def total(parts: tuple[PartChange, ...]) -> float:
    return sum(p.own_value + p.mean_shift + p.spread_shift + p.rest for p in parts)


@pytest.mark.parametrize("method", ["zscore", "quantile", "percentile", "rank_exponential"])
@pytest.mark.parametrize("number", range(1, 14))
def test_parts_add_up_to_the_change(method: str, number: int) -> None:
    rule = need_rule("density migration_share sgb2_share", method=method)
    change = change_of(flensburg(2021, rule), flensburg(2022, rule), f"STGT{number:02}")
    assert change.index_before is not None
    assert change.index_after is not None
    assert total(change.parts) == pytest.approx(
        change.index_after - change.index_before, abs=1e-12
    )
    for part in change.parts:
        split = part.own_value + part.mean_shift + part.spread_shift + part.rest
        assert split == pytest.approx(part.total, abs=1e-12)


def test_same_rule_leaves_no_rest_and_reads_backwards() -> None:
    rule = flensburg_rule()
    before, after = flensburg(2021, rule), flensburg(2022, rule)
    forth, back = (change_of(*pair, "STGT01") for pair in ((before, after), (after, before)))
    for there, again in zip(forth.parts, back.parts, strict=True):
        assert there.rest == pytest.approx(0, abs=1e-12)
        assert there.own_value == pytest.approx(-again.own_value, abs=1e-15)
        assert there.mean_shift == pytest.approx(-again.mean_shift, abs=1e-15)
        assert there.spread_shift == pytest.approx(-again.spread_shift, abs=1e-15)


def test_other_weights_are_the_rule_not_the_area() -> None:
    """Same values twice: nothing but the weight changes, and all of it is rest and spread."""
    rule = flensburg_rule()
    heavier = replace(rule, parts=(replace(rule.parts[0], weight=2.0), *rule.parts[1:]))
    change = change_of(flensburg(2021, rule), flensburg(2021, heavier), "STGT02")
    assert all(part.own_value == 0 for part in change.parts)
    assert all(part.mean_shift == 0 for part in change.parts)
    assert change.parts[0].rest > 0.1
    assert total(change.parts) == pytest.approx(
        (change.index_after or 0) - (change.index_before or 0), abs=1e-12
    )


def test_indicator_that_joins_is_the_rule() -> None:
    rule = need_rule("density sgb2_share")
    more = need_rule("density sgb2_share migration_share")
    change = change_of(flensburg(2021, rule), flensburg(2021, more), "STGT02")
    joined = change.parts[2]
    assert joined.item == "migration_share"
    assert joined.rest == joined.total
    assert total(change.parts) == pytest.approx(
        (change.index_after or 0) - (change.index_before or 0), abs=1e-12
    )


BEFORE = """
area density sgb2_share |
01      1        5      |
02      2       10      |
03      3       15      |
04      4       20      |
"""
AFTER = """
area density sgb2_share |
01      1     60        |
02      2     10        |
03      3     15        |
04      4     geheim    |
05      4     20        |
"""


def test_moved_areas() -> None:
    """01 rises, 04 is hidden now, 05 is new; who keeps the level is not listed."""
    moved = {
        change.area_id: change
        for change in moved_areas(classification(BEFORE), classification(AFTER))
    }
    assert list(moved) == sorted(moved)
    assert "05" not in moved
    assert (moved["01"].level_before, moved["01"].level_after) == (1, 2)
    assert moved["04"].level_after is None
    assert moved["04"].reason_after == "geheim"
    assert moved["04"].parts == ()
    assert moved_areas(classification(BEFORE), classification(BEFORE)) == ()


def test_area_hidden_in_both_editions_has_not_moved() -> None:
    moved = moved_areas(classification(AFTER), classification(AFTER))
    assert moved == ()


def test_counts_of_both_editions(counts_of: CountsOf) -> None:
    before = classification(BEFORE, counts=counts_of("01", residents=6570, sgb2=1127))
    after = classification(AFTER, counts=counts_of("01", residents=6493, sgb2=np.nan))
    assert change_of(before, after, "01").counts == (("residents", 6570.0, 6493.0),)


def wichlinghausen() -> AreaChange:
    """Quartier 62 of Wuppertal, 2016 to 2017, with the counts that the city published."""
    share = [100 * 1127 / 6570, 100 * 1245 / 6493]
    migration = [100 * 2926 / 6570, 100 * 2876 / 6493]
    return AreaChange(
        area_id="62",
        level_item=NEED_LEVEL,
        level_before=2,
        level_after=3,
        reason_before="",
        reason_after="",
        index_before=0.4,
        index_after=0.62,
        parts=(
            PartChange("density", 72.2, 71.3, -0.02, -0.03, 0.01, 0.0, 0.0),
            PartChange("sgb2_share", *share, 0.25, 0.24, 0.01, 0.0, 0.0),
            PartChange("migration_share", *migration, -0.01, -0.01, 0.0, 0.0, 0.0),
        ),
        counts=(
            ("residents", 6570.0, 6493.0),
            ("sgb2", 1127.0, 1245.0),
            ("migrants", 2926.0, 2876.0),
        ),
    )


def test_paragraph(words: Words) -> None:
    assert change_text(wichlinghausen(), "Wichlinghausen-Nord", words, words) == (
        "Wichlinghausen-Nord: von Stufe 2 „Handlungsbedarf abwägen“ zu Stufe 3 "
        "„Handlungsbedarf“; der Index steigt von 0,40 auf 0,62 (+0,22). 77 Einwohner*innen "
        "weniger, "
        "Einwohnerdichte von 72,2 auf 71,3 je ha gesunken; 118 Empfänger*innen von SGB II "
        "mehr, SGB-II-Quote von 17,2 auf 19,2 % gestiegen; 50 Menschen mit "
        "Migrationshintergrund weniger, Migrationsquote von 44,5 auf 44,3 % gesunken. "
        "Den Index verändern SGB-II-Quote +0,25, Einwohnerdichte −0,02 und Migrationsquote "
        "−0,01, zusammen +0,22; davon +0,20 durch die eigenen Werte und +0,02 durch Mittel und "
        "Streuung aller Gebiete."
    )


def test_paragraph_with_one_person_nobody_and_no_visible_change(words: Words) -> None:
    change = replace(
        wichlinghausen(),
        level_after=2,
        index_after=0.401,
        parts=(PartChange("density", 72.21, 72.22, 0.001, 0.001, 0.0, 0.0, 0.0),),
        counts=(("residents", 6570.0, 6571.0),),
    )
    assert change_text(change, "Nord", words, words) == (
        "Nord: weiterhin Stufe 2 „Handlungsbedarf abwägen“; der Index bleibt gerundet bei "
        "0,40. Einwohner*innen: 1 mehr, Einwohnerdichte gerundet unverändert bei 72,2 je ha. "
        "Den Index verändern insgesamt ±0,00; davon ±0,00 durch die eigenen Werte und ±0,00 "
        "durch Mittel und Streuung aller Gebiete."
    )


def test_paragraph_of_an_area_that_lost_its_level(words: Words) -> None:
    change = replace(
        wichlinghausen(),
        level_after=None,
        index_after=None,
        reason_after="ausstehend",
        parts=(),
    )
    assert change_text(change, "Nord", words, words) == (
        "Nord: von Stufe 2 „Handlungsbedarf abwägen“ zu „nicht klassifiziert“ (eine nötige "
        "Angabe fällt später an)."
    )


def test_paragraph_names_the_rule(words: Words) -> None:
    part = PartChange("density", 72.2, 72.2, 0.1, 0.0, 0.0, 0.0, 0.1)
    change = replace(wichlinghausen(), parts=(part,), counts=())
    assert "und +0,10 durch die Regel." in change_text(change, "Nord", words, words)
