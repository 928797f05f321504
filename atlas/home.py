"""The home directory of an installation: where each kind of file lies; knows no content."""

import os
from dataclasses import dataclass
from pathlib import Path

_PRIVATE = 0o700


@dataclass(frozen=True)
class Home:
    """Directories below ``$ATLAS_HOME``; one installation can hold several cities."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where sources put files; 0700."""
        return self.root / "inbox"

    @property
    def refused(self) -> Path:
        """Where the office puts uploads that it cannot accept; made when there is one, 0700."""
        return self.inbox / "abgelehnt"

    @property
    def requests(self) -> Path:
        """Where the dashboard hands in requests and uploads, unread."""
        return self.root / "requests"

    def confidential(self, city_id: str) -> Path:
        """Store, drafts, proofs, ledger, keys and log of a city; 0700."""
        return self.root / "confidential" / city_id

    def releases(self, city_id: str) -> Path:
        """Directory of a city's published releases."""
        return self.root / "releases" / city_id

    def geodata(self, city_id: str) -> Path:
        """Directory of a city's generated boundaries."""
        return self.root / "geodata" / city_id

    @property
    def planning(self) -> Path:
        """Assessments of the planners, written by the dashboard alone."""
        return self.root / "planning"

    def create(self, city_id: str) -> None:
        """Make all directories; private ones readable by their owner alone."""
        for path in (self.releases(city_id), self.requests, self.planning):
            path.mkdir(parents=True, exist_ok=True)
        for path in (self.inbox, self.root / "confidential", self.confidential(city_id)):
            path.mkdir(parents=True, exist_ok=True)
            path.chmod(_PRIVATE)


def home_from_environment() -> Home:
    """Home named by ``ATLAS_HOME``, else ``./var``."""
    return Home(Path(os.environ.get("ATLAS_HOME", "var")).resolve())
