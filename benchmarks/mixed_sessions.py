"""Measure sessions of four roles, signed in at a real provider, on two processes behind nginx.

Every session changes the page with time to think between. What it gets is looked through for
the key of a block, which only the planning may see, and for the name of anybody else.
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

from tests import identity, leak_town, nginx
from tests.login import Site
from tests.server import ended, start_dashboard
from tests.wire_reader import wire_reader

THINK_S = 5.0
ROLES = ("public", "planning", "office", "auditor")
PAGES = (
    ("", "ebene=block&thema=density"),
    ("quartier", "quartier=Q1"),
    ("tabellen", "ebene=block"),
)
BLOCK = re.compile(rb"(?<![A-Za-z0-9])Q\dB\d(?![A-Za-z0-9])")
NAME = re.compile(rb"Person Nummer \d+")
SECRET = "a-secret-of-the-tests-0123456789"


@dataclass
class Figures:
    """Seconds of every answer, sessions that got what is another's, and failures."""

    seconds: list[float] = field(default_factory=list)
    mixed: int = 0
    failed: int = 0
    by_role: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROLES, 0))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=100)
    options.add_argument("--seconds", type=float, default=60)
    asked = options.parse_args()
    program, modules = nginx.nginx_program(), identity.installed_modules()
    if program is None or modules is None:
        raise SystemExit(nginx.MISSING if program is None else identity.MISSING)
    home, ports = Path(tempfile.mkdtemp()), [identity.free_port() for _ in range(3)]
    leak_town.write_town(home / "releases", "open")
    url = f"http://127.0.0.1:{ports[2]}/sozialatlas"
    provider = _provider(modules, url, home, asked.sessions)
    told = {
        "ATLAS_ACCESS": f"{home}/access.toml",
        "ATLAS_OIDC_SECRET": SECRET,
        "STREAMLIT_SERVER_BASE_URL_PATH": "sozialatlas",
    }
    servers = [start_dashboard(home, port, **told) for port in ports[:2]]
    proxy = nginx.start_nginx(program, home, ports[2], tuple(ports[:2]))
    try:
        figures = _measure(Site(url, provider, home), asked.sessions, asked.seconds)
        memory = [resident_mb(server.pid) for server in servers]
    finally:
        for one in (proxy, *servers):
            ended(one)
        provider.stop()
    p95 = statistics.quantiles(figures.seconds, n=20)[-1]
    print(f"{asked.sessions} sessions, {len(figures.seconds)} answers: p95 {p95:.2f} s,")
    print(f"memory {memory} MB, mixed up {figures.mixed}, failed {figures.failed},")
    print(f"answers by role {figures.by_role}")


def _provider(modules: Path, url: str, home: Path, count: int) -> identity.Identity:
    client = {
        "client_id": "atlas",
        "client_secret": SECRET,
        "redirect_uris": [f"{url}/anmelden/zurueck"],
        "post_logout_redirect_uris": [f"{url}/"],
    }
    provider = identity.start_identity(modules, [client], home / "provider.log")
    people = {
        f"p{n}": {"name": f"Person Nummer {n}", "groups": [ROLES[n % len(ROLES)]]}
        for n in range(count)
    }
    provider.tell(people=people, fault={})
    roles = "\n".join(f'{role} = ["{role}"]' for role in ROLES[1:])
    (home / "access.toml").write_text(
        f'format = 1\npublic_url = "{url}"\n[provider]\nissuer = "{provider.issuer}"\n'
        f'client_id = "atlas"\n[roles]\n{roles}\n'
    )
    return provider


def _measure(site: Site, count: int, seconds: float) -> Figures:
    """Let everybody sign in, then look around until the time is over."""
    figures, ready = Figures(), threading.Barrier(count + 1)
    threads = [
        threading.Thread(target=visit, args=(figures, site, n, (ready, seconds)))
        for n in range(count)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    for thread in threads:
        thread.join()
    return figures


def visit(
    figures: Figures, site: Site, number: int, begin: tuple[threading.Barrier, float]
) -> None:
    ready, seconds = begin
    draw, role = random.Random(number), ROLES[number % len(ROLES)]
    # nginx spreads readers over the processes by address and browser.
    reader = site.reader(f"reader {number}")
    own = {"User-Agent": f"reader {number}"}
    if role != "public":
        reader.sign_in(f"p{number}", "/anmelden/stand")
        own["Cookie"] = f"{site.cookie}={reader.session}"
    ready.wait()
    end = time.monotonic() + seconds
    try:
        with wire_reader(site.url, own) as line:
            while time.monotonic() < end:
                page, query = draw.choice(PAGES)
                began = time.perf_counter()
                content = b"".join(line.open(page, query).frames)
                figures.seconds.append(time.perf_counter() - began)
                figures.by_role[role] += 1
                figures.mixed += is_mixed(content, page, number)
                time.sleep(draw.uniform(0.5, 1.5) * THINK_S)
    except (OSError, TimeoutError, AssertionError):
        figures.failed += 1


def is_mixed(content: bytes, page: str, number: int) -> bool:
    """Whether a page shows another role's blocks, lacks its own, or names anybody else."""
    role = ROLES[number % len(ROLES)]
    is_seen = BLOCK.search(content) is not None
    if is_seen and role != "planning":
        return True
    if role == "planning" and page == "tabellen" and not is_seen:
        return True
    own = set() if role == "public" else {f"Person Nummer {number}".encode()}
    return set(NAME.findall(content)) != own


def resident_mb(pid: int) -> int:
    text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) // 1024


if __name__ == "__main__":
    main()
