"""A planner whose hand holds no mouse: Tab, arrows, letters and Enter alone."""

from playwright.sync_api import Frame, Locator

from tests.browser.planner import Planner

_MOST_STOPS = 150
_HAS_FOCUS = """(one) => { const at = document.activeElement;
    return at === one || (one.role === "radiogroup" && one.contains(at))
        || at === one.closest("summary, button, a"); }"""
# The arrow key that leads from what the map reads aloud to an area; Enter once it is there.
_WAY = """(id) => {
    const layers = map.atlas.layers;
    const spoken = document.querySelector(".atlas-spoken[aria-live]");
    const here = layers.get(spoken.textContent.split(/[\\s:]/)[0]), goal = layers.get(id);
    if (here === goal) return "Enter";
    const middle = (layer) => map.project(layer.spot ? layer.spot.place : layer.getCenter(), 0);
    const way = middle(goal).subtract(here ? middle(here) : map.project(map.getCenter(), 0));
    if (Math.abs(way.x) > Math.abs(way.y)) return way.x > 0 ? "ArrowRight" : "ArrowLeft";
    return way.y > 0 ? "ArrowDown" : "ArrowUp"; }"""


class Typist(Planner):
    """A planner who does everything by keyboard."""

    def activate(self, control: Locator) -> None:
        self.reach(control)
        self.page.keyboard.press("Enter")

    def turn_to(self, tab: Locator) -> None:
        chosen = self.page.get_by_role("tab", selected=True).first
        self.reach(chosen)
        for _ in range(self.page.get_by_role("tab").count()):
            if tab.evaluate(_HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Enter")

    def enter(self, field: Locator) -> None:
        self.reach(field)

    def pick(self, select: str, option: str) -> None:
        """Type what a list shall find; arrows lead from button to button."""
        if self.screen.buttons(select).count():
            self._press_button(self.screen.buttons(select).filter(has_text=option))
            return
        self.reach(self.page.get_by_role("combobox", name=select, exact=True))
        self.page.keyboard.type(option)
        self.page.get_by_role("option", name=option, exact=True).wait_for(timeout=5000)
        self.page.keyboard.press("Enter")

    def _press_button(self, button: Locator) -> None:
        row = button.locator("..")
        self.reach(row)
        for _ in range(row.get_by_role("radio").count()):
            if button.evaluate(_HAS_FOCUS):
                break
            self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Enter")

    def point_at(self, area_id: str) -> None:
        frame = self.screen.map()
        self.reach_map(frame)
        for _ in range(_MOST_STOPS):
            key = str(frame.evaluate(_WAY, area_id))
            self.page.keyboard.press(key)
            if key == "Enter":
                return
        raise AssertionError(f"arrow keys do not reach {area_id}")

    def reach(self, control: Locator) -> None:
        """Press Tab until a control has the focus."""
        self.screen.settle()
        for _ in range(_MOST_STOPS):
            if control.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {control}")

    def reach_map(self, frame: Frame) -> None:
        for _ in range(_MOST_STOPS):
            if frame.evaluate("document.activeElement === map.getContainer()"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError("Tab does not reach the map")
