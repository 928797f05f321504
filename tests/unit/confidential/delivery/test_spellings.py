"""How programs and offices write the same number, mark, key or date: one test a kind."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from atlas.confidential.delivery import KnownAreas, Reading, Request, read_delivery
from atlas.config import Layout
from tests.unit.confidential.delivery.conftest import COUNTS, PERSONS

Read = Callable[..., Reading]
DAY = date(2024, 12, 31)
AREAS = ("0101", "0102", "0103", "NA01")
HEAD = "Gebiet;Personen;Kinder\n"
NUMERIC = KnownAreas(date(2024, 1, 1), frozenset({"0101", "0102", "0103"}))


def persons(reading: Reading, day: date = DAY) -> dict[str, Any]:
    rows = reading.parts[day].to_pylist()
    return {row["area_id"]: row["value"] for row in rows if row["group"] == "all"}


def checks(reading: Reading) -> list[str]:
    return [one.check for one in reading.findings]


def one_cell(text: str) -> str:
    return HEAD + f"0101;{text};0\n" + "".join(f"{area};20;2\n" for area in AREAS[1:])


@pytest.mark.parametrize(
    "text",
    [
        "12\u00ad34",
        "12\u200d34",
        "\ufeff1234",
        "\u20661234\u2069",
        "\u061c1234",
        "12\u180e34\ufe0f",
        "1234\u2028",
        "1234\u0085",
        "+1234",
        "1234,0",
    ],
)
def test_what_nobody_sees_changes_no_number(read_counts: Read, text: str) -> None:
    reading = read_counts(one_cell(text))
    assert reading.findings == ()
    assert persons(reading)["0101"] == 1234.0


@pytest.mark.parametrize("text", ["-", "\u2010", "\u2011", "\u2013", "\u2014", "\u2212"])
@pytest.mark.parametrize("mark", ["-", "\u2013"])
def test_dash_of_every_length_is_the_same_mark(read_counts: Read, text: str, mark: str) -> None:
    reading = read_counts(one_cell(text), changes={"zero": [mark]})
    assert reading.findings == ()
    assert persons(reading)["0101"] == 0.0


def test_dashes_with_two_meanings_stay_two(read_counts: Read) -> None:
    marks = {"zero": ["-"], "none": ["\u2013"]}
    assert persons(read_counts(one_cell("-"), changes=marks))["0101"] == 0.0
    assert persons(read_counts(one_cell("\u2013"), changes=marks))["0101"] is None
    assert checks(read_counts(one_cell("\u2014"), changes=marks)) == ["no_number"]


def test_ellipsis_is_three_dots(read_counts: Read) -> None:
    assert read_counts(one_cell("\u2026"), changes={"none": ["..."]}).findings == ()
    assert read_counts(one_cell("..."), changes={"none": ["\u2026"]}).findings == ()


def test_percent_in_a_count_is_called_so(read_counts: Read) -> None:
    assert checks(read_counts(one_cell("12 %"))) == ["percent_count"]


@pytest.mark.parametrize(
    ("keys", "width"),
    [
        (("101.0", "102.0", "103.0"), 4),
        (("101,0", "102,0", "103,0"), 4),
        (("0101.0", "0102.0", "0103.0"), 0),
        (("01 01", "01 02", "01 03"), 0),
        (("01\u00a001", "01\u200901", "01\u202f01"), 0),
    ],
)
def test_key_as_programs_write_it(tmp_path: Path, keys: tuple[str, ...], width: int) -> None:
    if keys[1].endswith("01"):
        keys = tuple(key[:-1] + str(i) for i, key in enumerate(keys, start=1))
    path = tmp_path / "sgb2.csv"
    path.write_text(HEAD + "".join(f"{key};20;2\n" for key in keys), encoding="utf-8")
    columns = {**COUNTS["columns"], "Gebiet": {"role": "area", "width": width}}
    layout = Layout.model_validate({**COUNTS, "columns": columns})
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    assert reading.findings == ()
    assert set(persons(reading)) == NUMERIC.keys


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("00101", "00102", "00103"), 'pattern = "0*([0-9]{4})"'),
        (("SÃ¼d", "Nord", "WeiÃŸ"), "falsch gelesenen Umlauten"),
        (("S\u0178d", "Nord", "Wei\u00a7enfels"), "falsch gelesenen Umlauten"),
        (("B\u201ennk", "Nord", "Gr\u201dd"), "falsch gelesenen Umlauten"),
        (("S1", "S2", "S3"), "anderen Gebietsstand"),
    ],
)
def test_unknown_keys_get_the_fitting_advice(
    tmp_path: Path, texts: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "sgb2.csv"
    path.write_text(HEAD + "".join(f"{text};20;2\n" for text in texts), encoding="utf-8")
    layout = Layout.model_validate(COUNTS)
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    found = {one.check: one.hint for one in reading.findings}
    assert said in found["unknown_area"]


def dated(*texts: str, form: str | list[str] = "%d.%m.%Y") -> tuple[str, dict[str, Any]]:
    head = "Stand;Gebiet;Personen\n"
    rows = [f"{text};{area};20\n" for text in texts for area in AREAS]
    columns = {
        "Stand": {"role": "date", "format": form},
        "Gebiet": {"role": "area"},
        "Personen": {"role": "count", "item": "p"},
    }
    return head + "".join(rows), {"columns": columns, "file": "sgb2*.csv"}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("31.12.2024 00:00", "%d.%m.%Y"),
        ("31.12.2024 0:00:00", "%d.%m.%Y"),
        ("31.12.2024 00:00 Uhr", "%d.%m.%Y"),
        ("2024-12-31T00:00:00", "%Y-%m-%d"),
        ("2024-12-31 00:00:00.000", "%Y-%m-%d"),
        ("2024-12-31T00:00:00Z", "%Y-%m-%d"),
        ("2024-12-30T23:00:00Z", "%Y-%m-%d"),
        ("2024-12-31T00:00:00+01:00", "%Y-%m-%d"),
        ("2024-12", "%Y-%m"),
        ("Dez 24", "%B %y"),
        ("Dez. 24", "%B %y"),
        ("Dezember 2024", "%B %Y"),
        ("31. DEZEMBER 2024", "%d. %B %Y"),
        ("December 2024", "%B %Y"),
        ("31.12.24", "%d.%m.%y"),
    ],
)
def test_reference_date_as_programs_write_it(read_counts: Read, text: str, form: str) -> None:
    content, changes = dated(text, form=form)
    reading = read_counts(content, changes=changes)
    assert reading.findings == ()
    assert list(reading.parts) == [DAY]


@pytest.mark.parametrize(
    ("text", "form", "remedy"),
    [
        ("45657", "%d.%m.%Y", "ohne Datumsformat"),
        ("31.12.2024 13:30", "%d.%m.%Y", "ohne Uhrzeit"),
        ("2024-12-31T12:00:00Z", "%Y-%m-%d", "ohne Uhrzeit"),
        ("Dex 2024", "%B %Y", "oder format in deliveries.toml"),
        ("2024/Q4", "%Y", "format in deliveries.toml"),
    ],
)
def test_date_that_is_none_gets_the_fitting_advice(
    read_counts: Read, text: str, form: str, remedy: str
) -> None:
    content, changes = dated(text, form=form)
    assert remedy in read_counts(content, changes=changes).findings[0].hint


@pytest.mark.parametrize(
    ("form", "expected"),
    [("%d.%m.%Y", date(2024, 12, 1)), ("%m.%Y", DAY), ("%B %y", DAY), ("%Y", DAY)],
)
def test_cell_that_shows_a_month_is_the_end_of_it(
    tmp_path: Path, form: str, expected: date
) -> None:
    path = tmp_path / "sgb2.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, shown = book.add_worksheet(), book.add_format({"num_format": "mmm yy"})
        sheet.write_row(0, 0, ["Stand", "Gebiet", "Personen"])
        for row, area in enumerate(AREAS[:3], start=1):
            sheet.write_datetime(row, 0, date(2024, 12, 1), shown)
            sheet.write_row(row, 1, [area, 20])
    _, changes = dated("", form=form)
    layout = Layout.model_validate({**COUNTS, **changes, "file": "sgb2.xlsx"})
    reading = read_delivery(path, Request(layout, None, b"k", lambda day: NUMERIC))
    assert list(reading.parts) == [expected]


@pytest.mark.parametrize("hours", [0, -1])
def test_moment_with_a_zone_is_the_day_in_the_city(tmp_path: Path, hours: int) -> None:
    """Midnight here, written in Greenwich time, is the evening before."""
    birth = datetime(2006, 12, 31, tzinfo=UTC) + timedelta(hours=hours)
    table = {"Schluessel": ["1"], "Gebiet": ["0101"], "Geburt": [birth], "Staat": ["000"]}
    path = tmp_path / "ewo.parquet"
    pq.write_table(pa.table(table), path)
    layout = Layout.model_validate({**PERSONS, "file": "ewo.parquet"})
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    assert reading.parts[DAY]["age"].to_pylist() == [18]


def test_raised_sign_of_a_footnote_is_no_digit(tmp_path: Path) -> None:
    path = tmp_path / "sgb2.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, raised = book.add_worksheet(), book.add_format({"font_script": 1})
        sheet.write_row(0, 0, ["Gebiet", "Personen", "Kinder"])
        for row, area in enumerate(("0101", "0102", "0103"), start=1):
            sheet.write_row(row, 0, [area, 20, 2])
        sheet.write_rich_string(1, 1, "26", raised, "1")
        sheet.write_rich_string(2, 1, "27 ", raised, "1)2)")
        sheet.write_rich_string(3, 0, "0103", raised, "a", " ")
    layout = Layout.model_validate({**COUNTS, "file": "sgb2.xlsx"})
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    assert reading.findings == ()
    assert persons(reading) == {"0101": 26.0, "0102": 27.0, "0103": 20.0}


_MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_ODS = """<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:automatic-styles><style:style style:name="T1" style:family="text">
<style:text-properties style:text-position="super 58%"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="Daten">{}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def test_raised_sign_of_a_footnote_in_open_document(tmp_path: Path) -> None:
    path = tmp_path / "sgb2.ods"
    note = '<text:span text:style-name="T1">1</text:span>'
    rows = [["Gebiet", "Personen", "Kinder"]]
    rows += [[area, f"26{note}", "2"] for area in ("0101", "0102", "0103")]
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    cells = ["".join(map(cell.format, row)) for row in rows]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("content.xml", _ODS.format(body))
    layout = Layout.model_validate({**COUNTS, "file": "sgb2.ods"})
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    assert reading.findings == ()
    assert set(persons(reading).values()) == {26.0}


