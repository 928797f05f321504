"""Part „Reihen der ganzen Stadt“ of page Entwicklung, as Streamlit runs it."""

from datetime import date
from pathlib import Path

import pytest

from atlas.terms import Group
from tests.factories import DAY, town_config, town_counts, town_info, write_town
from tests.pages.opened import html_of, open_page
from tests.series_town import write_series

TITLE = "Reihen der ganzen Stadt"


@pytest.fixture
def releases_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_town(tmp_path / "releases", town_info(town_config(), DAY), town_counts(DAY))
    monkeypatch.setenv("ATLAS_HOME", str(tmp_path))
    return tmp_path / "releases"


def _write(releases_dir: Path) -> None:
    weeks = [(date(2024, 1, day), 400.0 + day) for day in (7, 14, 21)]
    for day, value in weeks:
        values = {("migrants", Group.ALL): value, ("migrants", Group.U18): None}
        write_series(releases_dir, day, ("alw",), values)
    for month in (1, 2):
        write_series(releases_dir, date(2024, month, 3), ("akdn",), {("sgb2", Group.ALL): 77.0})


def test_city_without_series_has_no_such_part(releases_dir: Path) -> None:
    app = open_page("development")
    assert not app.exception
    assert TITLE not in [one.value for one in app.subheader]


def test_part_is_there_even_with_one_reference_date(releases_dir: Path) -> None:
    _write(releases_dir)
    app = open_page("development")
    assert not app.exception
    assert TITLE in [one.value for one in app.subheader]
    assert [box.label for box in app.selectbox] == ["Reihe", "Kennzahl"]
    assert app.selectbox[0].options == [
        "AKDN sozial, monatlich",
        "Ausländerregister, wöchentlich",
    ]
    assert "Musterstadt: AKDN sozial, monatlich" in html_of(app)


def test_address_carries_series_and_figure(releases_dir: Path) -> None:
    _write(releases_dir)
    app = open_page("development", reihe="alw", kennzahl="migrants_all")
    html = html_of(app)
    assert "407 am 07.01.2024, 421 am 21.01.2024." in html
    assert "Musterstadt: Ausländerregister, wöchentlich" in html
    assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == 1
    app.selectbox[0].set_value("akdn").run()
    assert (app.query_params["reihe"], app.query_params["kennzahl"]) == ("akdn", "sgb2_all")


def test_hidden_figures_are_named_and_draw_no_line(releases_dir: Path) -> None:
    _write(releases_dir)
    app = open_page("development", reihe="alw", kennzahl="migrants_u18")
    assert "kein Wert veröffentlicht. Ohne Wert: 07.01.2024 (geheim)" in html_of(app)
    assert not app.get("arrow_vega_lite_chart")
    assert not app.get("vega_lite_chart")


def test_series_come_as_files_and_their_line_as_a_picture(releases_dir: Path) -> None:
    _write(releases_dir)
    labels = [one.label for one in open_page("development").get("download_button")]
    assert labels == ["Reihe als Excel", "Reihe als CSV", "Linie als SVG", "Linie als PNG"]
