"""The legend of a map: levels or classes, and three signs for areas without a figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from atlas.terms import STATUS_LABELS, Status

# Statuses of one sign look alike: what is hidden, where nobody lives, what has no figure.
_SIGNS = (
    (Status.SUPPRESSED, Status.WITHHELD),
    (Status.UNINHABITED,),
    (
        Status.MISSING,
        Status.NOT_CLASSIFIED,
        Status.UNAVAILABLE,
        Status.NOT_MEANINGFUL,
    ),
)


@dataclass(frozen=True)
class LegendEntry:
    """One line of the legend: a level or class (step from 1), or a sign (step 0).

    ``status`` is the first of the statuses that share the sign, of those that are there.
    """

    step: int
    status: Status
    label: str
    count: int

    @property
    def code(self) -> str:
        """Name of the entry in an address."""
        return str(self.step) if self.step else str(self.status)


def sign_of(status: Status) -> Status:
    """Give the status that stands for all of the same sign."""
    return next((sign[0] for sign in _SIGNS if status in sign), status)


def sign_entries(counts: Mapping[Status, int]) -> tuple[LegendEntry, ...]:
    """One entry per sign that is there, with the names of all statuses that it stands for."""
    return tuple(
        LegendEntry(0, there[0], _either(there), sum(counts[one] for one in there))
        for sign in _SIGNS
        if (there := [one for one in sign if counts.get(one)])
    )


def _either(statuses: list[Status]) -> str:
    *first, last = (STATUS_LABELS[one] for one in statuses)
    return f"{', '.join(first)} oder {last}" if first else last
