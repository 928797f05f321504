"""Planners without a browser who write about one Quartier at the same moment."""

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.wire_reader import WireReader, wire_reader

SAVED = "Die Bewertung ist gespeichert."
_PAGE, _FIELD, _BUTTON = "quartier", "Bewertung", "Bewertung speichern"
_MOST_TRIES = 100


@dataclass
class Writer:
    """What became of one planner's text.

    Attributes
    ----------
    told
        Sentences that refused it, one per try in vain.
    lost
        Tries after which the form no longer held the text.
    """

    text: str
    told: list[str] = field(default_factory=list)
    lost: int = 0
    is_kept: bool = False


@dataclass
class _Form:
    """The form as the last run drew it."""

    field_id: str = ""
    button_id: str = ""
    text: str = ""
    alerts: list[str] = field(default_factory=list)


def write_at_once(urls: Sequence[str], count: int, area_id: str) -> list[Writer]:
    """Let planners save a text each about one Quartier, again until it is kept.

    Parameters
    ----------
    urls
        Of processes on one planning database; planners are spread over them.
    """
    barrier, writers = Barrier(count), [Writer(f"Text von Planerin {n}.") for n in range(count)]

    def write(number: int) -> None:
        named = {"Remote-User": f"Planerin {number}", "Remote-Groups": "planning"}
        with wire_reader(urls[number % len(urls)], named) as reader:
            query = f"quartier={area_id}"
            form = _read(reader.open(_PAGE, query).frames)
            barrier.wait()
            for _ in range(_MOST_TRIES):
                form = _send(reader, query, form, writers[number].text)
                if SAVED in form.alerts:
                    writers[number].is_kept = True
                    return
                writers[number].told += form.alerts
                writers[number].lost += form.text != writers[number].text

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(write, range(count)))
    return writers


def _send(reader: WireReader, query: str, form: _Form, text: str) -> _Form:
    message = BackMsg()
    message.rerun_script.page_name = _PAGE
    message.rerun_script.query_string = query
    states = message.rerun_script.widget_states.widgets
    states.add(id=form.field_id, string_value=text)
    states.add(id=form.button_id, trigger_value=True)
    return _read(reader.ask(message).frames)


def _read(frames: Sequence[bytes]) -> _Form:
    form = _Form()
    for frame in frames:
        element = ForwardMsg.FromString(frame).delta.new_element
        kind = element.WhichOneof("type")
        if kind == "text_area" and element.text_area.label == _FIELD:
            form.field_id = element.text_area.id
            form.text = element.text_area.value
        elif kind == "button" and element.button.label == _BUTTON:
            form.button_id = element.button.id
        elif kind == "alert":
            form.alerts.append(re.sub(r"\\(.)", r"\1", element.alert.body))
    return form
