import io

import pypdf
import pytest

from atlas.errors import ReleaseError
from atlas.publication.report.document import Beside, Grid, Heading, Level, Paragraph
from atlas.publication.report.pdf import pdf_bytes
from atlas.publication.report.profile import chosen_quartiere, profile_paper
from atlas.publication.seen import see
from atlas.publication.views.comparison import at_dates, beside_parents


def _of(paper, kind):
    return [one for sheet in paper.blocks for one in sheet.blocks if isinstance(one, kind)]


def _texts(paper):
    return [one.text for one in _of(paper, Paragraph | Heading)]


def test_each_quartier_is_one_upright_page(profiles, past):
    pages = pypdf.PdfReader(io.BytesIO(pdf_bytes(profiles))).pages
    titles = [one.title for one in past[-1].areas("quartier")]
    assert [page.extract_text().splitlines()[0] for page in pages] == titles


def test_level_trend_and_reason_stand_at_the_head(past):
    (head,) = _of(profile_paper(past, ["11"]), Beside)
    level = next(one for one in head.blocks if isinstance(one, Level))
    assert level.step == past[-1].value(past[-1].area("quartier", "11"), "need_level")
    assert "31.12.2022" in level.beside[0]
    assert head.drawing.text.startswith("Lage von 11")


def test_values_are_the_tables_of_the_page(past):
    tables = [one.table for one in _of(profile_paper(past, ["11"]), Grid)]
    assert beside_parents(past[-1], "11", past[-2]) in tables


def test_three_dates_or_more_stand_beside_each_other(past):
    long = (past[0], past[0], past[1])
    tables = [one.table for one in _of(profile_paper(long, ["11"]), Grid)]
    assert at_dates(long, "11") in tables
    assert at_dates(past, "11") not in tables


def test_what_is_said_stands_on_the_sheet_it_is_said_of(past):
    said = {"11": "Zu wenig Plätze.\nMehr #Kitas*"}
    with_it = _texts(profile_paper(past, ["11", "12"], said))
    assert with_it.count("Bewertung der Planung") == 1
    assert "Mehr #Kitas*" in with_it
    assert "Bewertung der Planung" not in _texts(profile_paper(past, ["12"], said))


def test_first_date_has_no_trend(release):
    paper = profile_paper((see(release),), ["11"])
    level = next(one for one in _of(paper, Beside)[0].blocks if isinstance(one, Level))
    assert level.beside == ()


def test_provisional_date_says_what_is_missing(release, provisional):
    paper = profile_paper((see(release), see(provisional)), ["11"])
    notes = [one.text for one in _of(paper, Beside)[0].blocks if isinstance(one, Paragraph)]
    assert "SGB II fällt später an." in notes
    assert pdf_bytes(paper).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ((), ("11", "12", "13", "21", "22", "23")),
        (("2",), ("21", "22", "23")),
        (("22", "12"), ("12", "22")),
        (("21", "2"), ("21", "22", "23")),
    ],
)
def test_a_key_stands_for_a_quartier_or_all_that_lie_in_it(past, keys, expected):
    assert chosen_quartiere(past[-1], keys) == expected


def test_a_key_that_names_nothing_is_said(past):
    with pytest.raises(ReleaseError, match="Gebiet 99: gibt es am 31.12.2023 nicht"):
        chosen_quartiere(past[-1], ["11", "99"])
