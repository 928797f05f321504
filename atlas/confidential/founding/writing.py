"""The directory of a new city: six TOML files and a copy of its boundaries."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from atlas.confidential.founding.files import Answers, Drafted, draft_files
from atlas.confidential.founding.look import Look
from atlas.confidential.suggest import slug
from atlas.errors import ConfigError
from atlas.home import write_file


def draft_city(
    city_dir: Path, look: Look, answers: Answers, boundaries: Sequence[Path]
) -> Drafted:
    """Draft the files of a city and write them; errors as ``write_city``."""
    drafted = draft_files(look, answers, slug(answers.name))
    write_city(city_dir, drafted, boundaries)
    return drafted


def write_city(city_dir: Path, drafted: Drafted, boundaries: Sequence[Path]) -> None:
    """Write the files of a city; boundaries are copied with what belongs to them.

    Raises
    ------
    ConfigError
        If there is a city already, or the directory cannot be written.
    """
    if (city_dir / "city.toml").exists():
        raise ConfigError(
            f"Ordner {city_dir.name}: hat schon eine city.toml. Erwartet: ein neuer Ordner. "
            "Was da ist, bleibt, wie es ist."
        )
    try:
        geodata = city_dir / "geodata"
        geodata.mkdir(parents=True, exist_ok=True)
        for path in boundaries:
            for part in _parts(path):
                shutil.copyfile(part, geodata / part.name)
        for name, text in drafted.texts.items():
            write_file(city_dir / name, text.encode())
    except OSError:
        raise ConfigError(
            f"Ordner {city_dir.name}: nicht anlegbar oder nicht beschreibbar. Erwartet: ein "
            "Ordner mit Schreibrecht."
        ) from None


def _parts(path: Path) -> list[Path]:
    """Find a file and those of its name beside it, of which a shapefile has several."""
    if path.suffix.lower() not in (".shp", ".tab", ".mif"):
        return [path]
    return sorted(
        one for one in path.parent.iterdir() if one.stem == path.stem and one.is_file()
    )
