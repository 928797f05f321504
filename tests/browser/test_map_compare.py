"""Classes that filter, and maps beside each other: on the map, in the table, in the address."""

from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import OpenScreen
from tests.browser.planner import Planner

_SHOWN = """() => Object.fromEntries([...map.atlas.layers].map(([id, layer]) =>
    [id, [layer.isShown, layer.label, layer.options.fillOpacity]]))"""
_PLACE = "() => [map.getCenter().lat, map.getCenter().lng, map.getZoom()]"


def test_class_of_the_legend_leaves_its_areas_by_keyboard_too(planner: Planner) -> None:
    page, screen = planner.page, planner.screen
    legend = page.get_by_role("toolbar", name="Legende")
    entry = legend.get_by_role("button", name="hoher Handlungsbedarf")
    entry.focus()
    page.keyboard.press("Space")
    told = page.get_by_role("status").filter(has_text="Gezeigt")
    expect(told).to_have_text("Gezeigt: hoher Handlungsbedarf. 1 Quartier von 10.")
    expect(page.locator(".table tbody tr")).to_have_count(1)
    expect(entry).to_have_attribute("aria-pressed", "true")
    screen.settle()
    shown = screen.map().evaluate(_SHOWN)
    assert [key for key, (is_shown, _, _) in shown.items() if is_shown] == ["12"]
    assert {key for key, (_, label, fill) in shown.items() if label or fill} == {"12"}
    assert "klassen=4" in page.url
    # Arrow keys go from any area to the one that is shown.
    screen.map().locator("#map_div").focus()
    page.keyboard.press("ArrowRight")
    expect(screen.map().locator(".atlas-spoken[aria-live=polite]")).to_contain_text("12 Äuß")
    assert screen.violations() == []
    page.reload()
    screen.settle()
    assert screen.map().evaluate(_SHOWN) == shown
    planner.choose("Thema", "Einwohnerdichte")
    expect(page.locator(".table tbody tr")).to_have_count(10)
    assert "klassen" not in page.url


def test_maps_beside_each_other_move_point_and_choose_together(
    open_screen: OpenScreen, wandelstadt_url: str
) -> None:
    screen = open_screen("/?daneben=thema.sgb2_share", url=wandelstadt_url)
    page = screen.page
    frames = _frames(screen.page)
    assert len(frames) == 2
    expect(page.locator(".map-name")).to_have_text(["Handlungsbedarf", "SGB-II-Quote"])
    expect(page.get_by_role("list", name="Legende: SGB-II-Quote")).to_be_visible()
    frames[0].get_by_role("button", name="Vergrößern").click()
    page.wait_for_timeout(700)
    assert frames[1].evaluate(_PLACE) == frames[0].evaluate(_PLACE)
    frames[1].get_by_role("button", name="Ganze Stadt").click()
    assert frames[0].evaluate(_PLACE) == frames[1].evaluate(_PLACE)
    frames[1].locator("#map_div").focus()
    page.keyboard.press("ArrowRight")
    for frame in frames:
        expect(frame.locator(".atlas-tip")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".panel h2")).to_be_visible()
    screen.settle()
    assert "quartier=" in page.url
    marks = "map.atlas.markGroup.getLayers().length"
    assert [frame.evaluate(marks) for frame in _frames(page)] == [2, 2]
    screen.choose("Daneben", "Alle Stichtage")
    expect(page.locator(".map-name")).to_have_text(["31.12.2022", "31.12.2023", "31.12.2024"])
    screen.settle()
    assert len({frame.evaluate("map.atlas.geometry") for frame in _frames(page)}) == 3
    assert screen.violations() == []


def _frames(page: Page) -> list[Frame]:
    found = []
    for one in page.locator('iframe[title="streamlit_folium.st_folium"]').element_handles():
        frame = one.content_frame()
        assert frame is not None
        frame.wait_for_function(
            "() => window.map && map.atlas && map.getContainer().dataset.state === 'drawn'"
        )
        found.append(frame)
    return found
