"""Measure what a reader of the dashboard waits for, beside a plain st_folium map in one run.

Cold load, change of theme and click in Chromium, with the bytes that came over HTTP and the
websocket; many sessions on one process and on two; memory; every file that a page hands out.
Needs a home directory with releases (``atlas demo --city wuppertal --no-serve --home DIR``);
6,000 blocks with 202,000 vertices come from ``benchmarks/dense_city.py``.
"""

import argparse
import os
import statistics
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from atlas.release import list_releases, open_release
from benchmarks.downloads import measure_downloads
from benchmarks.map_rounds import ATLAS, CHROMIUM, FLAGS, PLAIN, Figures, Traffic, measure
from benchmarks.served import served
from benchmarks.sessions import measure_crowd, measure_memory

_KINDS = ("quartier", "block")
_FILE_S = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--city", default="wuppertal")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    release = list_releases(options.home / "releases" / options.city)[-1].path
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {options.rounds} rounds\n")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _report_rounds(browser, options.home, release, options.rounds)
        _report_downloads(browser, options.home, release)
        browser.close()
    _report_sessions(options.home, release, options.seconds)
    print(f"\nLoad at the end: {os.getloadavg()[0]:.1f}")


def _report_rounds(browser: Browser, home: Path, release: Path, rounds: int) -> None:
    sizes = open_release(release).areas["kind"].value_counts()
    _row("areas", "", "cold", "change", "click", "cold: kB", "requests", "change: kB")
    _row(*["---"] * 8)
    for kind in _KINDS:
        for site in (ATLAS, PLAIN):
            with served(site.script, home, release) as (url, _):
                figures = measure(browser, site, f"{url}/?ebene={kind}", rounds)
            _row(f"{sizes[kind]:,} ({kind})", site.name, *_cells(figures))
    _row("*to reach*", "", "≤ 1.6 s", "≤ 0.20 s", "≤ 0.15 s", "", "", "")


def _cells(figures: Figures) -> Iterable[str]:
    for seconds in (figures.cold, figures.change, figures.click):
        yield f"{statistics.median(seconds):.2f} s"
    yield f"{statistics.median(map(_kilobytes, figures.cold_bytes)):,.0f}"
    yield f"{statistics.median(one.requests for one in figures.cold_bytes):.0f}"
    yield f"{statistics.median(map(_kilobytes, figures.change_bytes)):,.1f}"


def _kilobytes(traffic: Traffic) -> float:
    return (traffic.socket + traffic.http) / 1000


def _report_sessions(home: Path, release: Path, seconds: float) -> None:
    print()
    _row("many readers", "median", "p95", "to reach", "processor time per change")
    _row(*["---"] * 5)
    for label, counts in (("20 on one process", (20,)), ("40 on two processes", (20, 20))):
        crowd = measure_crowd(home, release, counts, seconds)
        median, p95 = f"{crowd.median:.2f} s", f"{crowd.p95:.2f} s"
        _row(label, median, p95, "≤ 0.5 s", f"{crowd.cpu_per_change:.3f} s")
    memory = measure_memory(home, release)
    print()
    _row("memory", "", "to reach")
    _row(*["---"] * 3)
    _row("per session", f"{memory.per_session:.1f} MB", "≤ 8 MB")
    around = f"{memory.before_views:.0f} MB → {memory.after_views:.0f} MB"
    _row("before and after 200 views", around, "flat")


def _report_downloads(browser: Browser, home: Path, release: Path) -> None:
    handed = measure_downloads(browser, home, release)
    late = sum(one.seconds > _FILE_S for one in handed)
    print(f"\n{len(handed)} files, {late} of them later than {_FILE_S} s\n")
    _row("page", "button", "file", "kB", "seconds", "processor time")
    _row(*["---"] * 6)
    for one in handed:
        times = (f"{one.seconds:.2f}", f"{one.cpu:.2f}")
        _row(one.page, one.button, one.name, f"{one.kb:,.0f}", *times)


def _row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
