"""What page Quartier costs: processor time and calls of one draw, all caches warm.

    .venv/bin/python -m benchmarks.page_profile --home DIR

``atlas demo --no-serve --home DIR`` makes the home. Draws the page as Streamlit runs it,
without a browser; a call is a call of a Python function, as the profiler counts them.
"""

import argparse
import os
import pstats
import statistics
from pathlib import Path

from streamlit.testing.v1 import AppTest

_PAGES = ("profile", "map", "comparison", "development", "tables", "method")


def script(name: str, profile_path: str) -> None:
    """Draw one page; ``profile_path`` empty: note the processor time instead."""
    import cProfile
    import time
    from importlib import import_module

    import streamlit as st

    from atlas.publication.dashboard import address
    from atlas.publication.dashboard.frame import find_context

    address.read_address()
    context = find_context()
    page = import_module(f"atlas.publication.dashboard.pages.{name}").page
    if profile_path:
        profiler = cProfile.Profile()
        profiler.runcall(page, context)
        profiler.dump_stats(profile_path)
    else:
        begin = time.process_time()
        page(context)
        st.session_state["_seconds"] = time.process_time() - begin


def draw(name: str, address: dict[str, str], profile_path: str = "") -> AppTest:
    app = AppTest.from_function(
        script, kwargs={"name": name, "profile_path": profile_path}, default_timeout=120
    )
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    if app.exception:
        raise SystemExit(f"{name}: {app.exception[0].value}")
    return app


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--city", default="wuppertal")
    parser.add_argument("--quartier", default="01")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stats", type=Path, default=Path("page_profile.stats"))
    options = parser.parse_args()
    os.environ |= {"ATLAS_HOME": str(options.home.resolve()), "ATLAS_CITY": options.city}
    address = {"quartier": options.quartier}
    print("| page | cold | warm | calls |")
    print("|---|---|---|---|")
    for name in _PAGES:
        cold = draw(name, address).session_state["_seconds"]
        warm = [draw(name, address).session_state["_seconds"] for _ in range(options.rounds)]
        draw(name, address, str(options.stats))
        calls = pstats.Stats(str(options.stats)).total_calls  # type: ignore[attr-defined]
        seconds = statistics.median(warm)
        print(f"| {name} | {cold:.2f} s | {seconds:.2f} s | {calls:,} |", flush=True)
        options.stats.unlink()


if __name__ == "__main__":
    main()
