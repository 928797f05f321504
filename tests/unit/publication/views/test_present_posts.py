"""Posts that are there: typed, pasted, refused; beside those of a plan."""

import pytest

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.present_posts import Present, every_line, read_present
from atlas.publication.views.resources import plan_view, quartiere_of
from atlas.publication.views.table import value_of


def titles(release):
    return quartiere_of(see(release)).titles


def test_lines_are_read_as_people_type_and_paste_them(release):
    text = "11 2,5\n\n12\tÄußere Vorstadt\t3\tfest\n13;Bahnhof;0.5\n21 Waldheim 7 0 FEST"
    assert read_present(titles(release), text) == Present(
        {"11": 2.5, "12": 3, "13": 0.5, "21": 0}, frozenset({"12", "21"})
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("11 2\n99 1", "Zeile 2: nicht zu lesen oder keine Nummer"),
        ("11", "Zeile 1: nicht zu lesen"),
        ("11 -1", "Zeile 1: nicht zu lesen"),
        ("11 2\n11 3", "Zeile 2: die Nummer steht schon"),
        ("11 5001", "Zeile 1: höchstens 5000"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_with_its_line(release, text, told):
    with pytest.raises(AtlasError, match=told):
        read_present(titles(release), text)


def test_every_line_gets_a_line_and_what_was_typed_stays(release):
    lines = every_line(titles(release), "12 1,5 fest").splitlines()
    assert lines[:2] == ["11 Altstadt 0", "12 Äußere Vorstadt 1,5 fest"]
    assert len(lines) == 6
    assert read_present(titles(release), "\n".join(lines)).posts["12"] == 1.5


def test_plan_beside_what_is_there(release):
    """22 Hafen keeps 4; of 104 to 75, 20, 4, 5 as without it, 3 more in 12 than there are."""
    present = read_present(titles(release), "12 17\n22 4 fest")
    view = plan_view(see(release), Plan(posts=108), present)
    rows = {row[0]: row for row in rows_of(view.table)}
    heads = [field.label for field in view.table.on_page().fields]
    at = {label: heads.index(label) for label in ("Stellen", "Vorhanden", "Unterschied")}
    found = {key: [row[place] for place in at.values()] for key, row in rows.items()}
    assert found == {
        "11": ["75", "0", "+75"],
        "12": ["20", "17", "+3"],
        "13": ["4", "0", "+4"],
        "21": ["5", "0", "+5"],
        "22": ["4", "4", "±0"],
        "23": ["–", "0", "–"],
    }
    assert rows["22"][-1] == "Fest: bleibt bei 4."
    assert "22 Hafen" not in view.left_out
    assert [value_of(entry) for entry in view.sums[-4:-1]] == [108, 21, 87]
    assert len(view.sums) == len(view.table.fields)
    assert ("Fest", "22 Hafen") in view.settings.rows


def test_without_present_posts_nothing_stands_beside(release):
    view = plan_view(see(release), Plan(posts=104))
    assert len(view.sums) == len(view.table.fields)
    assert "present" not in [field.id for field in view.table.fields]
