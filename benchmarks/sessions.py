"""Readers without a browser, who change the theme again and again with time to think.

Each holds a session of the dashboard over its websocket, as a browser does.
"""

import asyncio
import random
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.served import cpu_seconds, resident_mb, served

THINK_S = 5.0
_SCRIPT = "app.py"
_VIEWS = 200
_HELD = 20


@dataclass(frozen=True)
class Crowd:
    """What sessions waited for, and what a change cost the servers."""

    answers: list[float]
    cpu_per_change: float

    @property
    def median(self) -> float:
        """Median answer, in seconds."""
        return statistics.median(self.answers)

    @property
    def p95(self) -> float:
        """Answer that 95 of 100 do not exceed, in seconds."""
        return statistics.quantiles(self.answers, n=20)[-1]


@dataclass(frozen=True)
class Memory:
    """MB of a server's process: per held session, and around many views of one reader."""

    per_session: float
    before_views: float
    after_views: float


def measure_crowd(home: Path, release: Path, counts: Sequence[int], seconds: float) -> Crowd:
    """Let sessions change themes, ``counts`` of them on one process each."""
    with ExitStack() as stack:
        servers = [stack.enter_context(served(_SCRIPT, home, release)) for _ in counts]
        urls = [url for url, _ in servers]
        asyncio.run(_crowd(urls, [1] * len(urls), 2 * THINK_S))
        before = sum(cpu_seconds(process) for _, process in servers)
        answers = asyncio.run(_crowd(urls, counts, seconds))
        used = sum(cpu_seconds(process) for _, process in servers) - before
    return Crowd(answers, used / len(answers))


def measure_memory(home: Path, release: Path) -> Memory:
    """Hold sessions that have seen three themes each; then let one see many."""
    with served(_SCRIPT, home, release) as (url, process):
        asyncio.run(_look(url, 60))  # every map of the city is drawn, caches are full
        before = resident_mb(process)
        held = asyncio.run(_hold(url, process, _HELD))
        asyncio.run(_look(url, 10))
        start = resident_mb(process)
        asyncio.run(_look(url, _VIEWS))
        return Memory((held - before) / _HELD, start, resident_mb(process))


async def _crowd(urls: Sequence[str], counts: Sequence[int], seconds: float) -> list[float]:
    sessions = [url for url, count in zip(urls, counts, strict=True) for _ in range(count)]
    every = await asyncio.gather(
        *(_one_session(url, seconds, seed) for seed, url in enumerate(sessions))
    )
    return [answer for answers in every for answer in answers]


async def _look(url: str, views: int) -> None:
    """Let one reader see one theme after another, without a pause."""
    async with _connected(url) as line:
        themes = await _rerun(line, "", "")
        for view in range(views):
            name = themes.options[view % len(themes.options)].content
            await _rerun(line, themes.id, name)


async def _hold(url: str, process: int, count: int) -> float:
    """Open sessions and keep them; give the MB while all are there."""
    async with AsyncExitStack() as stack:
        for _ in range(count):
            line = await stack.enter_async_context(_connected(url))
            themes = await _rerun(line, "", "")
            for option in themes.options[1:4]:
                await _rerun(line, themes.id, option.content)
        return resident_mb(process)


def _connected(url: str) -> websockets.connect:
    address = f"{url.replace('http', 'ws')}/_stcore/stream"
    return websockets.connect(address, subprotocols=["streamlit"], max_size=None)


async def _one_session(url: str, seconds: float, seed: int) -> list[float]:
    """Change the theme again and again, with time to think; seconds of each answer."""
    draw, answers = random.Random(seed), []
    async with _connected(url) as line:
        themes = await _rerun(line, "", "")
        end = time.monotonic() + seconds
        await asyncio.sleep(draw.uniform(0, THINK_S))
        names = [option.content for option in themes.options]
        shown = names[0]
        while time.monotonic() < end:
            shown = draw.choice([name for name in names if name != shown])
            began = time.perf_counter()
            await _rerun(line, themes.id, shown)
            answers.append(time.perf_counter() - began)
            await asyncio.sleep(draw.uniform(0.5, 1.5) * THINK_S)
    return answers


async def _rerun(line: websockets.ClientConnection, widget: str, value: str) -> Any:
    """Run the page with one chosen option; give the buttons „Thema“ once it has ended.

    Ends the benchmark if the answer does not show what was asked for.
    """
    message = BackMsg()
    message.rerun_script.query_string = "ebene=block"
    if widget:
        state = message.rerun_script.widget_states.widgets.add()
        state.id = widget
        state.string_array_value.data.append(value)
    await line.send(message.SerializeToString())
    themes = None
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await line.recv())
        if answer.WhichOneof("type") == "script_finished":
            if themes is None or (value and list(themes.raw_values) != [value]):
                sys.exit("Eine Sitzung hat ein anderes Thema bekommen als gefragt.")
            return themes
        element = answer.delta.new_element
        is_row = element.WhichOneof("type") == "button_group"
        if is_row and element.button_group.label == "Thema":
            themes = element.button_group
