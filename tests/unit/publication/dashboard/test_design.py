from dataclasses import replace

from atlas.publication.dashboard import design
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see
from atlas.publication.views.areas import area_table
from atlas.publication.views.comparison import beside_each_other
from atlas.publication.views.items import NEED
from atlas.publication.views.legend import LegendEntry
from atlas.publication.views.map import map_view
from atlas.publication.views.profile import Card, Fact
from atlas.publication.views.table import Field, Table
from atlas.release import Release
from atlas.terms import Group, Kind, Status


def test_legend_of_another_map_says_what_the_first_does_not(release: Release) -> None:
    need, share = (
        map_view(see(release, Group.ALL), theme, Kind.QUARTIER)
        for theme in (NEED, "sgb2_share")
    )
    assert design.other_legend_html(need, need, "31.12.2022") == ""
    other = design.other_legend_html(share, need, "SGB-II-Quote")
    assert 'aria-label="Legende: SGB-II-Quote"' in other
    assert other.count("<li>") == len(share.legend)
    later = replace(need, legend=(*need.legend, LegendEntry(0, Status.MISSING, "später", 3)))
    more = design.other_legend_html(later, need, "31.12.2024")
    assert more.count("<li>") == 1
    assert "später" in more


def test_legend_names_number_symbol_and_count(release: Release) -> None:
    view = map_view(see(release, Group.ALL), NEED, Kind.QUARTIER)
    html = design.legend_html(view)
    assert "hoher Handlungsbedarf" in html
    assert 'aria-label="Legende"' in html
    assert html.count("<li>") == len(view.legend)


def test_table_has_caption_scopes_and_marks_rows(release: Release) -> None:
    table = area_table(see(release, Group.ALL), Kind.QUARTIER)
    html = design.table_html(table)
    assert html.count('scope="row"') == len(rows_of(table))
    assert html.count('scope="col"') == len(table.on_page().fields)
    assert "<caption>" in html
    assert 'data-row="11"' in html


def test_levels_carry_their_colour_in_rows_too(release: Release) -> None:
    table = beside_each_other(see(release, Group.ALL), ("11", "22"))
    html = design.table_html(table)
    assert html.count('<span class="level">') == 1
    assert design.level_chip(4, "hoher Handlungsbedarf") in html


def test_text_is_escaped() -> None:
    evil = '<img src=x onerror="alert(1)">'
    column = Field("a", evil, is_number=True)
    table = Table(evil, (column, column), ((evil, evil),))
    card = Card(evil, evil, None, evil, evil, evil, (Fact(evil, evil, evil),))
    for html in (design.table_html(table), design.card_html(card), design.level_chip(1, evil)):
        assert "<img" not in html
