"""A suggestion appended to the files of a city: both files or none."""

from pathlib import Path

from atlas.confidential.suggest.suggestion import Suggestion
from atlas.config import load_city
from atlas.errors import ConfigError
from atlas.home import write_file


def append_to_city(city_dir: Path, suggestion: Suggestion) -> tuple[str, ...]:
    """Append a layout to ``deliveries.toml`` and the measures it needs to ``indicators.toml``.

    Returns
    -------
    Names of the files that were changed.

    Raises
    ------
    ConfigError
        If the configuration would not be whole with it; both files are as they were.
    """
    additions = {
        "indicators.toml": suggestion.measures_text(),
        "deliveries.toml": suggestion.text(),
    }
    paths = {city_dir / name: text for name, text in additions.items() if text}
    before = {path: path.read_bytes() for path in paths}
    try:
        for path, text in paths.items():
            write_file(path, before[path].rstrip() + b"\n\n" + text.encode())
        load_city(city_dir)
    except ConfigError:
        for path, content in before.items():
            write_file(path, content)
        raise
    return tuple(path.name for path in paths)
