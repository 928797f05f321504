import csv
import io

import openpyxl

from atlas.publication import assessments
from atlas.publication.assessments import Author
from atlas.publication.export.csv_text import table_csv_bytes
from atlas.publication.export.excel import quartier_xlsx_bytes
from atlas.publication.export.texts import rows_of
from atlas.publication.seen import see


def test_page_lists_what_was_said_and_withdrawn(write):
    table = assessments.history_table((write("", 2), write("Etwas.", 1)))
    assert rows_of(table) == (
        (
            "01.03.2025, 10:00 Uhr",
            "2023-12-31.1",
            "2",
            "(zurückgezogen)",
            "Planungsteam (nicht geprüft)",
        ),
        (
            "01.03.2025, 09:00 Uhr",
            "2023-12-31.1",
            "1",
            "Etwas.",
            "Planungsteam (nicht geprüft)",
        ),
    )


def test_workbook_has_a_sheet_of_its_own_and_takes_no_formula(release, write):
    sheet = assessments.history_table([write("=1+1")])
    book = openpyxl.load_workbook(
        io.BytesIO(quartier_xlsx_bytes([see(release)], "11", [sheet]))
    )
    assert "Bewertungen" in book.sheetnames
    cell = book["Bewertungen"].cell(2, 4)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_csv_is_for_programs_and_starts_no_formula(write):
    author = Author("+Planung", is_verified=True)
    dataset = assessments.machine_table(
        [write("=1+1\nzweite Zeile", 2, author=author)], {"11": "Altstadt"}
    )
    rows = list(csv.DictReader(io.StringIO(table_csv_bytes(dataset).decode())))
    assert rows == [
        {
            "city": "musterstadt",
            "area_id": "11",
            "name": "Altstadt",
            "release": "2023-12-31.1",
            "revision": "2",
            "written_at": "2025-03-01T09:00:00+00:00",
            "author": "'+Planung",
            "is_verified": "true",
            "text": "'=1+1\nzweite Zeile",
            "own_level": "",
            "measures": "",
            "review_on": "",
        }
    ]
