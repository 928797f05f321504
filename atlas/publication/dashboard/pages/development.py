"""Page „Entwicklung“: what moved between two reference dates or two releases, and why."""

import streamlit as st

from atlas.publication import views
from atlas.publication.dashboard import design, prose, selects
from atlas.publication.dashboard.frame import Context
from atlas.release import ReleaseRef


def page(context: Context) -> None:
    """Draw the page."""
    st.header("Entwicklung", anchor=False)
    if len(context.every_ref) < 2:
        prose.say("Es gibt erst eine Veröffentlichung: Veränderungen zeigt die nächste.")
        return
    with st.container(key="choices"):
        before_side, after_side, group_side, _ = st.columns([2, 2, 1.7, 1.5], gap="small")
        with group_side:
            group = selects.choose_group(context)
        with after_side:
            after = _choose_release(context, "nachher", context.every_ref, context.ref)
        older = tuple(ref for ref in context.every_ref if after is not None and ref < after)
        with before_side:
            before = _choose_release(context, "vorher", older, _first_before(context, after))
    if before is None or after is None:
        prose.say("Vor diesem Stand gibt es keinen anderen. Bitte einen späteren wählen.")
        return
    found = views.level_changes(context.open(before), context.open(after), group)
    if found is None:
        prose.say("Für diese Bezugsgruppe wird nicht eingestuft.")
        return
    _show(found)


def _choose_release(
    context: Context, label: str, refs: tuple[ReleaseRef, ...], first: ReleaseRef | None
) -> ReleaseRef | None:
    if not refs:
        return None
    names = {ref.name: ref for ref in refs}
    start = list(names).index(first.name) if first is not None and first.name in names else 0
    chosen = st.selectbox(
        f"Stand {label}",
        tuple(names),
        index=start,
        format_func=lambda name: views.release_title(context.info(names[name])),
    )
    return names[chosen]


def _first_before(context: Context, after: ReleaseRef | None) -> ReleaseRef | None:
    if after is None:
        return None
    earlier = [ref for ref in context.refs if ref.reference_date < after.reference_date]
    return earlier[0] if earlier else None


def _show(found: views.Changes) -> None:
    prose.say(found.summary)
    for sentence in found.notes:
        prose.note(sentence)
    st.subheader("Von welcher Stufe zu welcher", anchor=False)
    design.show_table(found.matrix)
    if not found.moves:
        return
    st.subheader("Wer sich bewegt hat", anchor=False)
    design.show_table(found.moved)
    st.subheader("Warum", anchor=False)
    for move in found.moves:
        prose.say(move.text)
