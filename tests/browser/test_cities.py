from pathlib import Path

import pytest
from playwright.sync_api import expect

from atlas.config import CityConfig
from tests.browser.conftest import OpenScreen, ServeHome
from tests.factories import DAY, NAMES, town_counts, town_info, town_tables, write_town


def _write(home: Path, city_id: str, title: str) -> None:
    tables = town_tables()
    tables["city"] = {**tables["city"], "id": city_id, "title": title}
    config = CityConfig.model_validate(tables)
    write_town(home / "releases", town_info(config, DAY), town_counts(DAY))


def test_house_with_two_cities_lets_readers_choose(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    _write(tmp_path, "adorf", "Atlas Adorf")
    _write(tmp_path, "bdorf", "Atlas Bdorf")
    url = serve(tmp_path)
    screen = open_screen("/?stadt=cdorf", url=url)
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Atlas Adorf")
    assert "stadt=adorf" in screen.page.url
    told = "Stadt: „Cdorf“ steht hier nicht zur Wahl; gezeigt ist Adorf."
    expect(screen.page.locator(".st-key-replaced")).to_have_text(told)
    screen.choose("Stadt", "Bdorf")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Atlas Bdorf")
    screen.settle()
    assert len(screen.areas()) == 6
    assert screen.violations() == []
    other = open_screen(screen.page.url.removeprefix(url), url=url)
    expect(other.page.get_by_role("heading", level=1)).to_have_text("Atlas Bdorf")


def test_page_and_select_are_called_as_the_city_calls_its_areas(
    open_screen: OpenScreen, serve: ServeHome, tmp_path: Path
) -> None:
    tables = town_tables()
    kinds = {**tables["areas"]["kinds"]}
    kinds["quartier"] = {
        **kinds["quartier"],
        "label": "Planungsraum",
        "plural": "Planungsräume",
    }
    tables["areas"] = {**tables["areas"], "kinds": kinds}
    config = CityConfig.model_validate(tables)
    write_town(tmp_path / "releases", town_info(config, DAY), town_counts(DAY))
    screen = open_screen("/", url=serve(tmp_path))
    screen.choose("Planungsraum", "12 Äußere Vorstadt")
    screen.settle()
    screen.page.get_by_role("link", name="Planungsraum", exact=True).click()
    title = "12 Äußere Vorstadt – Planungsraum – Sozialatlas Musterstadt"
    expect(screen.page).to_have_title(title)
    expect(screen.page.get_by_role("combobox", name="Planungsraum", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [320, 1400])
def test_names_of_one_long_word_need_no_sideways_scrolling(
    open_screen: OpenScreen,
    serve: ServeHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    width: int,
) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwensiedlung"
    monkeypatch.setitem(NAMES, "11", f"{word} West")
    tables = town_tables()
    tables["levels"]["labels"] = {n: f"{n}. {word}sbedarf" for n in range(1, 5)}
    config = CityConfig.model_validate(tables)
    config = config.model_copy(update={"city": config.city.model_copy(update={"title": word})})
    write_town(tmp_path / "releases", town_info(config, DAY), town_counts(DAY))
    url = serve(tmp_path)
    for path in ("/", "/quartier"):
        screen = open_screen(f"{path}?quartier=11", width=width, url=url)
        expect(screen.page.locator(".panel").first).to_be_visible()
        assert screen.sideways_px() == 0, path
        assert screen.violations() == [], path
