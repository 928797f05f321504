import dataclasses
import io
import zipfile
from datetime import date

import openpyxl
import pytest

from atlas.publication.export.excel import quartier_xlsx_bytes, xlsx_bytes
from atlas.publication.seen import see
from atlas.terms import Kind


@pytest.fixture
def book(release):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(see(release), Kind.QUARTIER)))


def _rows(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return head, [dict(zip(head, row, strict=True)) for row in rows]


def test_one_table_per_sheet_and_the_notes_last(book):
    assert book.sheetnames == [
        "Quartiere Alle",
        "Quartiere Kinder",
        "Einstufung Alle",
        "Einstufung Kinder",
        "Menschen je Stufe Alle",
        "Menschen je Stufe Kinder",
        "Hinweise",
    ]
    for sheet in book:
        assert sheet["A1"].value
        assert sheet.freeze_panes is not None
        assert not sheet.merged_cells.ranges
        head = [cell.value for cell in sheet[1]]
        assert len(set(head)) == len(head)
        assert None not in head


def test_values_equal_the_release_and_have_their_status_beside_them(book, release):
    head, rows = _rows(book["Quartiere Alle"])
    cells = release.cells
    for row in rows:
        chosen = cells[
            (cells["area_id"] == row["Nummer"])
            & (cells["kind"] == "quartier")
            & (cells["group"] == "all")
            & (cells["item"] == "sgb2_share")
        ].iloc[0]
        if chosen["status"] == "published":
            assert row["SGB-II-Quote in %"] == chosen["value"]
            assert row["SGB-II-Quote in %: Status"] == "veröffentlicht"
    for at, name in enumerate(head):
        if name.endswith(": Status"):
            assert head[at - 1] == name.removesuffix(": Status")


def test_hidden_value_is_its_symbol_and_word(book):
    _, rows = _rows(book["Quartiere Kinder"])
    row = next(row for row in rows if row["Nummer"] == "13")
    assert row["mit Migrationshintergrund"] == "."
    assert row["mit Migrationshintergrund: Status"] == "geheim"
    assert row["Handlungsbedarf"] == "x"
    assert row["Handlungsbedarf: Status"] == "nicht klassifiziert: geheim"


def test_numbers_are_numbers_with_the_digits_of_the_pages(book):
    sheet = book["Quartiere Alle"]
    head = [cell.value for cell in sheet[1]]
    share = sheet.cell(2, head.index("SGB-II-Quote in %") + 1)
    count = sheet.cell(2, head.index("Einwohner*innen") + 1)
    assert (share.value, share.number_format) == (30, "#,##0.0")
    assert (count.value, count.number_format) == (300, "#,##0")
    assert sheet["A2"].value == "11"


def test_notes_say_symbols_release_licence_and_sample_data(book):
    texts = set(book["Hinweise"].iter_rows(values_only=True))
    assert ("Veröffentlichung", "Nummer", "2023-12-31.1") in texts
    assert ("Veröffentlichung", "Hinweis", "Musterdaten") in texts
    assert ("Tabellenzeichen (DIN 55301)", "…", "fällt später an") in texts
    assert any("CC-BY-4.0" in row[2] for row in texts)


def test_no_value_hides_under_a_hidden_status(release):
    data = xlsx_bytes(see(release), Kind.BLOCK)
    book = openpyxl.load_workbook(io.BytesIO(data))
    _, rows = _rows(book["Baublöcke Alle"])
    hidden = [row for row in rows if row["mit Migrationshintergrund: Status"] == "geheim"]
    assert [row["Nummer"] for row in hidden] == ["1301", "1302"]
    for row in hidden:
        assert row["mit Migrationshintergrund"] == "."
        assert row["Anteil mit Migrationshintergrund in %"] == "."


def test_same_release_gives_the_same_bytes(release):
    first = xlsx_bytes(see(release), Kind.QUARTIER)
    assert xlsx_bytes(see(release), Kind.QUARTIER) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert len({entry.date_time for entry in archive.infolist()}) == 1
        assert "2023-12-31T00:00:00Z" in archive.read("docProps/core.xml").decode()


def test_keys_as_text_give_no_warning(release):
    data = xlsx_bytes(see(release), Kind.QUARTIER)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<ignoredError sqref="A1:C7" numberStoredAsText="1"/>' in sheet


def test_workbook_of_one_quartier_spans_all_dates(before, release, provisional):
    data = quartier_xlsx_bytes((see(before), see(release), see(provisional)), "13")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == [
        "Entwicklung Alle",
        "Entwicklung Kinder",
        "Baublöcke Alle",
        "Baublöcke Kinder",
        "Hinweise",
    ]
    _, rows = _rows(book["Entwicklung Kinder"])
    days = [row["Stichtag"].date() for row in rows]
    assert days == [date(2022, 12, 31), date(2023, 12, 31), date(2024, 12, 31)]
    assert [row["Stand"] for row in rows] == ["endgültig", "endgültig", "vorläufig"]
    assert [row["mit Migrationshintergrund"] for row in rows] == [7, ".", 7]
    assert [row["SGB-II-Quote in %: Status"] for row in rows][-1] == "fällt später an"
    _, blocks = _rows(book["Baublöcke Alle"])
    assert len(blocks) == 2 * 3


def test_long_names_of_kinds_keep_sheets_apart(release):
    kinds = dict(release.info.config.areas.kinds)
    long = "Lebensweltlich orientierte Räume [LOR]"
    kinds[Kind.QUARTIER] = kinds[Kind.QUARTIER].model_copy(update={"plural": long})
    areas = release.info.config.areas.model_copy(update={"kinds": kinds})
    config = release.info.config.model_copy(update={"areas": areas})
    info = release.info.model_copy(update={"config": config})
    renamed = dataclasses.replace(release, info=info)
    data = xlsx_bytes(see(renamed), Kind.QUARTIER)
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert names[:2] == [
        "Lebensweltlich orientierte Alle",
        "Lebensweltlich orientier Kinder",
    ]


def test_dates_are_shown_the_german_way(before, release):
    data = quartier_xlsx_bytes((see(before), see(release)), "13")
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Entwicklung Alle"]
    assert sheet["A2"].number_format == "dd.mm.yyyy"
    assert sheet["A2"].value.date() == date(2022, 12, 31)


def test_long_title_leaves_room_for_the_rest_of_the_footer(release):
    title = f"Atlas & Monitoring {'sehr ' * 60}lang"
    city = release.info.config.city.model_copy(update={"title": title})
    config = release.info.config.model_copy(update={"city": city})
    info = release.info.model_copy(update={"config": config})
    data = xlsx_bytes(see(dataclasses.replace(release, info=info)), Kind.QUARTIER)
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        footer = sheet.oddFooter.left.text
        assert footer.startswith("Atlas && Monitoring sehr sehr")
        assert "…, Stand 31.12.2023, endgültig, Musterdaten, Einstufung des" in footer
        assert sheet.oddFooter.right.text
