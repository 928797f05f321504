"""A whole suggestion: what is said, what is never said, and how it is tried."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from atlas.confidential.suggest import append_to_city, suggest_layout
from atlas.config import load_city
from atlas.errors import ConfigError, DeliveryError
from tests.command import PROJECT_DIR
from tests.sample_town import NAMES, TODAY, town

_ROWS = "01;10;4\n02;20;4\n03;30;4\n04;40;4\n05;50;4\n"


def _write(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_plain_table_needs_four_lines_of_the_layout(tmp_path: Path) -> None:
    path = _write(tmp_path, "bev_2023-12-31.csv", f"Q;Einwohner;Pkw\n{_ROWS}")
    tried = suggest_layout(path, town(), TODAY)
    assert tried.suggestion.doubts == ()
    assert tried.is_accepted
    lines = [line.partition("  #")[0].rstrip() for line in tried.suggestion.text().splitlines()]
    assert lines[5:] == [
        'shape = "counts"',
        'file = "bev_{date}.csv"',
        'kind = "quartier"',
        "",
        "[layouts.columns]",
        'Q = { role = "area" }',
        'Einwohner = { role = "count", item = "residents" }',
        "# nicht gelesen: Pkw",
    ]


def test_a_register_shows_names_of_columns_and_no_value(tmp_path: Path) -> None:
    rows = "".join(
        f"geheim{i};0{i % 5 + 1};1{i % 9}.05.19{50 + i};{'163' if i % 3 else '000'};Meier{i}\n"
        for i in range(40)
    )
    text = f"PERSON;BLOCK;GEBURTSDATUM;NATION;NAME\n{rows}"
    tried = suggest_layout(_write(tmp_path, "ewo_2023-12-31.csv", text), town(), TODAY)
    shown = "\n".join([tried.suggestion.text_with_measures(), *tried.suggestion.doubts])
    assert 'GEBURTSDATUM = { role = "birth_date", format = "%d.%m.%Y" }' in shown
    assert 'residents = "every_row"' in shown
    assert 'NATION = { role = "code", is_mandatory = true }' in shown
    for secret in ("geheim", "163", "Meier", "NAME", ".05.19"):
        assert secret not in shown


def test_a_total_that_differs_is_accepted_and_said(tmp_path: Path) -> None:
    path = _write(tmp_path, "bev_2023-12-31.csv", f"Q;Einwohner;Pkw\n{_ROWS}Stadt;157;20\n")
    tried = suggest_layout(path, town(), TODAY)
    assert 'ignore = ["Stadt"]' in tried.suggestion.text()
    assert "Unterschied 7" in " ".join(tried.suggestion.doubts)


def test_a_year_in_the_name_that_contradicts_the_title_is_no_date(tmp_path: Path) -> None:
    text = f"Stand: 31.12.2013;;\nQ;Einwohner;Pkw\n{_ROWS}"
    tried = suggest_layout(_write(tmp_path, "profile_2014.csv", text), town(), TODAY)
    assert 'file = "profile_*.csv"' in tried.suggestion.text()
    assert str(tried.suggestion.day) == "2013-12-31"
    assert "in der Datei steht der 31.12.2013, im Dateinamen 2014" in tried.suggestion.doubts[0]


def test_a_measure_that_the_city_lacks_comes_along(tmp_path: Path) -> None:
    text = "Q;Haushalte\n" + "".join(f"0{i};{i}0\n" for i in range(1, 6))
    tried = suggest_layout(_write(tmp_path, "hh_2023-12-31.csv", text), town(), TODAY)
    assert tried.suggestion.new_measures == {"households": "Haushalte"}
    assert "# [measures.households]" in tried.suggestion.text_with_measures()


def test_the_sheet_that_names_areas_is_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Inhalt", "Seite"])
    data = book.create_sheet("Daten")
    data.append(["Gebiet", "Einwohner"])
    for i in range(1, 6):
        data.append([f"0{i}", 10 * i])
    book.save(tmp_path / "bev_2023-12-31.xlsx")
    tried = suggest_layout(tmp_path / "bev_2023-12-31.xlsx", town(), TODAY)
    assert 'sheet = "Daten"' in tried.suggestion.text()
    with pytest.raises(DeliveryError, match="kein Tabellenblatt „Andere“"):
        suggest_layout(tmp_path / "bev_2023-12-31.xlsx", town(), TODAY, "Andere")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.docx", "x", "Dateiart wird nicht gelesen"),
        ("a.csv", "<html><body>Anmeldung</body></html>", "Lieferung a.csv"),
        ("a.csv", "nur Text\nohne Tabelle\n", "keine Tabelle erkannt"),
    ],
)
def test_what_is_no_table_is_a_sentence(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(DeliveryError, match=message):
        suggest_layout(_write(tmp_path, name, text), town(), TODAY)


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="fehlt oder lässt sich nicht öffnen"):
        suggest_layout(tmp_path / "nichts.csv", town(), TODAY)


def test_an_addition_that_breaks_the_configuration_leaves_the_files_as_they_were(
    tmp_path: Path,
) -> None:
    city_dir = tmp_path / "flensburg"
    shutil.copytree(PROJECT_DIR / "config/flensburg", city_dir)
    before = {path.name: path.read_bytes() for path in city_dir.iterdir()}
    text = "Q;Haushalte\n" + "".join(f"0{i};{i}0\n" for i in range(1, 6))
    tried = suggest_layout(_write(tmp_path, "haushalte_2023-12-31.csv", text), town(), TODAY)
    append_to_city(city_dir, tried.suggestion)
    assert load_city(city_dir).deliveries.layout("haushalte").kind == "quartier"
    with pytest.raises(ConfigError):  # the same measure and layout once more
        append_to_city(city_dir, tried.suggestion)
    assert (city_dir / "deliveries.toml").read_bytes() != before["deliveries.toml"]
    assert load_city(city_dir).indicators.measures["households"].label == "Haushalte"


def test_a_table_of_shares_alone_brings_its_own_indicators(tmp_path: Path) -> None:
    text = "Q;Quote in %\n" + "".join(f"0{i};1{i},5 %\n" for i in range(1, 6))
    tried = suggest_layout(_write(tmp_path, "quoten_2023-12-31.csv", text), town(), TODAY)
    assert tried.is_accepted
    assert '"Quote in %" = { role = "value", item = "quote_in" }' in tried.suggestion.text()
    shown = tried.suggestion.text_with_measures()
    assert '# [indicators.quote_in]\n# label = "Quote in %"\n# is_delivered = true' in shown


def test_keys_kept_as_text_are_read_as_the_reader_does(tmp_path: Path) -> None:
    text = "Q;Einwohner\n" + "".join(f'"=""0{i}""";{i}0\n' for i in range(1, 6))
    tried = suggest_layout(_write(tmp_path, "bev_2023-12-31.csv", text), town(), TODAY)
    assert tried.is_accepted
    assert 'Q = { role = "area" }' in tried.suggestion.text()


