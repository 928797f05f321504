"""Page „Entwicklung“: what changed between two releases and over all dates; city series."""

import streamlit as st

from atlas.publication.dashboard import (
    address,
    city_lines,
    city_series,
    design,
    downloads,
    lasting,
    moved,
    own_areas,
    own_lines,
    prose,
    selects,
)
from atlas.publication.dashboard.frame import Context
from atlas.publication.dashboard.moved import Compared
from atlas.publication.seen import Seen
from atlas.publication.views.differences import difference_table
from atlas.publication.views.items import NEED
from atlas.publication.views.over_time import over_time
from atlas.publication.views.own_areas import OwnArea
from atlas.publication.views.table import Table
from atlas.release import ReleaseRef
from atlas.terms import NEED_INDEX, Kind


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Entwicklung", anchor=False)
    if len(context.every_ref) < 2:
        prose.say("Es gibt erst eine Veröffentlichung: Veränderungen zeigt die nächste.")
    elif compared := _choose(context):
        city_lines.show(context.past(compared.after.group))
        moved.show(context, compared)
        st.subheader("Alle Stichtage", anchor=False)
        owns = own_areas.choose(context)
        _show_all_dates(context, compared, owns)
        _show_differences(compared, owns)
    city_series.show(context)


def _choose(context: Context) -> Compared | None:
    with st.container(key="choices"):
        theme_side, group_side, before_side, after_side, quartier_side = st.columns(
            [2, 1.7, 2, 2, 2], gap="small"
        )
        with group_side:
            seen = selects.choose_group(context)
        with theme_side:
            theme = selects.choose_change_theme(seen)
        with after_side:
            after_ref = selects.choose_release(
                context, address.AFTER_KEY, context.every_ref, context.ref
            )
        older = tuple(ref for ref in context.every_ref if ref < after_ref)
        if older:
            first = _first_before(context, after_ref, older)
            with before_side:
                before_ref = selects.choose_release(context, address.BEFORE_KEY, older, first)
        with quartier_side:
            selects.choose_quartier(context)
    if not older:
        prose.say("Vor diesem Stand gibt es keinen anderen. Bitte einen späteren wählen.")
        return None
    before, after = (context.see(ref).through(seen.group) for ref in (before_ref, after_ref))
    return Compared(before, after, theme)


def _first_before(
    context: Context, after: ReleaseRef, older: tuple[ReleaseRef, ...]
) -> ReleaseRef:
    """Newest release of an earlier date; else an earlier number of the same date."""
    earlier = [ref for ref in context.refs if ref.reference_date < after.reference_date]
    return earlier[0] if earlier else older[0]


def _show_all_dates(context: Context, compared: Compared, owns: tuple[OwnArea, ...]) -> None:
    of_blocks = any(own.kind == Kind.BLOCK for own in owns)
    past = (context.past_with_blocks if of_blocks else context.past)(compared.after.group)
    found = over_time(past, compared.theme, owns)
    st.html(design.scale_html(found.palette, found.steps))
    with st.container(key="all-dates"):
        design.show_table(found.table, found.order, address.kept(address.QUARTIER_KEY))
    lasting.offer(past, compared.theme)
    if owns:
        own_lines.show(past, owns)


def _show_differences(compared: Compared, owns: tuple[OwnArea, ...]) -> None:
    before, after = compared.before, compared.after
    table = difference_table(before, after, owns)
    st.subheader(f"Alle {after.plural(Kind.QUARTIER)}: Veränderung", anchor=False)
    with st.container(
        key="difference-head", horizontal=True, vertical_alignment="bottom", width="content"
    ):
        # Where it changed most stands first, until the reader sorts otherwise.
        first = NEED_INDEX if compared.theme == NEED else compared.theme
        shown = sorted(table.on_page().fields, key=lambda field: field.id != first)
        order, heads = selects.choose_order(table, "difference-order", shown)
        _offer_files(before, after, owns)
    design.show_table(table, order, address.kept(address.QUARTIER_KEY), heads)


def _offer_files(before: Seen, after: Seen, owns: tuple[OwnArea, ...]) -> None:
    name = f"veraenderung-seit-{before.info.name}"

    def every_group() -> list[Table]:
        sides = ((before.through(group), after.through(group)) for group in after.groups)
        return [difference_table(*both, owns) for both in sides]

    downloads.offer_workbook(after, "Veränderung als Excel", "Veränderung", every_group, name)
    csv_name = f"{name}-{after.group}"
    downloads.offer_csv(after, "CSV", lambda: difference_table(before, after, owns), csv_name)
