"""Every number of every paper is one that is published; a false one is found."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from atlas.publication.report.document import Paper
from atlas.publication.report.pdf import pdf_bytes
from tests.papers.proof import Known, prove_paper
from tests.papers.structure import tree_faults
from tests.papers.tagged import Element, Tagged, read_tagged
from tests.words.books import Book, book_of

_FIGURE = re.compile(r"(?<![\d.,-])\d{1,3}(?:\.\d{3})*(?:,\d+)?(?![\d,-]|\.\d)")
# How long a bar of the map is: no figure of a release.
_SCALE = re.compile(r"\b\d+ k?m\b")


@pytest.fixture(scope="session")
def books(releases_dir: Path) -> tuple[Book, ...]:
    names = ("2022-12-31.1", "2023-12-31.1")
    return tuple(book_of(releases_dir / "musterstadt" / name) for name in names)


@pytest.fixture(scope="session")
def series(series_dir: Path) -> tuple[Book, ...]:
    return tuple(map(book_of, sorted(series_dir.glob("2024-0?-*"))))


@pytest.fixture(scope="session", params=["profiles", "edition", "weekly", "yearly"])
def tagged(request: pytest.FixtureRequest) -> Tagged:
    paper: Paper = request.getfixturevalue(request.param)
    return read_tagged(pdf_bytes(paper))


def test_every_number_is_published_or_follows_from_what_is(tagged, books, series):
    proof = prove_paper(tagged, books, series)
    assert proof.strangers == []
    assert proof.found > 30


def test_who_listens_learns_as_much(tagged):
    assert list(tree_faults(tagged)) == []


@pytest.mark.parametrize(
    ("tag", "wrong", "told"),
    [
        ("Figure", {"alt": " "}, "ein Bild ohne Text"),
        ("TH", {"tag": "TD"}, "eine Tabelle ohne Kopf"),
        ("TH", {"scope": ""}, "einem Kopf ohne Spalte"),
        ("H2", {"tag": "H4"}, "H4 nach H1"),
    ],
)
def test_what_a_listener_would_miss_is_said(edition, tag, wrong, told):
    tagged = read_tagged(pdf_bytes(edition))

    def spoil(one: Element) -> Element:
        inside = replace(one, children=tuple(map(spoil, one.children)))
        return replace(inside, **wrong) if one.tag == tag else inside

    assert told in " ".join(tree_faults(replace(tagged, root=spoil(tagged.root))))


def test_hidden_values_are_symbols(tagged):
    told = " ".join(cell.text for cell in tagged.root.every("TD"))
    assert ". geheim" in told or "x nicht klassifiziert" in told


def test_a_lie_in_any_figure_is_found(tagged, books, series):
    """All figures are one too high, each in its place: none of them is believed."""
    known, told = Known(books, series, tagged.title), []

    def lie(one: Element) -> Element:
        if one.tag in ("TH", "TOC", "H1", "H2", "H3", "Title"):
            return one
        if one.tag == "" and one.own:
            return replace(one, own=_false(one.own, known, told))
        return replace(one, children=tuple(map(lie, one.children)))

    proof = prove_paper(replace(tagged, root=lie(tagged.root)), books, series)
    assert len(told) > 20
    # The head of a row lies too: a false count may be the true one of the row it names then.
    assert len(proof.strangers) >= 0.98 * len(told)


def _false(text: str, known: Known, told: list[str]) -> str:
    """Raise each figure by one in its last digit; names and dates stay."""
    left = _SCALE.sub(" ", known.stripped(text))

    def higher(match: re.Match[str]) -> str:
        if match.group() not in left:
            return match.group()
        told.append(match.group())
        digits = len(match.group().partition(",")[2])
        plain = float(match.group().replace(".", "").replace(",", "."))
        more = f"{plain + 10**-digits:,.{digits}f}"
        return more.translate(str.maketrans(",.", ".,"))

    return _FIGURE.sub(higher, text)
