"""A new city from uploads: the same steps as ``atlas new-city``, all of it told at once."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from streamlit.runtime.uploaded_file_manager import UploadedFile

from atlas.confidential.aside import name_objection
from atlas.confidential.desk import open_desk, today
from atlas.confidential.founding import (
    Answers,
    Areas,
    check_everything,
    draft_city,
    look_at_areas,
    look_at_samples,
    probes_of,
    publish_first,
)
from atlas.confidential.suggest import slug
from atlas.desk.settings import Silent
from atlas.errors import ConfigError, DeliveryError
from atlas.home import Home
from atlas.words import counted


@dataclass(frozen=True)
class Founded:
    """What came of it.

    Attributes
    ----------
    unknown
        What nobody could know from the files.
    faults
        One sentence per thing that is wrong.
    """

    directory: Path
    unknown: tuple[str, ...]
    faults: tuple[str, ...]
    published: tuple[str, ...]

    @property
    def summary(self) -> str:
        """All of it in one sentence."""
        released = f" Veröffentlicht: {', '.join(self.published)}." if self.published else ""
        faults = counted(len(self.faults), "Fehler", "Fehler") if self.faults else "kein Fehler"
        return f"Stadt angelegt in {self.directory}; {faults}.{released}"


def found_city(
    home: Home,
    boundaries: Sequence[UploadedFile],
    samples: Sequence[UploadedFile],
    answers: Answers,
) -> Founded:
    """Draft, check and publish a city once, below ``config/`` of the home directory.

    Raises
    ------
    ConfigError
        If boundaries or the name are missing, or there is such a city already.
    """
    if not (boundaries and answers.name.strip()):
        raise ConfigError(
            "Neue Stadt: Name oder Grenzen fehlen. Erwartet: ein Name und mindestens eine "
            "Datei mit Grenzen."
        )
    city_dir = home.root / "config" / slug(answers.name)
    with tempfile.TemporaryDirectory() as scratch:
        borders = list(kept(Path(scratch) / "grenzen", boundaries))
        probes = list(kept(Path(scratch) / "proben", samples))
        areas = look_at_areas(borders, probes, today())
        look = look_at_samples(areas, probes, (answers.key, answers.name), today())
        drafted = draft_city(city_dir, look, _answered(answers, areas), borders)
        found = check_everything(city_dir, probes_of(look, None), today())
        faults, published = [*look.refused, *found], list[str]()
        if probes_of(look, None) and not found.of_city:
            office = open_desk(city_dir, Home(city_dir / "var"), Silent())
            result, refused = publish_first(office, probes_of(look, None))
            faults += [one for one in (*refused, *map(str, result.errors)) if one not in faults]
            published = [release.info.name for release in result.published]
    return Founded(city_dir, drafted.unknown, tuple(faults), tuple(published))


def _answered(answers: Answers, areas: Areas) -> Answers:
    """Call an area as the program guesses, where nobody says how."""
    one, many, _ = next(found for found in areas.layers if found.kind == "quartier").labels
    return replace(answers, label=answers.label or one, plural=answers.plural or many)


def kept(folder: Path, given: Sequence[UploadedFile]) -> Iterator[Path]:
    """Lay uploads into a new folder, under names that can be shown."""
    folder.mkdir()
    for one in given:
        path = folder / Path(one.name).name
        if objection := name_objection(path):
            raise DeliveryError(objection)
        path.write_bytes(one.getbuffer())
        yield path
