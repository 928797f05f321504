from atlas.publication.report.document import Drawing, Grid, Heading, Paragraph
from atlas.publication.report.edition import edition_paper
from atlas.publication.report.pdf import pdf_bytes
from atlas.publication.seen import see
from atlas.publication.views.changes import level_changes
from atlas.publication.views.comparison import at_dates


def _of(paper, kind):
    return [one for one in paper.blocks if isinstance(one, kind)]


def test_each_group_has_its_map_first(edition, past):
    sheets = [one.sheet for one in _of(edition, Drawing)]
    assert sheets == [past[-1].through(group).group_label for group in past[-1].groups]


def test_each_move_has_the_figures_of_both_dates_and_its_reasons(edition, past):
    moves = level_changes(*past).moves
    assert moves
    texts = [one.text for one in _of(edition, Paragraph)]
    tables = [one.table for one in _of(edition, Grid)]
    for move in moves:
        assert move.text in texts
        assert at_dates(past, move.area_id) in tables


def test_a_provisional_date_has_no_moves(release, provisional):
    paper = edition_paper((see(release), see(provisional)))
    heads = [one.text for one in _of(paper, Heading)]
    assert not any("bewegt" in one for one in heads)
    assert any(one.text.startswith("Vorläufig heißt") for one in _of(paper, Paragraph))
    assert pdf_bytes(paper).startswith(b"%PDF")


def test_the_first_edition_of_a_city_can_be_printed(release):
    heads = [one.text for one in _of(edition_paper((see(release),)), Heading)]
    assert "Stufen an allen Stichtagen" in heads
    assert not any("bewegt" in one for one in heads)


def test_notes_on_data_and_sources_end_it(edition):
    assert [one.text for one in _of(edition, Heading)][-3:] == [
        "Hinweise zu Daten und Methode",
        "Begriffe",
        "Quellen",
    ]
    assert "Lizenz dieser Veröffentlichung" in edition.blocks[-1].text
