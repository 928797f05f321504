"""Planners who save an assessment of one place at the same moment, each again until kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from atlas.errors import AtlasError
from atlas.publication import assessments
from atlas.publication.assessments import Assessment


def race(url: str, said: Assessment, count: int) -> list[str]:
    """Let them write, each with an engine of its own as in a process of its own.

    Returns
    -------
        The sentences that told somebody to look again.
    """
    start, told = Barrier(count), list[str]()
    engines = [assessments.open_store(url) for _ in range(count)]

    def write(number: int) -> None:
        own = replace(said, revision=1, text=f"Text {number}")
        start.wait()
        while True:
            try:
                assessments.save(engines[number], own)
            except AtlasError as error:
                told.append(str(error))
                now = assessments.history(engines[number], said.place.city, said.place.area_id)
                own = replace(own, revision=max(one.revision for one in now) + 1)
            else:
                return

    with ThreadPoolExecutor(count) as writers:
        list(writers.map(write, range(count)))
    for engine in engines:
        engine.dispose()
    return told
