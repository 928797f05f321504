"""The interface as a process of its own: GDAL keeps Python waiting while it asks."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.command import PROJECT_DIR
from tests.identity import free_port
from tests.server import ended

_STARTED_S = 60


@contextmanager
def api_server(home: Path, city: str, port: int = 0, **environment: str) -> Iterator[str]:
    """Serve the interface of a city on loopback; give its address."""
    port = port or free_port()
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    log = home / f"api-{port}.log"
    process = subprocess.Popen(
        [sys.executable, "-m", "atlas.publication.api", "--port", str(port)],
        cwd=PROJECT_DIR,
        env={**kept, "ATLAS_HOME": str(home), "ATLAS_CITY": city, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log.open("wb"),
    )
    end = time.monotonic() + _STARTED_S
    while process.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    else:
        process.kill()
        raise AssertionError(log.read_text())
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        ended(process)
