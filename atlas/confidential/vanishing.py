"""How much of what the release before showed the next one of the same date would take away.

Knows cells and what was told; knows no reason why they go.
"""

from dataclasses import dataclass

import pandas as pd

from atlas.errors import ProtectionError
from atlas.geography import PARTS
from atlas.terms import Status

_CELL = ["kind", "area_id", "group", "measure"]


@dataclass(frozen=True)
class Loss:
    """Counts that the release before showed, and those of them that are hidden now."""

    before: str
    shown: int
    gone: int

    @property
    def percent(self) -> float:
        """Share of what was shown, in percent."""
        return 100 * self.gone / self.shown if self.shown else 0.0


def loss_of(told: pd.DataFrame | None, cells: pd.DataFrame) -> Loss:
    """Compare protected cells with the newest release of the ledger, area by area.

    Areas that this release did not have, by their boundaries, are left out.

    Parameters
    ----------
    told
        As ``read_ledger`` gives it.
    cells
        One row per kind, area_id, group, measure; column status.
    """
    number = pd.Series(dtype=int)
    if told is not None:
        number = told["release"].astype(str).str.rpartition(".")[2].astype(int)
    if told is None or number.max() < 1:  # what others printed is no release
        return Loss("", 0, 0)
    last = told[number == number.max()]
    shown = last.loc[last["n"].notna() & last[PARTS].isna(), _CELL].astype(str)
    hidden = cells.loc[cells["status"] == str(Status.SUPPRESSED), _CELL].astype(str)
    return Loss(str(last["release"].iloc[0]), len(shown), len(shown.merge(hidden)))


def require_little_loss(loss: Loss, most: int) -> None:
    """Stop before a release takes away more of what readers had than a city allows.

    Raises
    ------
    ProtectionError
        With the figures and the way out; nothing is written.
    """
    if loss.percent > most:
        day = loss.before.rpartition(".")[0]
        raise ProtectionError(
            f"Geheimhaltung, Stichtag {day}: {loss.gone} von {loss.shown} Anzahlen der Ausgabe "
            f"{loss.before} stünden nicht mehr da ({loss.percent:.0f} %). Erwartet: höchstens "
            f"{most} % (most_vanished in protection.toml). Grenzen, Regeln und Lieferungen mit "
            f"denen der Ausgabe vergleichen; soll es so sein: atlas build --date {day} "
            '--accept-loss "Grund", dann atlas verify und atlas publish.'
        )