def test_a_linked_register_asks_the_one_that_knows_the_place(tmp_path: Path) -> None:
    rows = "".join(f"geheim{i};{'25' if i % 2 else '81'}\n" for i in range(30))
    path = _write(tmp_path, "alw_2023-12-31.csv", f"PERSON;TITEL\n{rows}")
    tried = suggest_layout(path, replace(town(), registers=("ewo",)), TODAY)
    text = tried.suggestion.text_with_measures()
    assert 'place_from = "ewo"' in text
    assert 'TITEL = { role = "code" }' in text
    assert 'refugees = "every_row"' in text
    assert "geheim" not in text
    assert "81" not in text


def test_two_areas_of_one_name_are_named(tmp_path: Path) -> None:
    rows = "".join(f"{name};{i}0\n" for i, name in enumerate(NAMES.values(), 1))
    path = _write(tmp_path, "bev_2023-12-31.csv", f"G;Einwohner\n{rows}Wald;90\n")
    doubts = " ".join(suggest_layout(path, town(), TODAY).suggestion.doubts)
    assert "zwei Zeilen für ein Gebiet: „Wald“; trägt eine davon" in doubts
    assert "Gebiet steht mehrmals" in doubts


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("10\u00b9", 'signs = ["\u00b9"]'),
        ("10 1)", 'signs = ["1)"]'),
        ("10\u00b9\u207e", 'signs = ["\u00b9\u207e"]'),
        ("NA", 'none = ["NA"]'),
        ("\u2014", 'zero = ["\u2014"]'),
    ],
)
def test_what_stands_at_a_number_or_in_its_place(tmp_path: Path, cell: str, line: str) -> None:
    text = f"Q;Einwohner\n01;{cell}\n02;20\n03;30\n04;40\n05;50\n"
    tried = suggest_layout(_write(tmp_path, "bev_2023-12-31.csv", text), town(), TODAY)
    assert line in tried.suggestion.text()
    assert tried.is_accepted


