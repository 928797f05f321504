import pandas as pd
import pytest

from atlas.classify import Rule, level_items
from atlas.classify.explain import Explanation, explain
from atlas.sentences import Words, firmness_text, level_sentence, limit_texts
from tests.method_tables import DAY, inputs_of, need_rule, read_table

TABLE = """
area  residents density sgb2_share |
01       500       2        10     |
02       500       4        20     |
03       500       4        20     |
04       500       4        20     |
05       500       5        25     |
06       500       5        25     |
07       500       7        35     |
08       500       9        45     |
"""
RULE = need_rule("density sgb2_share", preset="mss", options={"min_residents": 300})

ON_THE_CUT = "Der Index liegt genau auf der Grenze 1,00 und bleibt damit in dieser Stufe."


def explained(
    area_id: str, table: str = TABLE, rule: Rule = RULE, city: dict[str, float] | None = None
) -> Explanation:
    values, residents = inputs_of(read_table(table), rule.items)
    items = level_items(values, residents, rule, DAY, city)
    return explain(pd.concat([values, items]), rule, DAY, area_id)


def test_figures_of_an_area() -> None:
    """07: both z are 1, S = 2, its spread 2, so the index is 1 and each part gives a half."""
    found = explained("07")
    assert (found.sum, found.index, found.level) == (2.0, 1.0, 2)
    assert (found.cuts, found.distance) == ((-1.0, 1.0, 1.5), 0.0)
    assert (found.rank, found.n_valid) == (2, 8)
    part = found.parts[0]
    assert (part.item, part.value, part.mean, part.sd, part.z) == (
        "density",
        7.0,
        5.0,
        2.0,
        1.0,
    )
    assert (part.weight, part.contribution, part.rank, part.n_ranked) == (1.0, 0.5, 2, 8)
    assert found.firmness is not None
    assert sum(found.firmness.shares) == pytest.approx(1)


def test_contributions_add_up() -> None:
    for area_id in ("01", "05", "08"):
        found = explained(area_id)
        total = sum(part.contribution or 0 for part in found.parts)
        assert total == pytest.approx(found.index, abs=1e-12)


def test_sentence_names_level_and_rank(words: Words) -> None:
    text = level_sentence(explained("05"), "Altstadt", words)
    assert text == "Altstadt: Stufe 2 „Handlungsbedarf abwägen“, Rang 3 von 8."


@pytest.mark.parametrize(
    ("area_id", "expected"),
    [
        # Both z are −1.5: the lowest level, nothing below.
        ("01", ((2, "Dem Index −1,50 fehlen 0,50 bis zur Grenze −1,00."),)),
        (
            "05",
            (
                (3, "Dem Index 0,00 fehlen 1,00 bis zur Grenze 1,00."),
                (1, "Der Index 0,00 liegt 1,00 über der Grenze −1,00."),
            ),
        ),
        (
            "07",
            (
                (3, ON_THE_CUT),
                (1, "Der Index 1,00 liegt 2,00 über der Grenze −1,00."),
            ),
        ),
        ("08", ((3, "Der Index 2,00 liegt 0,50 über der Grenze 1,50 zur höchsten Stufe."),)),
    ],
)
def test_distances_to_the_cuts_around(
    area_id: str, expected: tuple[tuple[int, str], ...]
) -> None:
    assert limit_texts(explained(area_id)) == expected


def test_sentence_on_firmness() -> None:
    text = firmness_text(explained("08"))
    assert text == "stabil: gleiche Stufe in allen 2.000 Nachrechnungen, dabei Rang 1."


def test_without_index_no_distance_and_no_firmness() -> None:
    found = explained("03", TABLE.replace("03       500       4 ", "03       500       fehlt "))
    assert found.index is None
    assert limit_texts(found) == ()
    assert firmness_text(found) == ""


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("03 500 4 ausstehend", "SGB-II-Quote fällt später an"),
        ("03 500 ausstehend ausstehend", "Einwohnerdichte und SGB-II-Quote fallen später an"),
        ("03 500 4 fehlt", "SGB-II-Quote liegt nicht vor"),
        ("03 500 4 geheim", "SGB-II-Quote ist geheim"),
        ("03 500 4 gesperrt", "SGB-II-Quote ist geheim"),
        ("03 geheim 4 7", "eine nötige Angabe ist geheim"),
        ("03 299 4 7", "hier leben weniger als 300 Menschen"),
        ("03 500 4 klein", "für eine Quote leben hier zu wenige Menschen"),
        ("03 0 0 0", "das Gebiet ist unbewohnt"),
    ],
)
def test_sentence_of_a_gap(row: str, reason: str, words: Words) -> None:
    table = TABLE.replace("03       500       4        20     |", row)
    text = level_sentence(explained("03", table), "Altstadt", words)
    state = "hat noch keine Stufe" if "später" in reason else "ist nicht klassifiziert"
    assert text == f"Altstadt {state}: {reason}."


def test_sentence_of_an_exclusion_tells_the_words_of_the_city(words: Words) -> None:
    excluded = need_rule(
        "density sgb2_share",
        options={"exclusions": [{"area_id": "03", "reason": "nur Wohnheim"}]},
    )
    text = level_sentence(explained("03", rule=excluded), "Altstadt", words)
    assert text == "Altstadt ist nicht klassifiziert: von Hand ausgenommen (nur Wohnheim)."


def test_unknown_area() -> None:
    with pytest.raises(KeyError):
        explained("99")