def test_digits_behind_what_excel_shows_are_none(tmp_path: Path) -> None:
    path = tmp_path / "sgb2.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Gebiet", "Personen", "Kinder"])
        for row, area in enumerate(("0101", "0102", "0103"), start=1):
            sheet.write_row(row, 0, [area, 1234.0000000000002, 2])
    layout = Layout.model_validate({**COUNTS, "file": "sgb2.xlsx"})
    reading = read_delivery(path, Request(layout, DAY, b"k", lambda day: NUMERIC))
    assert reading.findings == ()
    assert set(persons(reading).values()) == {1234.0}


CUBE = {
    "Gebiet": {"role": "area"},
    "Alter": {
        "role": "dimension",
        "groups": {"0-5": "u18", "6-9": "u18", "10-17": "u18"},
        "ignore": ["alle Alter"],
    },
    "Personen": {"role": "count", "item": "residents"},
}
_BIG = KnownAreas(date(2024, 1, 1), frozenset(f"01{i:02}" for i in range(1, 8)))


def cube(texts: tuple[str, ...], extra: str = "") -> str:
    rows = []
    for i, area in enumerate(sorted(_BIG.keys), start=1):
        counts = (i, i * i, 3 * i + 1, 40 + i)
        rows += [f"{area};{text};{count}\n" for text, count in zip(texts, counts, strict=False)]
        rows += [f"{area};{extra};{sum(counts[:3])}\n"] if extra else []
    return "Gebiet;Alter;Personen\n" + "".join(rows)


