"""The first release of a new city: its samples taken, one run."""

from collections.abc import Sequence

from atlas.confidential.desk import Desk, only_one
from atlas.confidential.founding.whole import Probe
from atlas.confidential.receive import layout_of, receive
from atlas.confidential.run import RunResult, run
from atlas.errors import AtlasError

_REASON = "erster Blick auf eine neue Stadt"


def publish_first(desk: Desk, probes: Sequence[Probe]) -> tuple[RunResult, tuple[str, ...]]:
    """Take the samples as deliveries and run; a sample that is refused stops no other.

    Returns
    -------
    What the run did, and one German sentence per sample that was refused.
    """
    refused = []
    with only_one(desk):
        for probe in probes:
            try:
                layout = layout_of(desk, probe.path, probe.layout_id or None)
                receive(desk, probe.path, layout, probe.day, _REASON)
            except AtlasError as error:
                refused.append(str(error))
    return run(desk, "", lambda path: False), tuple(refused)
