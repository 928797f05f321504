"""A reader without a browser: opens pages over the websocket, takes every file they offer."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

_SECONDS = 60
# Endings are named: on the wire the tag of the next field follows at once.
_MEDIA = re.compile(rb"/media/[0-9a-f]+\.(?:geojson|gpkg|xlsx|csv|zip|png|svg)")
_MAPS = re.compile(rb"/karte/[\w./-]+\.json")


@dataclass
class Seen:
    """What a reader got of a page.

    Attributes
    ----------
    frames
        Messages of the websocket, as they came.
    title
        Of the window.
    offered
        Marks of the files that are made when somebody presses, by button.
    """

    frames: list[bytes] = field(default_factory=list)
    title: str = ""
    offered: dict[str, str] = field(default_factory=dict)
    is_missing: bool = False

    @property
    def addresses(self) -> set[str]:
        """Files of memory and of maps that the page names."""
        found = [one for frame in self.frames for one in _MEDIA.findall(frame)]
        found += [one for frame in self.frames for one in _MAPS.findall(frame)]
        return {one.decode() for one in found}


@dataclass
class WireReader:
    """One session on the websocket."""

    line: ClientConnection
    session: str = ""

    def open(self, page: str, query: str = "") -> Seen:
        """Run a page to its end."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        return self.ask(message)

    def ask(self, message: BackMsg) -> Seen:
        """Send a message that runs a page; give all that comes until its end."""
        self.line.send(message.SerializeToString())
        seen = Seen()
        while True:
            frame = bytes(self.line.recv(timeout=_SECONDS))
            seen.frames.append(frame)
            answer = ForwardMsg.FromString(frame)
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self.session = answer.new_session.initialize.session_id or self.session
            elif kind == "page_config_changed" and answer.page_config_changed.title:
                seen.title = answer.page_config_changed.title
            elif kind == "page_not_found":
                seen.is_missing = True
            elif kind == "delta":
                button = answer.delta.new_element.download_button
                if button.deferred_file_id:
                    seen.offered[button.id] = button.deferred_file_id
            elif kind == "script_finished":
                return seen

    def press(self, mark: str) -> str:
        """Have a file made; give its address."""
        message = BackMsg()
        asked = message.backend_operation_request
        asked.request_id, asked.session_id = mark, self.session
        asked.deferred_file.file_id = mark
        self.line.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(bytes(self.line.recv(timeout=_SECONDS)))
            if answer.WhichOneof("type") == "backend_operation_response":
                told = answer.backend_operation_response
                assert not told.error_msg, told.error_msg
                return str(told.deferred_file.url)


@contextmanager
def wire_reader(url: str, headers: Mapping[str, str]) -> Iterator[WireReader]:
    """Open a session as somebody."""
    address = f"{url.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(
        address,
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers=dict(headers),
        max_size=None,
        proxy=None,
    ) as line:
        yield WireReader(line)


def fetch(url: str, path: str, headers: Mapping[str, str]) -> httpx2.Response:
    """Ask for an address directly."""
    with httpx2.Client(trust_env=False, headers=dict(headers), timeout=_SECONDS) as client:
        return client.get(f"{url}{path}")
