"""The dashboard as a process of its own, without a browser."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from tests.command import PROJECT_DIR

_STARTED_S = 90


def start_dashboard(home: Path, port: int, **environment: str) -> subprocess.Popen[bytes]:
    """Start the server on loopback with nothing but what is given, and wait for it."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    own = {"FORWARDED_ALLOW_IPS": ""}  # as ``atlas dashboard`` sets it
    log = home / f"server-{port}.log"
    address = ("--server.address", "127.0.0.1", "--server.port", str(port))
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *address],
        cwd=PROJECT_DIR,
        env={**kept, "HOME": str(home), "ATLAS_HOME": str(home), **own, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=log.open("wb"),
    )
    base = environment.get("STREAMLIT_SERVER_BASE_URL_PATH", "")
    health = f"http://127.0.0.1:{port}/{base + '/' if base else ''}_stcore/health"
    end = time.monotonic() + _STARTED_S
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(health, timeout=5):
                return process
        except (URLError, OSError):
            time.sleep(0.2)
    process.kill()
    raise AssertionError(log.read_text())


def ended(process: subprocess.Popen[bytes]) -> None:
    """End a server that a test started."""
    process.terminate()
    process.wait(timeout=30)