@pytest.mark.parametrize("cell", ["10 Pers.", "ca. 10", "/10/"])
def test_a_number_with_words_around_it_is_never_a_mark(tmp_path: Path, cell: str) -> None:
    text = f"Q;Einwohner\n01;{cell}\n02;20\n03;30\n04;40\n05;50\n"
    tried = suggest_layout(_write(tmp_path, "bev_2023-12-31.csv", text), town(), TODAY)
    assert "none =" not in tried.suggestion.text()
    assert [one.check for one in tried.findings] == ["no_number"]


@pytest.mark.parametrize("is_merged", [False, True])
def test_areas_that_stand_once_for_two_rows_are_filled_down(
    tmp_path: Path, is_merged: bool
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Gebiet", "Geschlecht", "Einwohner"])
    for i in range(1, 6):
        sheet.append([f"0{i}", "m", 10 * i])
        sheet.append([None, "w", 1])
        if is_merged:
            sheet.merge_cells(start_row=2 * i, end_row=2 * i + 1, start_column=1, end_column=1)
    book.save(tmp_path / "bev_2023-12-31.xlsx")
    tried = suggest_layout(tmp_path / "bev_2023-12-31.xlsx", town(), TODAY)
    assert "fill_down = true" in tried.suggestion.text()
    assert 'Geschlecht = { role = "dimension" }' in tried.suggestion.text()


@pytest.mark.parametrize("form", ["1.0", "1,0", "001", "0 1"])
def test_keys_as_programs_write_them_are_recognised(tmp_path: Path, form: str) -> None:
    rows = "".join(f"{form.replace('1', str(i))};{10 * i}\n" for i in range(1, 6))
    tried = suggest_layout(
        _write(tmp_path, "bev_2023-12-31.csv", f"Q;Einwohner\n{rows}"), town(), TODAY
    )
    assert 'kind = "quartier"' in tried.suggestion.text()
    assert tried.is_accepted


def test_a_cell_of_blanks_far_away_is_no_note(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Gebiet", "Einwohner"])
    for i in range(1, 6):
        sheet.append([f"0{i}", 10 * i])
    sheet["AD400"] = " "
    book.save(tmp_path / "bev_2023-12-31.xlsx")
    assert suggest_layout(tmp_path / "bev_2023-12-31.xlsx", town(), TODAY).is_accepted


def test_first_days_of_months_in_cells_are_unsure(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Gebiet", "Stand", "Einwohner"])
    for i in range(1, 6):
        sheet.append([f"0{i}", date(2023, 12, 1), 10 * i])
    book.save(tmp_path / "bev.xlsx")
    doubts = suggest_layout(tmp_path / "bev.xlsx", town(), TODAY).suggestion.doubts
    assert any("Monatserster" in doubt for doubt in doubts)


_OFFICES = {
    "Landesdatenbank": (
        "Tabelle: 12411-01\n;;;\n;;2022;2023\n;;Anzahl;Anzahl\n"
        + "".join(f"0{i};Gebiet {i};{i}0;{i}1\n" for i in range(1, 6))
        + "__________\n- = nichts\n(C)opyright Landesamt\n",
        ['"Spalte 1" = { role = "area" }', '"{date} / Anzahl"'],
    ),
    "BA": (
        "Gebiet;Regelleistungsberechtigte;;darunter\n;insgesamt;weiblich;unter 18 Jahre\n"
        + "".join(f"0{i};{i}0;{i};{i}\n" for i in range(1, 6))
        + "Summe;150;15;15\n",
        [
            '"Regelleistungsberechtigte / insgesamt" = { role = "count", item = "sgb2_recip',
            '"darunter / unter 18 Jahre" = { role = "count", item = "sgb2_recipients", group',
            'totals = ["Summe"]',
        ],
    ),
    "Summe ohne Schlüssel zuerst": (
        "Q;NAME;Einwohner\n;Stadt;150\n"
        + "".join(f"0{i};Gebiet {i};{i}0\n" for i in range(1, 6)),
        ['totals = [""]', 'Einwohner = { role = "count"'],
    ),
    "SAP": (
        "----------\n|Q |Einwohner|\n----------\n"
        + "".join(f"|0{i}|     {i}0 |\n" for i in range(1, 6))
        + "----------\n",
        ['delimiter = "|"', 'Einwohner = { role = "count", item = "residents" }'],
    ),
}


@pytest.mark.parametrize("office", _OFFICES)
def test_a_table_as_offices_publish_it_is_read_as_suggested(
    tmp_path: Path, office: str
) -> None:
    text, told = _OFFICES[office]
    tried = suggest_layout(_write(tmp_path, "rlb_31122023.csv", text), town(), TODAY)
    assert [one for one in told if one not in tried.suggestion.text()] == []
    assert tried.is_accepted
