from datetime import date

import pytest

from atlas.errors import AtlasError
from atlas.publication import assessments
from atlas.publication.assessments import Author, Place
from atlas.publication.assessments.record import checked


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Etwas.\r\n\r\n\r\n\r\nMehr.  ", "Etwas.\n\nMehr."),
        ("Kita\tund Schule", "Kita und Schule"),
        ("vor\x00her\x1b[31m", "vorher[31m"),
        ("links\u202eshcer", "linksshcer"),
        ("halb\ud800es Zeichen", "halbes Zeichen"),
        ("Ma\u0308dchen", "Mädchen"),
        ("<b>fett</b> & mehr", "<b>fett</b> & mehr"),
    ],
)
def test_text_keeps_what_can_be_read(write, typed, kept):
    assert checked(write(typed)).text == kept


def test_text_has_a_limit(write):
    assert len(checked(write("x" * 4000)).text) == 4000
    with pytest.raises(AtlasError, match="mehr als 4000 Zeichen"):
        checked(write("x" * 4001))


def test_first_text_cannot_be_empty_later_ones_withdraw(write):
    with pytest.raises(AtlasError, match="Text fehlt"):
        checked(write(" \n "))
    assert checked(write("", revision=2)).text == ""


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 101])
def test_name_is_needed_and_short(write, name):
    with pytest.raises(AtlasError, match="Name"):
        checked(write(author=Author(name, is_verified=False)))


def test_name_is_one_line(write):
    found = checked(write(author=Author(" Planung\n Nord ", is_verified=False)))
    assert found.author.name == "Planung Nord"


def test_only_a_typed_name_is_marked():
    assert Author("Planung", is_verified=False).text == "Planung (nicht geprüft)"
    assert Author("planung", is_verified=True).text == "planung"


def test_newest_revision_of_a_release_is_current(write):
    found = (write("Neu.", 2), write("Alt.", 1))
    assert assessments.current(found, "2023-12-31.1").text == "Neu."
    assert assessments.current(found, "2022-12-31.1") is None


def test_what_was_said_about_an_earlier_release_is_found(write):
    def about(release, text="Etwas.", revision=1):
        return write(text, revision, Place("musterstadt", "11", release))

    old, older = about("2022-12-31.2", "Alt."), about("2021-12-31.1", "Älter.")
    assert assessments.earlier((old, older), "2023-12-31.1") == old
    # Another number of the same date is an earlier release too, a later one is not.
    assert assessments.earlier((old, older), "2022-12-31.3") == old
    assert assessments.earlier((old, older), "2022-12-31.2") == older
    assert assessments.earlier((old, older), "2021-12-31.1") is None
    # What was withdrawn stands no more.
    gone = about("2022-12-31.2", "", 2)
    assert assessments.earlier((gone, old, older), "2023-12-31.1") == older
    assert assessments.about_text("2022-12-31.2") == "31.12.2022 (Nummer 2)"


def test_review_is_a_day_or_nothing():
    assert assessments.review_day(" 01.06.2026 ") == date(2026, 6, 1)
    assert assessments.review_day("2026-06-01") == date(2026, 6, 1)
    assert assessments.review_day("") is None
    with pytest.raises(AtlasError, match=r"TT\.MM\.JJJJ"):
        assessments.review_day("bald")
