"""Posts by need and children: reasons, files, and nothing guessed where a count is hidden."""

import csv
import io
from dataclasses import replace

import openpyxl
import pytest

from atlas.classify import Plan
from atlas.errors import AtlasError
from atlas.publication.export.csv_text import table_csv_bytes
from atlas.publication.export.excel import table_xlsx_bytes
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.plan_table import PLAN_NAME, PlanView
from atlas.publication.views.resources import has_children, plan_view
from atlas.publication.views.table import stamped
from atlas.release import Release, derive_cells
from atlas.terms import Group, Kind, Status
from tests.factories import DAY, Gap, town_config, town_counts, with_gaps


@pytest.fixture
def hidden(release: Release) -> Release:
    """The children of Äußere Vorstadt are not published."""
    gap = Gap(Kind.QUARTIER, ("12",), "residents", Group.U18)
    base = with_gaps(town_counts(DAY), [gap])
    return replace(release, cells=derive_cells(base, town_config().published(), DAY, {}))


def _column(view: PlanView, name: str) -> dict[str, str]:
    place = [column.id for column in view.table.on_page().fields].index(name)
    return {row[0]: row[place] for row in rows_of(view.table)}


def test_posts_by_hand(release: Release) -> None:
    """Claims 75 × 4, 40 × 2, 16 × 1, 20 × 1: of 416 posts to 104 are 75, 20, 4, 5."""
    view = plan_view(see(release, Group.ALL), Plan(posts=104))
    posts = _column(view, "posts")
    assert posts == {"11": "75", "12": "20", "13": "4", "21": "5", "22": "–", "23": "–"}
    assert _column(view, "quota")["12"] == "20,00"
    assert _column(view, "reason")["12"] == (
        "40 Kinder × Faktor 2: rechnerisch 20,00 Stellen, zugeteilt 20 "
        "(größte Reste (Hare/Niemeyer))."
    )
    assert view.summary == (
        "104 Stellen; Quartiere mit Stellen: 4 von 6. Maßstab: Kinder × Stufe, "
        "größte Reste (Hare/Niemeyer)."
    )


def test_who_takes_no_part_is_named_with_the_reason(release: Release) -> None:
    view = plan_view(see(release, Group.ALL), Plan(posts=10))
    assert view.left_out == (
        "Nicht beteiligt, von Hand zu entscheiden (2): 22 Hafen und 23 Stadtwald."
    )
    reasons = _column(view, "reason")
    assert reasons["22"] == (
        "Nicht eingestuft (hier leben weniger als 50 Menschen): über dieses Gebiet ist von "
        "Hand zu entscheiden."
    )
    assert "unbewohnt" in reasons["23"]


def test_delivered_levels_without_an_index_take_part(release: Release) -> None:
    is_index = release.cells["item"] == "need_index"
    view = plan_view(see(replace(release, cells=release.cells[~is_index])), Plan(posts=104))
    posts = _column(view, "posts")
    assert posts == {"11": "75", "12": "20", "13": "4", "21": "5", "22": "–", "23": "–"}


def test_hidden_children_are_never_guessed(hidden: Release) -> None:
    """What the others get does not depend on the hidden count: 300, 16, 20 of 336."""
    view = plan_view(see(hidden, Group.ALL), Plan(posts=84))
    posts = _column(view, "posts")
    assert posts == {"11": "75", "12": "–", "13": "4", "21": "5", "22": "–", "23": "–"}
    assert _column(view, "reason")["12"] == (
        "Kinderzahl geheim: über dieses Gebiet ist von Hand zu entscheiden."
    )
    assert "12 Äußere Vorstadt" in view.left_out
    row = next(row for row in view.table.rows if "12" in row)
    cells = [entry for entry in row if hasattr(entry, "status")]
    assert [cell.value for cell in cells[2:]] == [None] * 4
    assert {cell.status for cell in cells[2:]} == {Status.SUPPRESSED}


def test_rows_stand_by_posts_and_gaps_last(release: Release) -> None:
    view = plan_view(see(release, Group.ALL), Plan(posts=104))
    keys = [rows_of(view.table)[place][0] for place in view.table.order("posts")]
    assert keys == ["11", "12", "21", "13", "22", "23"]


def test_floor_index_and_half_posts(release: Release) -> None:
    plan = Plan(posts=6.5, step=0.5, floor=0.5, by="index", rounding="sainte_lague")
    view = plan_view(see(release, Group.ALL), plan)
    posts = [
        float(text.replace(",", ".")) for text in _column(view, "posts").values() if text != "–"
    ]
    assert sum(posts) == 6.5
    assert min(posts) == 0.5
    assert "Sockel 0,50" in view.summary
    assert "Höchstzahlen (Sainte-Laguë)" in view.summary


@pytest.mark.parametrize("plan", [Plan(posts=2, floor=1), Plan(posts=2.5), Plan(posts=-1)])
def test_impossible_plans_are_refused_in_german(release: Release, plan: Plan) -> None:
    with pytest.raises(AtlasError, match=r"^Ressourcen"):
        plan_view(see(release, Group.ALL), plan)


def test_files_hold_what_the_page_shows(release: Release) -> None:
    view = plan_view(see(release, Group.ALL), Plan(posts=104))
    title = f"Sozialatlas Musterstadt: {PLAN_NAME}"
    data = table_xlsx_bytes(see(release), title, (view.table, view.settings))
    assert data == table_xlsx_bytes(see(release), title, (view.table, view.settings))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Stellen verteilen", "Vorgaben", "Hinweise"]
    head, *rows = book["Stellen verteilen"].iter_rows(values_only=True)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert [row["Stellen"] for row in found] == [75, 20, 4, 5, "x", "–"]
    assert found[0]["Begründung"] == _column(view, "reason")["11"]
    assert ("Stellen", "104") in list(book["Vorgaben"].iter_rows(values_only=True))
    text = table_csv_bytes(stamped(view.table, see(release))).decode()
    records = list(csv.DictReader(io.StringIO(text)))
    assert [record["posts"] for record in records] == ["75", "20", "4", "5", "", ""]
    assert records[0]["release"] == release.info.name
    assert records[0]["children"] == "75"
    assert "Musterdaten" in records[0]["remark"]


def test_a_city_without_children_says_so(release: Release) -> None:
    cells = release.cells
    is_children = (cells["item"] == "residents") & (cells["group"] == "u18")
    assert has_children(see(release))
    assert not has_children(see(replace(release, cells=cells[~is_children])))
