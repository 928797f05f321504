"""What holds a delivery back: small registers and tables, each with one fault."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from atlas.confidential.meaning import (
    Case,
    Dated,
    Linked,
    Portrait,
    Source,
    continuity,
    draw,
    judge,
)
from atlas.config import Layout
from atlas.config.groups import DEFAULT_GROUPS, memberships_of

DAYS = [date(year, 12, 31) for year in (2021, 2022, 2023)]
EDITION = date(2020, 1, 1)
PERSONS = 4000
GROUPS = memberships_of(DEFAULT_GROUPS)

REGISTER = Layout.model_validate(
    {
        "id": "ewo",
        "source": "ewo",
        "label": "Register",
        "shape": "persons",
        "file": "ewo_{date}.csv",
        "kind": "quartier",
        "columns": {
            "ID": {"role": "person"},
            "GEBIET": {"role": "area"},
            "ALTER": {"role": "age"},
            "STAAT": {"role": "code"},
            "ZUZUG": {"role": "code"},
        },
        "measures": {
            "residents": "every_row",
            "migrants": [{"STAAT": {"not_in": ["000"]}}],
        },
    }
)
COUNTS = Layout.model_validate(
    {
        "id": "ba",
        "source": "ba",
        "label": "SGB II",
        "shape": "counts",
        "file": "ba_{date}.csv",
        "kind": "quartier",
        "columns": {
            "GEBIET": {"role": "area"},
            "A": {"role": "count", "item": "sgb2"},
            "B": {"role": "count", "item": "pupils"},
        },
    }
)


def register(year: int, **changes: Any) -> pa.Table:
    """A town of 20 areas in which five percent leave and five percent come every year."""
    first = (year - 2021) * PERSONS // 20
    number = np.arange(first, first + PERSONS)
    luck = number * 2654435761 % 2**32 >> 8  # the same for a person all life long
    number, luck = number[np.argsort(luck)], np.sort(luck)
    columns = {
        "area_id": [f"{n % 20:02d}" for n in luck],
        "person": [f"{n:08x}" for n in number],
        "age": pa.array((n % 61 + year - 2021 for n in luck), pa.int16()),
        "STAAT": ["163" if n % 53 < 10 else "000" for n in luck],
        "ZUZUG": ["163" if n % 59 < 8 else None for n in luck],
    }
    return pa.table({**columns, **changes})


def case(rows: pa.Table, *, years: tuple[int, ...] = (2021, 2022), now: int = 2023) -> Case:
    """A register beside those of the years before."""
    tables = {year: register(year) for year in years}
    dated = []
    for year in years:
        portrait = _portrait(tables[year], year, tables)
        dated.append(Dated(date(year, 12, 31), portrait))
    new = _portrait(rows, now, tables)
    others = tuple(reversed(dated))
    residents = (new.areas, others[0].portrait.areas if others else {})
    parts = frozenset({"migrants"})
    return Case(REGISTER, date(now, 12, 31), new, others, residents=residents, parts=parts)


def _portrait(rows: pa.Table, year: int, tables: dict[int, pa.Table]) -> Portrait:
    source = Source(rows, REGISTER, EDITION, {}, groups=GROUPS)
    before = tables.get(year - 1)
    if before is None:
        return draw(source)
    dates = (date(year - 1, 12, 31), date(year, 12, 31))
    found = continuity(source, before, dates)
    return draw(source).model_copy(update={"continuity": found})


def checks(one: Case) -> set[str]:
    return {finding.check for finding in judge(one)}


def test_an_honest_year_is_let_through() -> None:
    assert checks(case(register(2023))) == set()
    assert checks(case(register(2021), years=())) == set()


@pytest.mark.parametrize(
    ("days", "now", "pairs"),
    [
        ("2021-12-31 2022-12-31", "2023-12-31", "2021-12-31 2022-12-31"),
        ("2024-02-29 2024-03-31", "2024-04-30", "2024-02-29 2024-03-31"),
        ("2024-02-29 2024-03-31", "2025-02-28", ""),
        ("2024-01-31 2024-05-31 2024-12-31", "2025-12-31", "2024-05-31 2024-12-31"),
    ],
)
def test_a_past_over_a_much_shorter_time_is_none(days: str, now: str, pairs: str) -> None:
    portrait = _portrait(register(2021), 2021, {})
    others = [Dated(date.fromisoformat(day), portrait) for day in reversed(days.split())]
    one = Case(REGISTER, date.fromisoformat(now), portrait, tuple(others))
    assert [str(d.day) for pair in one.past_pairs() for d in pair] == pairs.split()


def _codes(*pairs: tuple[str, str]) -> list[str | None]:
    values = register(2023)["STAAT"].to_pylist()
    known = dict(pairs)
    return [known.get(value, value) for value in values]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        # Excel turns 000 into 0: everybody becomes a migrant
        ({"STAAT": _codes(("000", "0"))}, {"code_unknown", "measure_range", "persons_changed"}),
        ({"STAAT": ["000"] * PERSONS}, {"code_single", "code_shares", "persons_changed"}),
        ({"STAAT": list(np.roll(_codes(), 1))}, {"persons_changed"}),
        ({"ZUZUG": _codes()}, {"code_shares"}),
        ({"area_id": [f"{n % 19:02d}" for n in range(PERSONS)]}, {"persons_changed"}),
        ({"age": pa.array([30] * PERSONS, pa.int16())}, {"age_shares", "persons_changed"}),
        ({"person": [f"x{n}" for n in range(PERSONS)]}, {"persons_gone", "persons_new"}),
    ],
)
def test_a_wrong_column_is_held(fault: dict[str, Any], expected: set[str]) -> None:
    assert expected <= checks(case(register(2023, **fault)))


def test_a_column_that_stands_where_another_stood_is_named() -> None:
    values = register(2023)["STAAT"].to_pylist()
    (hint,) = (
        finding.hint
        for finding in judge(case(register(2023, ZUZUG=values)))
        if finding.check == "code_shares"
    )
    assert "sieht aus wie Spalte „STAAT“" in hint


def test_a_file_cut_off_at_a_line_end_is_held() -> None:
    rows = register(2023)
    missing = rows.slice(0, 3500)  # the last 12.5 % by the order of the file
    assert checks(case(missing)) >= {"persons_total", "persons_gone"}
    kept = pa.concat_tables([rows.slice(0, 3000), rows.slice(3120)])
    assert checks(case(kept)) == {"rows_cut"}  # 3 %, in one piece


def test_the_register_of_last_year_is_held() -> None:
    last = register(2022)
    assert {"stands_still", "same_as_other_date"} <= checks(case(last))


def test_the_register_of_the_year_before_last_is_held() -> None:
    assert "same_as_other_date" in checks(case(register(2021)))


def test_persons_doubled_under_new_keys_are_held() -> None:
    honest = case(register(2023))
    others = tuple(
        Dated(one.day, one.portrait.model_copy(update={"twins": 40})) for one in honest.others
    )  # one percent
    for twins, held in ((60, False), (70, True)):  # 1.5 %, 1.75 %
        new = honest.new.model_copy(update={"twins": twins})
        found = checks(replace(honest, others=others, new=new))
        assert ("persons_doubled" in found) is held


@pytest.mark.parametrize(("found", "held"), [(3900, False), (3920, False), (3700, True)])
def test_link_against_its_own_past(found: int, held: bool) -> None:
    link = Linked("Ausländerregister", (found, PERSONS), ((3920, PERSONS), (3930, PERSONS)))
    assert ("link_rate" in checks(replace(case(register(2023)), linked=(link,)))) is held


def test_a_first_link_against_the_configuration() -> None:
    link = Linked("Ausländerregister", (1999, PERSONS), ())
    assert "link_rate" in checks(replace(case(register(2023)), linked=(link,)))


def test_a_constant_column_may_be_allowed() -> None:
    constant = register(2021, ZUZUG=["163"] * PERSONS)
    first = case(constant, years=())
    assert checks(first) == {"code_single"}
    allowed = REGISTER.model_copy(
        update={"checks": REGISTER.checks.model_copy(update={"constant": ("ZUZUG",)})}
    )
    assert checks(replace(first, layout=allowed)) == set()


@pytest.mark.parametrize(
    ("still", "held"),
    [(0, False), (3, True), (8, True)],  # tenths of 500 persons in which nobody moved
)
def test_a_part_of_the_file_that_stands_still_is_held(still: int, held: bool) -> None:
    honest = case(register(2023))
    parts = ((500, 0),) * still + ((500, 60), (500, 45)) * 5
    assert honest.new.continuity is not None
    moved = honest.new.continuity.model_copy(update={"parts": parts[:10]})
    new = honest.new.model_copy(update={"continuity": moved})
    assert ("part_stands_still" in checks(replace(honest, new=new))) is held


@pytest.mark.parametrize(("percent", "held"), [(2, False), (20, True)])
def test_codes_that_the_same_persons_lose_are_held(percent: int, held: bool) -> None:
    values = register(2023)["ZUZUG"].to_pylist()
    lost = [None if n % 100 < percent else value for n, value in enumerate(values)]
    assert ("codes_turned" in checks(case(register(2023, ZUZUG=lost)))) is held


def test_a_code_that_nearly_vanishes_is_held_and_named() -> None:
    values = register(2023)["STAAT"].to_pylist()
    gone = ["164" if value == "163" and n % 10 else value for n, value in enumerate(values)]
    found = judge(case(register(2023, STAAT=gone)))
    (hint,) = (one.hint for one in found if one.check == "code_counts")
    assert "163" not in hint  # the configuration does not name this code


def test_ways_that_a_handful_of_persons_went_are_not_kept() -> None:
    values = register(2023)["STAAT"].to_pylist()
    foreign = [n for n, value in enumerate(values) if value == "163"]
    for n in foreign[:4]:
        values[n] = "475"
    found = case(register(2023, STAAT=values)).new.continuity
    assert found is not None
    assert "475" not in found.turned["STAAT"]["163"]
    assert found.turned["STAAT"]["163"]["(andere)"] <= 4


# ---- counts -------------------------------------------------------------------------------

_A = np.array([100 + 37 * n % 400 + 11 * n for n in range(20)])
_B = np.array([900 - 41 * n % 500 for n in range(20)])


def table(a: Any, b: Any = None) -> Portrait:
    """Counts of two items in 20 areas."""
    b = _B * 1.02 // 1 if b is None else b
    areas = [f"{n:02d}" for n in range(20)]
    rows = pa.table(
        {
            "area_id": [*areas, *areas],
            "item": ["sgb2"] * 20 + ["pupils"] * 20,
            "group": ["all"] * 40,
            "value": pa.array([*map(float, a), *map(float, b)], pa.float64()),
            "status": ["published"] * 40,
        }
    )
    return draw(Source(rows, COUNTS, EDITION, {}))


def counts_case(new: Portrait) -> Case:
    """Counts beside two years that differ by two or three percent."""
    others = (
        Dated(DAYS[1], table(_A * 1.01 // 1, _B)),
        Dated(DAYS[0], table(_A * 0.98 // 1, _B * 0.97 // 1)),
    )
    return Case(COUNTS, DAYS[2], new, others)


NEXT = _A * 1.03 // 1


def test_honest_counts_are_let_through() -> None:
    assert checks(counts_case(table(NEXT))) == set()


def _exchanged(one: int, two: int) -> np.ndarray:
    places = np.arange(20)
    places[[one, two]] = places[[two, one]]
    return np.asarray(NEXT[places])


def _first(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The first eight of twenty areas from an older table."""
    return np.where(np.arange(20) < 8, old, new)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (table(NEXT[::-1]), "areas_mixed"),
        (table(np.roll(NEXT, 1)), "areas_jump"),
        (table(_exchanged(0, 19)), "areas_exchanged"),
        (table(NEXT * 1.3 // 1), "measure_changed"),
        (table(_A * 1.01 // 1), "same_as_other_date"),
        (table(_A * 0.98 // 1), "same_as_other_date"),
        (table(_B * 1.02 // 1, NEXT), "column_misplaced"),
        (table(_B * 1.02 // 1), "column_copied"),
        (table(np.where(np.arange(20) == 3, 0, NEXT)), "area_zero"),
        (table(NEXT // 10 * 10), "counts_rounded"),
        (table(NEXT + 60), "constant_added"),
        (table(_first(_A * 1.01 // 1, NEXT), _first(_B, _B * 1.02 // 1)), "rows_of_other_date"),
    ],
)
def test_wrong_counts_are_held(new: Portrait, expected: str) -> None:
    assert expected in checks(counts_case(new))


@pytest.mark.parametrize(
    ("areas", "differing", "held"), [(6, 0, True), (6, 1, False), (5, 0, False), (9, 1, True)]
)
def test_a_small_table_of_another_date_is_held(areas: int, differing: int, held: bool) -> None:
    """Six Stadtteile with the very same counts as two years before are no coincidence."""

    def few(portrait: Portrait) -> Portrait:
        kept = {
            name: dict(sorted(values.items())[:areas])
            for name, values in portrait.areas.items()
        }
        return portrait.model_copy(update={"areas": kept})

    honest = counts_case(table(NEXT))
    others = tuple(Dated(past.day, few(past.portrait)) for past in honest.others)
    copied = {name: {**values} for name, values in others[0].portrait.areas.items()}
    for key in sorted(copied["sgb2"])[:differing]:
        copied["sgb2"][key] += 3
    new = few(honest.new)
    new = new.model_copy(update={"areas": {**new.areas, "sgb2": copied["sgb2"]}})
    found = checks(replace(honest, new=new, others=others))
    assert ("same_as_other_date" in found) is held


@pytest.mark.parametrize(("other", "held"), [("sgb2@u18", True), ("pupils", False)])
def test_groups_of_one_measure_go_together_and_measures_need_not(
    other: str, held: bool
) -> None:
    def named(portrait: Portrait) -> Portrait:
        areas = {"sgb2": portrait.areas["sgb2"], other: portrait.areas["pupils"]}
        return portrait.model_copy(update={"areas": areas})

    one = counts_case(table(NEXT * 0.9 // 1))  # 8 % less, the other column 2 % more
    others = tuple(Dated(past.day, named(past.portrait)) for past in one.others)
    found = checks(replace(one, new=named(one.new), others=others))
    assert ("columns_parted" in found) is held


def test_a_finding_names_areas_and_what_is_published_and_the_way_out() -> None:
    def published(series: str, areas: Any) -> str:
        return f"; veröffentlicht {series} {areas[0]}" if areas else ""

    one = replace(
        counts_case(table(np.where(np.arange(20) == 3, 0, NEXT))),
        labels={"sgb2": "Empfänger"},
        names={"03": "Nordstadt"},
        published=published,
    )
    (hint,) = (finding.hint for finding in judge(one) if finding.check == "area_zero")
    assert "„Empfänger“ ist null" in hint
    assert "03 Nordstadt; veröffentlicht sgb2 03" in hint
    assert "mit Begründung annehmen; sonst aus dem Eingang nehmen" in hint
    assert str(int(NEXT[3])) not in hint


def test_areas_of_another_edition_are_not_compared() -> None:
    one = counts_case(table(NEXT[::-1]))
    moved = one.new.model_copy(update={"edition": date(2023, 1, 1)})
    assert "areas_mixed" not in checks(replace(one, new=moved))


# ---- what is kept -------------------------------------------------------------------------


def test_a_portrait_survives_the_disk() -> None:
    portrait = case(register(2023)).new
    assert Portrait.model_validate_json(portrait.model_dump_json()) == portrait


def test_continuity_counts_persons_seen_again() -> None:
    found = case(register(2023)).new.continuity
    assert found is not None
    assert (found.before, found.now, found.seen) == (PERSONS, PERSONS, 3800)
    assert found.kept == {"area_id": 3800, "STAAT": 3800, "ZUZUG": 3800, "age": 3800}
