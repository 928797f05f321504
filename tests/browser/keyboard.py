"""A reader without a mouse: what Tab reaches, and whether one sees where it is."""

from dataclasses import dataclass, field

from playwright.sync_api import Frame, Page

from tests.browser.screen import Screen

_MOST_STOPS = 150
# A combobox, toolbar, row of buttons, list of tabs or of chosen values is one stop; arrows go
# on inside.
_COLLECT = """() => {
    const wanted = "a[href], button, input, select, textarea, summary, "
        + "[role=button], [role=tab]";
    const isShown = (one) => one.checkVisibility({opacityProperty: true,
            visibilityProperty: true}) && one.getBoundingClientRect().width > 0;
    const isInside = (one) => one.tabIndex < 0 &&
        one.closest("[role=tablist], [data-tag], .react-aria-ComboBox") !== null;
    const row = (one) => one.closest("[role=toolbar], [role=radiogroup]");
    const isLater = (one) => row(one) !== null && one !== row(one).querySelector("button");
    const ring = (one) => {
        const style = getComputedStyle(one);
        return (style.outlineStyle === "none" ? "" : style.outline)
            + (style.boxShadow === "none" ? "" : style.boxShadow); };
    const look = (one) => {
        let seen = "";
        for (let part = one, n = 0; part && n < 5; part = part.parentElement, n++)
            seen += "|" + ring(part);
        return seen; };
    const name = (one) => one.getAttribute("aria-label") || one.innerText || one.type;
    const controls = [...document.querySelectorAll(wanted)]
        .filter((one) => isShown(one) && !one.disabled && !isInside(one)
            && !isLater(one));
    const looks = new Map(controls.map((one) => [one, look(one)]));
    const isSeen = (one) => looks.has(one) ? look(one) !== looks.get(one) : ring(one) !== "";
    window.stop = async () => {
        const one = document.activeElement;
        if (one === document.body || one.tagName === "IFRAME") return [one.tagName, -1, true];
        const end = performance.now() + 2000;
        while (!isSeen(one) && performance.now() < end)
            await new Promise((go) => setTimeout(go, 20));
        return [name(one), controls.indexOf(one), isSeen(one)]; };
    return controls.map(name); }"""


@dataclass
class Tour:
    """One way through a page by Tab alone.

    Attributes
    ----------
    unreached
        Names of controls that one sees and Tab does not reach.
    unseen
        Names of stops that look the same with and without the focus.
    has_ended
        Whether Tab left the page again.
    """

    stops: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)
    has_ended: bool = False


def tour_of(screen: Screen) -> Tour:
    """Press Tab from the top of the page until the page is left."""
    page, tour = screen.page, Tour()
    frames = [screen.map()] if page.locator("iframe").count() else []
    documents: list[Page | Frame] = [page, *frames]
    names: list[list[str]] = [one.evaluate(_COLLECT) for one in documents]
    reached: set[tuple[int, int]] = set()
    page.locator("body").focus()
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        place = 0
        name, number, is_seen = page.evaluate("window.stop()")
        if name == "IFRAME":
            place = 1
            name, number, is_seen = frames[0].evaluate("window.stop()")
        if name == "BODY":
            tour.has_ended = True
            break
        tour.stops.append(name)
        reached.add((place, number))
        if not is_seen:
            tour.unseen.append(name)
    tour.unreached += [
        name
        for place, found in enumerate(names)
        for number, name in enumerate(found)
        if (place, number) not in reached
    ]
    return tour


def tab_to(screen: Screen, name: str) -> None:
    """Press Tab until the element of this name has the focus."""
    script = """() => { const one = document.activeElement;
        return (one.getAttribute("aria-label") || one.innerText || "").trim(); }"""
    for _ in range(_MOST_STOPS):
        screen.page.keyboard.press("Tab")
        if str(screen.page.evaluate(script)).endswith(name):
            return
    raise AssertionError(f"Tab does not reach {name}")
