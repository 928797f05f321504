"""Roles → kinds, pages, tables and files of one city; knows no server.

A release that somebody may see in part is cut before anything is made of it: no view, file or
map can give away what it never held.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from atlas.config import City
from atlas.geography import without_parts
from atlas.publication.export.package import write_public_part, zip_bytes
from atlas.release import Release
from atlas.signin import person_of
from atlas.terms import Kind, Role

# Address of a page → the role that it takes; every other page is everybody's.
_PAGE_ROLES = {"planung": Role.PLANNING}
# The others open nothing here; so that what is cut for one serves all who see the same.
_ROLES = frozenset({Role.PUBLIC, Role.PLANNING})


@dataclass(frozen=True)
class Sight:
    """What somebody may see of one city, by roles."""

    roles: frozenset[Role]

    @property
    def may_plan(self) -> bool:
        """Whether assessments, own areas, requests and deliveries exist for somebody."""
        return Role.PLANNING in self.roles

    def opens(self, page: str) -> bool:
        """Whether a page exists, by its address."""
        role = _PAGE_ROLES.get(page)
        return role is None or role in self.roles

    def shows(self, kind: Kind, city: City) -> bool:
        """Whether areas of a kind exist."""
        return self.may_plan or kind in city.public_kinds

    def is_blind(self, city: City) -> bool:
        """Whether the city shows nothing that a page could stand on."""
        return not (self.shows(Kind.QUARTIER, city) and self.shows(Kind.CITY, city))

    def cut(self, release: Release) -> Release:
        """Leave of a release what exists for somebody."""
        if self.may_plan:
            return release
        kinds = [str(one) for one in release.info.config.city.public_kinds]
        areas = release.areas[release.areas["kind"].isin(kinds)].reset_index(drop=True)
        return replace(
            release,
            cells=release.cells[release.cells["kind"].isin(kinds)].reset_index(drop=True),
            areas=areas if Kind.BLOCK in kinds else without_parts(areas),
            map_files={kind: one for kind, one in release.map_files.items() if kind in kinds},
        )

    def archive(self, release: Release) -> bytes:
        """Give a whole release as ZIP: to whom parts do not exist, a package of the rest."""
        if self.may_plan:
            return zip_bytes(release)
        with tempfile.TemporaryDirectory() as scratch:
            directory = Path(scratch) / release.path.name
            return zip_bytes(write_public_part(self.cut(release), directory))


def sight_of(headers: Mapping[str, str], city: str) -> Sight:
    """Learn what whoever sent a request may see of a city."""
    return Sight(person_of(headers, city).roles & _ROLES)
