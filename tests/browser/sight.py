"""What a reader sees of the dashboard, as plain values to compare."""

import re
from typing import Any

import pandas as pd
from playwright.sync_api import Locator

from atlas.release import Release
from tests.browser.screen import Screen

_ENTRY = re.compile(r"(?:\d Stufe \d: )?(.+) \((\d+)\)")
_ENGLISH = re.compile(
    r"\b(?:Add|Browse|Choose|Clear|Close|Copy|Dismiss|Drag|Fullscreen|Help|Hide|Link to|Loading"
    r"|Open|Press|Remove|Running|Search|Select|Selected|Show|Sort|[Uu]pload|file|matches|options?"
    r"|results?|selected|values?)\b"
)
# A table is whole inside something that scrolls, its caption in view, and no hint is too long.
_CUT = """() => {
    const pen = document.createElement("canvas").getContext("2d");
    const isCut = (table) => {
        let holder = table.parentElement;
        while (getComputedStyle(holder).overflowX === "visible") holder = holder.parentElement;
        const caption = table.caption ? table.caption.getBoundingClientRect().right : 0;
        return caption > holder.getBoundingClientRect().right + 1
            || (table.scrollWidth > holder.clientWidth + 1
                && !["auto", "scroll"].includes(getComputedStyle(holder).overflowX)); };
    const isLong = (field) => {
        const style = getComputedStyle(field);
        pen.font = style.font;
        const room = field.clientWidth - parseFloat(style.paddingLeft)
            - parseFloat(style.paddingRight);
        return pen.measureText(field.placeholder).width > room; };
    const seen = (one) => one.checkVisibility();
    return [...[...document.querySelectorAll("table")].filter(seen).filter(isCut)
            .map((table) => table.innerText.slice(0, 60)),
        ...[...document.querySelectorAll("input[placeholder]")].filter(seen).filter(isLong)
            .map((field) => field.placeholder)]; }"""
_TAGS = ".react-aria-ComboBox [data-tag]"  # a template beside it holds them once more


def rows_of(table: Locator) -> list[dict[str, str]]:
    """Rows of a table by the words of its heads; units stand in the heads."""
    heads, *rows = table.evaluate(
        """table => [...table.rows].map(row =>
            [...row.cells].map(cell => cell.innerText.replace(/\\s+/g, " ").trim()))"""
    )
    return [dict(zip(heads, row, strict=True)) for row in rows]


def legend_counts(screen: Screen) -> dict[str, int]:
    """Number of areas of each entry of the legend of the map."""
    entries = screen.page.get_by_role("toolbar", name="Legende").get_by_role("button")
    counts = {}
    for text in entries.all_inner_texts():
        found = _ENTRY.fullmatch(" ".join(text.split()))
        assert found, text
        assert found[1] not in counts
        counts[found[1]] = int(found[2])
    return counts


def selects_of(screen: Screen) -> dict[str, str]:
    """What every select, and every row of buttons, of the page shows."""
    boxes = screen.page.get_by_role("combobox")
    found: list[list[str]] = boxes.evaluate_all(
        "boxes => boxes.map(box => [box.getAttribute('aria-label'), box.value])"
    )
    rows = screen.page.get_by_role("radiogroup")
    found += rows.evaluate_all(
        """rows => rows.map(row => [row.getAttribute("aria-label"),
            row.querySelector("[aria-checked=true]").innerText])"""
    )
    return {str(name): str(value) for name, value in found}


def view_of(screen: Screen) -> dict[str, Any]:
    """Everything that makes a view: head, selects, text, and on the map each area."""
    screen.settle()
    page = screen.page
    has_map = page.locator("iframe").count() > 0
    marks = "map.atlas.markGroup.getLayers().length"
    return {
        "head": page.locator(".head").inner_text(),
        "selects": selects_of(screen),
        "panel": page.locator(".panel").all_inner_texts(),
        "tables": [rows_of(table) for table in page.get_by_role("table").all()],
        "compared": page.locator(_TAGS).all_inner_texts(),
        "areas": screen.areas() if has_map else {},
        "marks": screen.map().evaluate(marks) if has_map else 0,
    }


def values_of(
    release: Release, item: str, kind: str = "quartier", group: str = "all"
) -> dict[str, float]:
    """Published values of one item per area."""
    cells = release.cells
    chosen = cells[
        (cells["kind"] == kind)
        & (cells["item"] == item)
        & (cells["group"] == group)
        & (cells["status"] == "published")
    ]
    return dict(zip(chosen["area_id"], chosen["value"].astype(float), strict=True))


def statuses_of(
    release: Release, item: str, kind: str = "quartier", group: str = "all"
) -> pd.Series:
    """Status of one item per area."""
    cells = release.cells
    is_item = (cells["item"] == item) & (cells["group"] == group) & (cells["kind"] == kind)
    return cells[is_item].set_index("area_id")["status"]


def german(value: float, digits: int = 1) -> str:
    """Write a number as German readers do, with a real minus."""
    text = f"{value:,.{digits}f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    return text.replace("-", "−")


def cut_in(screen: Screen) -> list[str]:
    """Tables and hints of which a part cannot be seen, not even by scrolling the table."""
    found: list[str] = screen.page.evaluate(_CUT)
    return found


def english_in(screen: Screen) -> list[str]:
    """Texts with words of Streamlit's or Vega's own English that one sees or hears."""
    texts: list[str] = screen.page.evaluate(
        """() => [...document.body.querySelectorAll("*")]
            .filter((one) => one.checkVisibility({visibilityProperty: true})
                && !one.closest("[aria-hidden=true]"))
            .flatMap((one) => ["aria-label", "placeholder", "title", "alt"]
                .map((name) => one.getAttribute(name) || "")
                .concat([...one.childNodes].filter((part) => part.nodeType === Node.TEXT_NODE)
                    .map((part) => part.nodeValue)))"""
    )
    return sorted({text for text in texts if _ENGLISH.search(text)})