def read_cube(read_counts: Read, content: str) -> Reading:
    return read_counts(content, changes={"columns": CUBE}, areas=lambda day: _BIG)


@pytest.mark.parametrize(
    "texts",
    [
        ("0-5", "6-9", "10-17", "18+"),
        ("0\u20135", "6\u20139", "10\u201317", "18+"),
        ("0 - 5", "6\u00a0-\u00a09", " 10-17 ", "18+"),
        ("0\u20105", "6 \u2212 9", "10\u200b-17", "18+"),
    ],
)
def test_group_of_a_cube_is_the_same_however_it_is_spelled(
    read_counts: Read, texts: tuple[str, ...]
) -> None:
    reading = read_cube(read_counts, cube(texts))
    assert reading.findings == ()
    rows = reading.parts[DAY].to_pylist()
    children = {row["area_id"]: row["value"] for row in rows if row["group"] == "u18"}
    assert children["0102"] == 2 + 4 + 7


@pytest.mark.parametrize("text", ["06. Sep", "6 bis 9", "sechs bis neun"])
def test_group_of_a_cube_that_is_not_there_is_an_error(read_counts: Read, text: str) -> None:
    """Excel makes a date of 6-9; the group would count too few without a word."""
    reading = read_cube(read_counts, cube(("0-5", text, "10-17", "18+")))
    assert checks(reading) == ["missing_part"]
    assert "6-9" in reading.findings[0].hint


