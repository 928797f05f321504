"""The book of what was handed over: one entry per subscriber, paper and release; no figures."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from atlas.errors import DamageError
from atlas.home import write_file

LEDGER_NAME = "versand.json"


class Stage(StrEnum):
    """How far an entry has come."""

    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class Entry:
    """A paper of a release for a subscriber; ``at`` is when its stage began, UTC."""

    subscription: str
    report: str
    release: str
    stage: Stage
    at: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What there is one entry of."""
        return self.subscription, self.report, self.release


class Ledger:
    """The book of a city; each change is on disk before the next step."""

    def __init__(self, path: Path) -> None:
        """Read the book; without a file nothing was handed over.

        Raises
        ------
        DamageError
            If the file is none that was written here.
        """
        self._path = path
        self._entries = {one.key: one for one in _read(path)}

    def done(self, subscription: str, report: str) -> list[str]:
        """Name the releases of which a subscriber has a paper."""
        return [
            one.release
            for one in self._entries.values()
            if (one.subscription, one.report) == (subscription, report)
            and one.stage is Stage.DONE
        ]

    def is_begun(self, key: tuple[str, str, str]) -> bool:
        """Whether handing over began and nobody wrote down that it ended."""
        return key in self._entries and self._entries[key].stage is Stage.BEGUN

    def write(self, key: tuple[str, str, str], stage: Stage) -> None:
        """Write down how far an entry has come."""
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        self._entries[key] = Entry(*key, stage, moment)
        content = [asdict(one) for one in self._entries.values()]
        text = json.dumps({"format": 1, "entries": content}, ensure_ascii=False, indent=1)
        write_file(self._path, text.encode())


def _read(path: Path) -> Iterable[Entry]:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))["entries"]
        return [Entry(**one | {"stage": Stage(one["stage"])}) for one in told]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError):
        raise DamageError(
            f"Versandbuch {path.name}: nicht lesbar. Erwartet: die Datei, wie der Atlas sie "
            "geschrieben hat. Aus der Sicherung zurückholen; ohne sie ginge manches zweimal."
        ) from None
