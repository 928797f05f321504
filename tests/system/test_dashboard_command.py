"""``atlas dashboard`` as a service: it ends when it is told to, and asks nobody outside."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

_HANDSHAKE = (
    "GET /_stcore/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {origin}\r\n"
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n"
)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def left() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that answers nothing, and what wanted to leave through it."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as trap:

        def listen() -> None:
            while True:
                try:
                    heard.append(trap.accept()[0].recv(200))
                except OSError:
                    return

        Thread(target=listen, daemon=True).start()
        yield trap.getsockname()[1], heard


def _start(home: Path, port: int, proxy_port: int) -> subprocess.Popen[str]:
    proxy = f"http://127.0.0.1:{proxy_port}"
    proxies = {"http_proxy": proxy, "https_proxy": proxy, "no_proxy": "127.0.0.1"}
    command = [*(sys.executable, "-m", "atlas"), "dashboard", "--port", str(port)]
    return subprocess.Popen(
        [*command, "--home", str(home)],
        env={**os.environ, **proxies},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while not _is_served(port):
        assert time.monotonic() < deadline, "dashboard did not start"
        time.sleep(0.2)


def _is_served(port: int) -> bool:
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/_stcore/health", timeout=2
        ) as one:
            return bool(one.status == 200)
    except OSError:
        return False


def _shake_hands(port: int, origin: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(_HANDSHAKE.format(port=port, origin=origin).encode())
        return line.recv(200).split(b"\r\n")[0].decode()


def test_ends_when_told_and_leaves_its_port(
    tmp_path: Path, port: int, left: tuple[int, list[bytes]]
) -> None:
    proxy_port, _ = left
    first = _start(tmp_path, port, proxy_port)
    _wait_for(port)
    second = _start(tmp_path, port, proxy_port)
    told, refused = second.communicate(timeout=60)
    assert second.returncode == 1
    assert told == ""
    assert refused.startswith(f"Fehler: Anschluss {port}: ist nicht frei.")
    first.terminate()
    first.communicate(timeout=30)
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_foreign_page_is_refused_at_once_and_nobody_is_asked(
    tmp_path: Path, port: int, left: tuple[int, list[bytes]]
) -> None:
    proxy_port, heard = left
    server = _start(tmp_path, port, proxy_port)
    try:
        _wait_for(port)
        begin = time.monotonic()
        for _ in range(10):
            answer = _shake_hands(port, "https://sozialatlas.stadt.example")
            assert answer.startswith("HTTP/1.1 403")
        assert time.monotonic() - begin < 2
        assert _shake_hands(port, f"http://127.0.0.1:{port}").startswith("HTTP/1.1 101")
    finally:
        server.terminate()
        server.communicate(timeout=30)
    assert heard == []
