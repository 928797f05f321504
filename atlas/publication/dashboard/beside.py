"""Maps beside the map: of another theme, group or date, or of several dates.

One select offers everything that differs from the map in one thing only, so that what the eye
compares is one difference.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

import streamlit as st

from atlas.publication.dashboard import address, city_map, design, replaced, selects
from atlas.publication.dashboard.city_map import Drawn, Shown
from atlas.publication.dashboard.frame import Context
from atlas.publication.seen import Seen
from atlas.publication.views.class_choice import ClassChoice
from atlas.publication.views.items import themes
from atlas.publication.views.map import map_kinds
from atlas.release import ReleaseRef
from atlas.terms import Group
from atlas.words import day_text

_NOTHING = ""
_EVERY_DATE = "stichtage"
_MOST_DATES = 4
_IN_A_ROW = 2
_WIDGET = "map-beside"


@dataclass(frozen=True)
class NamedMap:
    """One of several maps: in what it differs from the others, and what it shows."""

    name: str
    shown: Shown


def choose_beside(context: Context, shown: Shown) -> tuple[NamedMap, ...]:
    """Select „Daneben“: give all maps in their order, none where there is one alone."""
    labels = {
        _NOTHING: "keine zweite Karte",
        **_date_labels(context, shown),
        **_group_labels(shown),
        **_theme_labels(shown),
    }
    asked = address.kept(address.MAPS_KEY)
    if asked not in labels:
        replaced.note("Daneben", asked, "")
        address.keep(address.MAPS_KEY, _NOTHING)
    chosen = selects.choose_kept("Daneben", address.MAPS_KEY, labels, _WIDGET, 260)
    maps = _maps(context, shown, chosen)
    if chosen and len(maps) < 2:
        replaced.note("Daneben", labels[chosen], "")
    return maps if len(maps) > 1 else ()


def show_maps(
    context: Context, drawn: Drawn, maps: Sequence[NamedMap], chosen: ClassChoice, breaks: str
) -> None:
    """Draw several maps in rows of two, each with a legend of its own where it needs one."""
    with st.container(key=f"maps-{len(maps)}"):
        for start in range(0, len(maps), _IN_A_ROW):
            row = maps[start : start + _IN_A_ROW]
            for side, one in zip(st.columns(_IN_A_ROW, gap="small"), row, strict=False):
                with side:
                    _show_one(context, drawn, one, chosen, breaks)


def _show_one(
    context: Context, first: Drawn, named: NamedMap, chosen: ClassChoice, breaks: str
) -> None:
    is_first = named.shown is first.shown
    one = first if is_first else city_map.draw(context, named.shown, breaks)
    st.html(f'<h2 class="map-name">{escape(named.name)}</h2>')
    city_map.show(context, one, chosen, named.name)
    if not is_first and (html := design.other_legend_html(one.view, first.view, named.name)):
        st.html(html)


def _date_labels(context: Context, shown: Shown) -> dict[str, str]:
    today = shown.seen.info.reference_date
    dates = [ref.reference_date for ref in context.refs if ref.reference_date != today]
    every = "Alle Stichtage" if len(dates) < _MOST_DATES else "Vier Stichtage"
    labels = {f"stichtag.{day.isoformat()}": f"Stichtag {day_text(day)}" for day in dates}
    return {_EVERY_DATE: every, **labels} if len(dates) > 1 else labels


def _group_labels(shown: Shown) -> dict[str, str]:
    others = [shown.seen.through(group) for group in shown.seen.groups]
    return {
        f"gruppe.{one.group}": f"Bezugsgruppe {one.group_label}"
        for one in others
        if one.group != shown.seen.group and _has(one, shown.theme)
    }


def _theme_labels(shown: Shown) -> dict[str, str]:
    others = (one for one in themes(shown.seen) if one.id != shown.theme)
    return {f"thema.{one.id}": f"Thema {one.label}" for one in others}


def _has(seen: Seen, theme: str) -> bool:
    return any(one.id == theme for one in themes(seen))


def _maps(context: Context, shown: Shown, chosen: str) -> tuple[NamedMap, ...]:
    what, _, which = chosen.partition(".")
    if chosen == _EVERY_DATE:
        return _spread(list(_at_dates(context, shown, context.refs)))
    if what == "stichtag":
        refs = [one for one in context.refs if one.reference_date.isoformat() == which]
        return (NamedMap(shown.seen.day, shown), *_at_dates(context, shown, refs))
    if what == "gruppe":
        other = shown.seen.through(Group(which))
        second = replace(shown, seen=other)
        return NamedMap(shown.seen.group_label, shown), NamedMap(other.group_label, second)
    if what == "thema":
        labels = {one.id: one.label for one in themes(shown.seen)}
        second = replace(shown, theme=which)
        return NamedMap(labels[shown.theme], shown), NamedMap(labels[which], second)
    return ()


def _at_dates(context: Context, shown: Shown, refs: Iterable[ReleaseRef]) -> Iterator[NamedMap]:
    """Make maps of those dates that have the theme for the group and the kind."""
    for ref in refs:
        if ref.reference_date == shown.seen.info.reference_date:
            yield NamedMap(shown.seen.day, shown)
            continue
        seen = context.see(ref)
        if shown.seen.group not in seen.groups or shown.kind not in map_kinds(seen):
            continue
        seen = seen.through(shown.seen.group)
        if _has(seen, shown.theme):
            yield NamedMap(seen.day, replace(shown, seen=seen))


def _spread(maps: list[NamedMap]) -> tuple[NamedMap, ...]:
    """At most four dates from old to new: the first, the last, and between them evenly."""
    ordered = sorted(maps, key=lambda one: one.shown.seen.info.reference_date)
    most = min(_MOST_DATES, len(ordered))
    if most < 2:
        return tuple(ordered)
    return tuple(ordered[round(at * (len(ordered) - 1) / (most - 1))] for at in range(most))
