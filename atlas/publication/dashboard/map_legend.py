"""The legend of page Karte: how many areas each class has, and which classes are shown."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from atlas.publication.dashboard import address, design, prose, replaced
from atlas.publication.seen import Seen
from atlas.publication.views.class_choice import ClassChoice, class_choice
from atlas.publication.views.legend import LegendEntry
from atlas.publication.views.map import MapView

_WIDGET = "legend-classes"
# Of which map the classes were chosen: another theme has other ones.
_CHOSEN_OF = "_classes_chosen_of"


def choose_classes(seen: Seen, view: MapView, theme: str) -> ClassChoice:
    """Draw the legend; pressed entries leave only their areas on the map."""
    chosen_of = f"{theme}/{seen.group}/{view.kind}"
    asked = _asked(chosen_of)
    choice = class_choice(seen, view, asked)
    for code in set(asked) - set(choice.codes):
        replaced.note_in_link("Legende", code, "der Rest" if choice.codes else "alles")
    # Set anew on every run: the address may have changed.
    st.session_state[_WIDGET] = list(choice.codes)
    address.keep(address.CLASSES_KEY, _joined(choice.codes))
    st.session_state[_CHOSEN_OF] = (chosen_of, _joined(choice.codes))
    labels = {entry.code: _label(entry) for entry in view.legend}
    with st.container(key="legend"):
        st.html(design.legend_head(view))
        st.pills(
            "Legende",
            tuple(labels),
            selection_mode="multi",
            format_func=labels.__getitem__,
            key=_WIDGET,
            on_change=_remember,
            label_visibility="collapsed",
            width="stretch",
        )
        if choice.told:
            st.html(f'<p class="note" role="status">{escape(choice.told)}</p>')
            st.button(
                "Alle zeigen", key="show-every-class", on_click=_show_all, type="tertiary"
            )
    return choice


def _asked(chosen_of: str) -> tuple[str, ...]:
    """Codes of the address; those that were chosen for another map are forgotten."""
    said = address.kept(address.CLASSES_KEY)
    last_of, last_said = st.session_state.get(_CHOSEN_OF, (chosen_of, said))
    is_left_over = last_of != chosen_of and last_said == said
    return () if is_left_over else tuple(filter(None, said.split(",")))


def _remember() -> None:
    address.remember(address.CLASSES_KEY, _joined(st.session_state[_WIDGET]))


def _show_all() -> None:
    address.remember(address.CLASSES_KEY, "")


def _joined(codes: Iterable[str]) -> str:
    return ",".join(codes)


def _label(entry: LegendEntry) -> str:
    return f"{prose.plain(entry.label)} :gray[({entry.count})]"
