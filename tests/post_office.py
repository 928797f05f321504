"""Servers of a house on loopback, as a subscriber's place: mail (SMTP) and files (WebDAV)."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class PostOffice:
    """A mail server and what it has taken; ``refuses`` turns senders away."""

    port: int = 0
    refuses: bool = False
    letters: list[Message] = field(default_factory=list)


class _Postmaster(socketserver.StreamRequestHandler):
    """Says yes to every word, and keeps what comes after DATA."""

    def handle(self) -> None:
        self.say("220 hier")
        while line := self.rfile.readline():
            word = line[:4].upper().decode()
            self.say(self.answer(word))
            if word == "QUIT":
                return

    def answer(self, word: str) -> str:
        office: PostOffice = self.server.office  # type: ignore[attr-defined] # set below
        if word == "DATA":
            self.say("354 weiter")
            office.letters.append(message_from_bytes(self.content(), policy=default))
        if office.refuses and word == "MAIL":
            return "550 nein"
        return "221 bis dann" if word == "QUIT" else "250 gut"

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def content(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Serve SMTP on a free port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Postmaster) as server:
        server.daemon_threads = True
        office = PostOffice(server.server_address[1])
        server.office = office  # type: ignore[attr-defined] # what the handler writes to
        with _serving(server):
            yield office


@dataclass
class FileServer:
    """A WebDAV folder: what was put there by name, and how often."""

    url: str = ""
    login: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    puts: list[str] = field(default_factory=list)


@contextmanager
def file_server() -> Iterator[FileServer]:
    """Serve PUT on a free port."""
    there = FileServer()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            is_known = self.headers.get("Authorization", "") == there.login
            if is_known:
                there.files[self.path.rpartition("/")[2]] = content
                there.puts.append(self.path)
            self.send_response(201 if is_known else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there.url = f"http://127.0.0.1:{server.server_address[1]}/ablage/"
        with _serving(server):
            yield there


@contextmanager
def _serving(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