@pytest.mark.parametrize("extra", ["unter 18", "minderjährig", "0-17"])
def test_sum_of_some_texts_of_a_cube_does_not_count_twice(
    read_counts: Read, extra: str
) -> None:
    reading = read_cube(read_counts, cube(("0-5", "6-9", "10-17", "18+"), extra))
    assert checks(reading) == ["dimension_total"]


def test_texts_that_add_up_by_chance_are_no_sum(read_counts: Read) -> None:
    counts = {"0-5": 1, "6-9": 2, "10-17": 3, "18+": 9}
    rows = [f"{area};{t};{n}\n" for area in _BIG.keys for t, n in counts.items()]
    assert read_cube(read_counts, "Gebiet;Alter;Personen\n" + "".join(rows)).findings == ()


@pytest.mark.parametrize(
    "total", ["Stadt  insgesamt", "Stadt\u00a0insgesamt", "Stadt insgesamt"]
)
def test_total_is_the_same_with_other_blanks(read_counts: Read, total: str) -> None:
    content = one_cell("10") + f"{total};70;6\n"
    assert read_counts(content, changes={"totals": ["Stadt insgesamt"]}).findings == ()


def test_total_that_is_promised_is_asked_for_where_no_row_means_zero(read_counts: Read) -> None:
    changes = {"totals": ["Stadt"], "absent": "zero"}
    assert checks(read_counts(one_cell("10"), changes=changes)) == ["missing_total"]
    assert checks(read_counts(one_cell("10") + "Stadt;70;6\n", changes=changes)) == []


@pytest.mark.parametrize("head", ["RLB\u20110\u20135", "RLB - 0 - 5", "RLB-0\u20125"])
def test_head_is_the_same_with_other_dashes(read_counts: Read, head: str) -> None:
    columns = {"Gebiet": {"role": "area"}, "RLB-0-5": {"role": "count", "item": "p"}}
    content = f"Gebiet;{head}\n" + "".join(f"{area};20\n" for area in AREAS)
    assert read_counts(content, changes={"columns": columns}).findings == ()
