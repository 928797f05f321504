"""Measure sessions of mixed roles on two processes behind nginx: seconds, memory, mix-ups.

Every session changes the page with time to think between; what it gets is looked through for
the key of a block, which only the planning may see.
"""

import argparse
import random
import re
import statistics
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests import leak_town
from tests.identity import free_port
from tests.nginx import MISSING, nginx_program, start_nginx
from tests.server import ended, start_dashboard
from tests.wire_reader import wire_reader

THINK_S = 5.0
PAGES = (
    ("", "ebene=block&thema=density"),
    ("quartier", "quartier=Q1"),
    ("tabellen", "ebene=block"),
)
BLOCK = re.compile(rb"(?<![A-Za-z0-9])Q\dB\d(?![A-Za-z0-9])")
ACCESS = """format = 1
public_url = "http://127.0.0.1:{port}/sozialatlas"
[proxy]
name_header = "Remote-User"
groups_header = "Remote-Groups"
addresses = ["127.0.0.1"]
[roles]
planning = ["planung"]
"""


@dataclass
class Figures:
    """Seconds of every answer, sessions that got what is another role's, and failures."""

    seconds: list[float] = field(default_factory=list)
    mixed: int = 0
    failed: int = 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--seconds", type=float, default=60)
    asked = options.parse_args()
    program = nginx_program()
    if program is None:
        raise SystemExit(MISSING)
    home, ports = Path(tempfile.mkdtemp()), [free_port() for _ in range(4)]
    leak_town.write_town(home / "releases", "open")
    (home / "access.toml").write_text(ACCESS.format(port=ports[2]))
    told = {
        "ATLAS_ACCESS": f"{home}/access.toml",
        "STREAMLIT_SERVER_BASE_URL_PATH": "sozialatlas",
    }
    servers = [start_dashboard(home, port, **told) for port in ports[:2]]
    proxies = []
    for port, user in zip(ports[2:], ("", "planung"), strict=True):
        (home / str(port)).mkdir()
        proxies.append(start_nginx(program, home / str(port), port, tuple(ports[:2]), user))
    figures, end = Figures(), time.monotonic() + asked.seconds
    threads = [
        threading.Thread(
            target=visit, args=(figures, f"http://127.0.0.1:{ports[2 + n % 2]}", n, end)
        )
        for n in range(asked.sessions)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory = [resident_mb(server.pid) for server in servers]
    for one in (*proxies, *servers):
        ended(one)
    p95 = statistics.quantiles(figures.seconds, n=20)[-1]
    print(f"{asked.sessions} sessions, {len(figures.seconds)} answers: p95 {p95:.2f} s,")
    print(f"memory {memory} MB, mixed up {figures.mixed}, failed {figures.failed}")


def visit(figures: Figures, url: str, number: int, end: float) -> None:
    draw, is_planner = random.Random(number), number % 2 == 1
    try:
        # nginx spreads readers over the processes by address and browser.
        with wire_reader(f"{url}/sozialatlas", {"User-Agent": f"reader {number}"}) as reader:
            while time.monotonic() < end:
                page, query = draw.choice(PAGES)
                began = time.perf_counter()
                content = b"".join(reader.open(page, query).frames)
                figures.seconds.append(time.perf_counter() - began)
                is_seen = BLOCK.search(content) is not None
                figures.mixed += is_seen and not is_planner
                figures.mixed += page == "tabellen" and is_planner and not is_seen
                time.sleep(draw.uniform(0.5, 1.5) * THINK_S)
    except (OSError, TimeoutError, AssertionError):
        figures.failed += 1


def resident_mb(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) // 1024


if __name__ == "__main__":
    main()
