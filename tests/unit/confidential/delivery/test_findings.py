import json
from html.parser import HTMLParser

import numpy as np
import pytest

from atlas.confidential.delivery import (
    Finding,
    Severity,
    describe,
    raise_on_errors,
    report_html,
    report_json,
    summarise,
)
from atlas.confidential.delivery.findings import MAX_ROWS, find, find_rows, merge_findings
from atlas.errors import DeliveryError

HINT = "Schlüssel fehlt im Gebietsstand 2024-01-01. Gebietsstand in deliveries.toml prüfen."
UNKNOWN = find("unknown_area", Severity.ERROR, "Spalte „quartier“", HINT)
WARNING = find("nesting", Severity.WARNING, "", "Teil größer als das Ganze.")


def with_rows(*rows: int) -> Finding:
    return find_rows(UNKNOWN, np.array(rows, np.int64))[0]


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ((14,), "Zeile 14"),
        ((14, 15), "Zeilen 14 und 15"),
        ((14, 15, 16), "Zeilen 14, 15 und 1 weitere"),
        ((17, 14, 18, 15, 16), "Zeilen 14, 15 und 3 weitere"),
    ],
)
def test_sentence_names_place_rows_and_what_to_do(rows: tuple[int, ...], text: str) -> None:
    sentence = describe(with_rows(*rows), "sgb2_2026-03-31.csv")
    assert sentence == f"Lieferung sgb2_2026-03-31.csv, Spalte „quartier“, {text}: {HINT}"


def test_no_rows_no_finding() -> None:
    assert find_rows(UNKNOWN, np.array([], np.int64)) == ()


def test_many_rows_are_counted_and_the_first_kept() -> None:
    finding = with_rows(*range(1, MAX_ROWS + 11))
    assert finding.row_count == MAX_ROWS + 10
    assert len(finding.rows) == MAX_ROWS


def test_one_message_with_the_number_of_the_others() -> None:
    findings = (WARNING, with_rows(3), UNKNOWN, UNKNOWN)
    with pytest.raises(DeliveryError) as caught:
        raise_on_errors(findings, "a.csv")
    assert str(caught.value) == (
        f"Lieferung a.csv, Spalte „quartier“, Zeile 3: {HINT} Außerdem: 2 weitere Fehler."
    )
    assert caught.value.exit_code == 11
    assert summarise(findings, "a.csv").endswith("2 weitere Fehler, 1 weitere Warnung.")


def test_warnings_alone_do_not_stop() -> None:
    raise_on_errors((WARNING,), "a.csv")


def test_same_finding_of_two_dates_becomes_one() -> None:
    merged = merge_findings((WARNING, with_rows(2, 3), with_rows(3, 9)))
    assert [finding.check for finding in merged] == ["unknown_area", "nesting"]
    assert merged[0].rows == (2, 3, 9)
    assert merged[0].row_count == 3


def test_json_report_holds_all_rows() -> None:
    report = json.loads(report_json((WARNING, with_rows(2, 3, 4)), "a.csv"))
    assert report["delivery"] == "a.csv"
    assert [entry["check"] for entry in report["findings"]] == ["unknown_area", "nesting"]
    assert report["findings"][0]["rows"] == [2, 3, 4]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.cells += tag == "td"
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_html_report_is_a_whole_page_and_escapes() -> None:
    page = report_html((WARNING, with_rows(2)), "a<b>.csv")
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []
    assert tags.cells == 10
    assert "a&lt;b&gt;.csv" in page
    assert "Fehler: 1 · Warnung: 1 · Hinweis: 0" in page


def test_html_report_without_findings() -> None:
    assert "Keine Befunde." in report_html((), "a.csv")
