"""Ten minutes of a planner who has never seen the atlas, on a town that its office published.

What the pages must show is read from the releases, or counted by hand; never from the views.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from playwright.sync_api import Locator, expect

from atlas.publication.palette import CLASS_COLOURS, LEVEL_COLOURS
from atlas.release import Release, read_boundaries
from atlas.terms import Kind
from tests.browser import file_cells
from tests.browser.conftest import OpenScreen
from tests.browser.planner import Planner, title_of
from tests.browser.sight import (
    german,
    legend_counts,
    selects_of,
    statuses_of,
    values_of,
    view_of,
)
from tests.browser.walk_town import NAMES, TOP

LEVEL_NAMES = {
    1: "kein Handlungsbedarf",
    2: "Handlungsbedarf abwägen",
    3: "Handlungsbedarf",
    4: "hoher Handlungsbedarf",
}
SHARES = {
    "Einwohnerdichte": ("density", "je ha"),
    "Anteil mit Migrationshintergrund": ("migration_share", "%"),
    "SGB-II-Quote": ("sgb2_share", "%"),
}
# One or two refugees live here; which others must hide with them is drawn by the office's key.
WHY_HIDDEN = "geheim: Anzahlen von 1 bis 2, oder was eine solche Zahl verriete"
SMALL_BLOCKS = {"1202", "1203", "2504", "2505"}


def test_ten_minutes(planner: Planner, open_screen: OpenScreen, tmp_path: Path) -> None:
    sees_where_need_is_high(planner)
    clicks_the_highest_need(planner)
    goes_down_to_the_blocks(planner)
    asks_why(planner)
    compares_with_a_neighbour(planner, open_screen)
    asks_what_changed(planner)
    takes_the_tables_along(planner, tmp_path)
    sends_the_view_by_mail(planner, open_screen)


def sees_where_need_is_high(planner: Planner) -> None:
    page = planner.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Sozialatlas Wandelstadt")
    expect(page.locator(".head")).to_contain_text("Stand 31.12.2023 · endgültig")
    expect(page.locator(".head")).to_contain_text(
        "31.12.2024 vorläufig: SGB II fällt später an"
    )
    assert planner.screen.chosen("Thema") == "Handlungsbedarf"
    levels = values_of(planner.now, "need_level")
    assert set(levels.values()) == {1, 2, 3, 4}
    areas = planner.screen.areas()
    assert set(areas) == set(NAMES)
    for key, area in areas.items():
        level = int(levels.get(key, 0))
        assert area["label"] == (str(level) if level else "")
        assert area["fill"] == (LEVEL_COLOURS[level - 1] if level else "#ffffff")
        assert area["tip"].startswith(f"<strong>{title_of(key)}</strong>")
        if level:
            assert area["tip"].endswith(f"Stufe {level}, {LEVEL_NAMES[level]}")
            assert planner.screen.pixel(key) == LEVEL_COLOURS[level - 1]
    assert (areas["22"]["hatch"], areas["23"]["hatch"]) == ("dots", "lines")
    counts = Counter(LEVEL_NAMES[int(level)] for level in levels.values())
    others = {"unbewohnt": 1, "nicht klassifiziert": 1}
    assert legend_counts(planner.screen) == {**counts, **others}


def clicks_the_highest_need(planner: Planner) -> None:
    darkest = [key for key, area in planner.screen.areas().items() if area["label"] == "4"]
    index = values_of(planner.now, "need_index")
    assert darkest == [max(index, key=lambda key: index[key])] == [TOP]
    planner.screen.click_area(TOP)
    panel = planner.page.locator(".panel")
    expect(panel.locator("h2")).to_have_text("12 Äußere Vorstadt")
    expect(panel.locator(".level")).to_contain_text("hoher Handlungsbedarf")
    expect(panel.locator(".trend")).to_have_text("= unverändert seit 31.12.2022")
    for label, (item, unit) in SHARES.items():
        values = values_of(planner.now, item)
        rank = 1 + sum(value > values[TOP] for value in values.values())
        fact = panel.locator("dl > div").filter(has_text=label).locator("dd")
        expect(fact).to_contain_text(f"{german(values[TOP])} {unit}")
        expect(fact).to_contain_text(f"Rang {rank} von {len(values)}")
    planner.screen.settle()
    assert planner.screen.chosen("Quartier") == "12 Äußere Vorstadt"
    expect(planner.page).to_have_url(re.compile("quartier=12"))


def goes_down_to_the_blocks(planner: Planner) -> None:
    planner.press("Baublöcke zeigen")
    assert planner.screen.chosen("Ebene") == "Baublöcke"
    levels = values_of(planner.now, "need_level")
    for block, area in planner.screen.areas().items():
        level = int(levels.get(block[:2], 0))
        assert area["fill"] == (LEVEL_COLOURS[level - 1] if level else "#ffffff")
        assert area["label"] == ""
    planner.choose("Thema", "Flüchtlingsanteil")
    blocks = planner.screen.areas()
    assert len(blocks) == 60
    statuses = statuses_of(planner.now, "refugee_share", "block")
    shown = values_of(planner.now, "refugee_share", "block")
    hidden = set(statuses.index[statuses == "suppressed"])
    assert hidden >= SMALL_BLOCKS
    assert hidden.isdisjoint(shown)
    for block, value in shown.items():
        assert blocks[block]["fill"] in CLASS_COLOURS
        assert blocks[block]["tip"].endswith(f"<br>{german(value)} %")
    for block in hidden:
        assert blocks[block]["hatch"] == "diagonal"
        assert blocks[block]["label"] == ""
        assert blocks[block]["tip"] == f"<strong>{block}</strong><br>{WHY_HIDDEN}"
    assert legend_counts(planner.screen)["geheim"] == len(hidden)
    most = max(shown, key=lambda block: shown[block])
    assert planner.screen.pixel(most) == blocks[most]["fill"] == CLASS_COLOURS[4]
    assert planner.screen.pixel("1202") not in CLASS_COLOURS
    looks_at_a_hidden_block(planner)
    planner.press("Quartiere zeigen")
    planner.choose("Thema", "Handlungsbedarf")
    assert planner.screen.areas()[TOP]["label"] == "4"


def looks_at_a_hidden_block(planner: Planner) -> None:
    planner.screen.page.mouse.move(*planner.screen.place_of("1202"))
    tip = planner.screen.map().locator(".atlas-tip")
    expect(tip).to_have_text(f"1202{WHY_HIDDEN}")
    planner.screen.click_area("1202")
    block = planner.page.locator(".panel").last
    expect(block.locator("h2")).to_have_text("1202")
    fact = block.locator("dl > div").filter(has_text="Flüchtlingsanteil").locator("dd")
    expect(fact).to_have_text(". geheim")
    expect(block.locator(".why")).to_have_text(f"G{WHY_HIDDEN[1:]}.")
    planner.screen.settle()


def asks_why(planner: Planner) -> None:
    planner.page.get_by_role("link", name="Warum diese Stufe? → Profil").click()
    page, now = planner.page, planner.now
    expect(page.get_by_role("heading", name="Warum diese Stufe?")).to_be_visible()
    planner.screen.settle()
    index = values_of(now, "need_index")[TOP]
    distance = values_of(now, "need_index.distance")[TOP]
    cut = values_of(now, "need_index.cut_3", "city").popitem()[1]
    assert distance == pytest.approx(cut - index)
    told = page.get_by_role("main")
    expect(told).to_contain_text("12 Äußere Vorstadt: Stufe 4 „hoher Handlungsbedarf“")
    expect(told).to_contain_text("Rang 1 von 8")
    expect(told).to_contain_text(re.compile(f"Index {german(index, 2)}\\b"))
    expect(told).to_contain_text(
        f"{german(-distance, 2)} über der Grenze {german(cut, 2)} zur höchsten Stufe"
    )
    parts = {row["Indikator"]: row for row in planner.table("12 Äußere Vorstadt: Beiträge")}
    amounts = {
        label: values_of(now, f"{i}.contribution")[TOP] for label, (i, _) in SHARES.items()
    }
    assert sum(amounts.values()) == pytest.approx(index)
    for label, amount in amounts.items():
        value = values_of(now, SHARES[label][0])[TOP]
        assert parts[label]["Wert"] == f"{german(value)} {SHARES[label][1]}"
        assert parts[label]["Beitrag"] == f"+{german(amount, 2)}"
    assert parts["Index (Summe der Beiträge)"]["Beitrag"] == f"+{german(index, 2)}"
    bars = page.locator(".stVegaLiteChart").first.locator(".mark-rect [role=graphics-symbol]")
    expect(bars).to_have_count(len(amounts))
    sees_the_blocks_of_the_profile(planner)


def sees_the_blocks_of_the_profile(planner: Planner) -> None:
    rows = {row["Nummer"]: row for row in planner.table("Baublöcke, Alle Einwohner*innen")}
    assert sorted(rows) == [f"120{n}" for n in range(1, 7)]
    shown = values_of(planner.now, "refugees", "block")
    for block, row in rows.items():
        texts = (row["Geflüchtete"], row["Flüchtlingsanteil %"])
        if block in shown:
            assert texts[0] == german(shown[block], 0)
        else:
            assert texts == (". geheim", ". geheim")
    assert ". geheim" in rows["1202"].values()


def compares_with_a_neighbour(planner: Planner, open_screen: OpenScreen) -> None:
    bounds = read_boundaries(planner.now.path, Kind.QUARTIER).set_index("area_id").geometry
    borders = bounds.intersection(bounds[TOP]).length.drop(TOP)
    neighbour = min(key for key, metres in borders.items() if metres > 0)
    assert neighbour == "11"
    planner.go_to("Vergleich")
    box = planner.page.get_by_role("combobox", name="Quartiere (bis zu fünf)")
    box.fill("Altst")
    planner.page.get_by_role("option", name=title_of(neighbour)).click()
    planner.page.keyboard.press("Escape")  # the list stays open for further ones
    for name in ("Quartier im Vergleich", "Veränderung seit"):
        table = planner.page.get_by_role("region", name=name)
        expect(table.get_by_role("columnheader", name="11 Altstadt")).to_be_visible()
    planner.screen.settle()
    rows = {row["Kennzahl"]: row for row in planner.table("Quartier im Vergleich")}
    for area in (TOP, neighbour):
        level = int(values_of(planner.now, "need_level")[area])
        assert rows["Handlungsbedarf"][title_of(area)] == f"{level} {LEVEL_NAMES[level]}"
        for label, (item, unit) in SHARES.items():
            values = values_of(planner.now, item)
            rank = 1 + sum(value > values[area] for value in values.values())
            shown = rows[f"{label} ({unit})"][title_of(area)]
            assert shown == f"{german(values[area])} (Rang {rank} von {len(values)})"
    assert_same_elsewhere(planner, open_screen)


def asks_what_changed(planner: Planner) -> None:
    planner.go_to("Entwicklung")
    chosen = selects_of(planner.screen)
    assert chosen["Stand vorher"] == "31.12.2022, endgültig (Nummer 1)"
    assert chosen["Stand nachher"] == "31.12.2023, endgültig (Nummer 1)"
    assert chosen["Bezugsgruppe"] == "Alle Einwohner*innen"
    old, new = (values_of(one, "need_level") for one in (planner.before, planner.now))
    pairs = Counter((int(old.get(key, 0)), int(new.get(key, 0))) for key in NAMES)
    names = {**{n: f"{n} {name}" for n, name in LEVEL_NAMES.items()}, 0: "ohne Stufe"}
    matrix = {row["vorher \\ nachher"]: row for row in planner.table("Quartiere nach Stufe")}
    columns = {**{n: f"Stufe {n}" for n in LEVEL_NAMES}, 0: "ohne Stufe"}
    for first, first_name in names.items():
        for second, second_name in columns.items():
            assert matrix[first_name][second_name] == str(pairs[first, second] or "–")
    moved = {key for key in old if old[key] != new[key]}
    assert moved == {"11", "13", "24", "25"}
    rows = planner.table("Quartiere mit anderer Stufe")
    assert {row["Nummer"] for row in rows} == moved
    for row in rows:
        key = row["Nummer"]
        assert row["Stufe 31.12.2022 Nr. 1"] == names[int(old[key])]
        assert row["Stufe 31.12.2023 Nr. 1"] == names[int(new[key])]
        why = planner.page.locator(".move").filter(has_text=title_of(key))
        ends = [f"Stufe {n} „{LEVEL_NAMES[n]}“" for n in (int(old[key]), int(new[key]))]
        expect(why).to_contain_text(f"Von {ends[0]} zu {ends[1]}")
    planner.go_to("Karte")
    planner.choose("Stichtag", "31.12.2022")
    expect(planner.page.locator(".head")).to_contain_text("Stand 31.12.2022 · endgültig")
    labels = {key: area["label"] for key, area in planner.screen.areas().items()}
    assert labels == {key: str(int(old[key])) if key in old else "" for key in NAMES}
    planner.choose("Stichtag", "31.12.2023")


def takes_the_tables_along(planner: Planner, folder: Path) -> None:
    planner.go_to("Tabellen")
    for kind, name in ((Kind.QUARTIER, "quartiere"), (Kind.BLOCK, "baubloecke")):
        expected = file_cells.of_release(planner.now, str(kind))
        statuses = {status for _, status in expected.values()}
        assert {"published", "uninhabited"} < statuses
        assert (kind == Kind.BLOCK) == ("suppressed" in statuses)
        row = planner.page.locator(f".st-key-files-{kind}")
        stem = f"wandelstadt_{name}_2023-12-31.1"

        def take(button: str, suffix: str, row: Locator = row, stem: str = stem) -> Path:
            found = row.get_by_role("button", name=button, exact=True)
            path = planner.screen.download(found, folder)
            assert path.name == f"{stem}.{suffix}"
            return path

        assert_excel(file_cells.of_excel(take("Excel", "xlsx")), expected)
        assert_machine_files(planner.now, kind, expected, take)
    button = planner.page.locator(".st-key-files-release").get_by_role("button", name="ZIP")
    assert_whole(planner.screen.download(button, folder), planner.now)


def assert_excel(found: file_cells.Cells, expected: file_cells.Cells) -> None:
    """Excel keeps 16 digits; the sheets of the levels add how they came about."""
    assert len(found) > 100
    assert found == {
        key: (None if value is None else float(f"{value:.16g}"), status)
        for key, (value, status) in expected.items()
    }


def assert_machine_files(
    release: Release,
    kind: Kind,
    expected: file_cells.Cells,
    take: Callable[[str, str], Path],
) -> None:
    keys = file_cells.keys_without(expected, file_cells.PARTS)
    base = {key: expected[key] for key in keys}
    assert len(base) > 100
    assert file_cells.of_csv(take("CSV", "csv")) == base
    gpkg, geojson = take("GeoPackage", "gpkg"), take("GeoJSON", "geojson")
    assert file_cells.of_geopackage(gpkg) == base
    assert file_cells.of_geojson(geojson) == base
    bounds = read_boundaries(release.path, kind).set_index("area_id").sort_index()
    for path, crs in ((gpkg, bounds.crs), (geojson, "EPSG:4326")):
        drawn = gpd.read_file(path).set_index("area_id").sort_index()
        assert drawn.crs == crs
        apart = drawn.to_crs(bounds.crs).hausdorff_distance(bounds.geometry)
        assert apart.max() < 0.2  # metres; degrees have six decimals


def assert_whole(path: Path, release: Release) -> None:
    assert path.name == "wandelstadt_veroeffentlichung_2023-12-31.1.zip"
    files = [one for one in release.path.rglob("*") if one.is_file()]
    expected = {
        f"wandelstadt_2023-12-31.1/{one.relative_to(release.path).as_posix()}": one.read_bytes()
        for one in files
    }
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == expected
        with archive.open("wandelstadt_2023-12-31.1/cells.parquet") as cells:
            found = pd.read_parquet(cells)
    assert len(found) == len(release.cells) > 1000


def sends_the_view_by_mail(planner: Planner, open_screen: OpenScreen) -> None:
    planner.go_to("Karte")
    for select, option in {
        "Stichtag": "31.12.2022",
        "Bezugsgruppe": "Kinder und Jugendliche",
        "Thema": "SGB-II-Quote",
    }.items():
        planner.choose(select, option)
    planner.screen.click_area("25")
    expect(planner.page.locator(".panel h2")).to_have_text("25 Siedlung Süd")
    seen = assert_same_elsewhere(planner, open_screen)
    value = values_of(planner.before, "sgb2_share", group="u18")["25"]
    assert seen["areas"]["25"]["label"] == german(value)
    assert seen["marks"] == 2


def assert_same_elsewhere(planner: Planner, open_screen: OpenScreen) -> dict[str, object]:
    seen = view_of(planner.screen)
    base = planner.screen.base_url
    other = open_screen(planner.page.url.removeprefix(base), url=base)
    assert view_of(other) == seen
    return seen
