"""``<city>/*.toml`` to frozen, checked models; knows no data.

Parsed once; inside the package only these objects travel. A message names file, table and key,
never a value.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from atlas.config._messages import model_sentence, model_sentences, toml_sentence
from atlas.config._model import Model
from atlas.config.access import Access, Grants, Provider, Proxy
from atlas.config.areas import Areas, Crosswalk, Edition, Layer
from atlas.config.base_map import BaseMap
from atlas.config.city import Breaks, City, WebOrigin
from atlas.config.columns import Column
from atlas.config.context import POINTS, ContextLayer, MapContext, PupilColumns, Shows
from atlas.config.deliveries import Deliveries, Layout, Rule, split_item
from atlas.config.groups import Ages, Condition, GroupRule, Membership, Population
from atlas.config.indicators import Indicator, Indicators, Measure, Term, parse_term
from atlas.config.levels import Exclusion, Levels, Rules
from atlas.config.open_data import LICENCES, OpenData
from atlas.config.protection import ProtectionRules
from atlas.config.reports import Report, Reports, Section, require_known
from atlas.config.scale import Part, Scale, Theme
from atlas.config.subscriptions import Mail, Rhythm, Subscription, Subscriptions
from atlas.config.whole import CityConfig, PublishedConfig
from atlas.errors import ConfigError

__all__ = [
    "Access",
    "Ages",
    "Areas",
    "BaseMap",
    "Breaks",
    "City",
    "CityConfig",
    "Column",
    "POINTS",
    "Condition",
    "ContextLayer",
    "Crosswalk",
    "Deliveries",
    "Edition",
    "Exclusion",
    "Grants",
    "GroupRule",
    "LICENCES",
    "Indicator",
    "Indicators",
    "Layer",
    "Layout",
    "Levels",
    "Mail",
    "MapContext",
    "Measure",
    "Membership",
    "Model",
    "OpenData",
    "Part",
    "Population",
    "ProtectionRules",
    "PupilColumns",
    "Provider",
    "Proxy",
    "PublishedConfig",
    "Report",
    "Reports",
    "Rhythm",
    "Rule",
    "Rules",
    "Scale",
    "Section",
    "Shows",
    "Subscription",
    "Subscriptions",
    "Term",
    "Theme",
    "WebOrigin",
    "load_access",
    "load_city",
    "load_levels",
    "load_reports",
    "load_subscriptions",
    "load_texts",
    "parse_term",
    "read_parts",
    "read_scale",
    "split_item",
    "with_levels",
]

_PROJECT_DIR = Path(__file__).resolve().parents[2]
_FILES: dict[str, type[Model]] = {
    "city": City,
    "areas": Areas,
    "indicators": Indicators,
    "levels": Levels,
    "protection": ProtectionRules,
    "deliveries": Deliveries,
}
# Files that a city may have besides.
_OPTIONAL: dict[str, type[Model]] = {"context": MapContext}
_Config = TypeVar("_Config", bound=Model)


def find_city_dir(city: str) -> Path:
    """Directory of a city: a name under ``config/`` or a path to its TOML files.

    Raises
    ------
    ConfigError
        If there is no such directory.
    """
    for path in (_PROJECT_DIR / "config" / city, Path(city)):
        if (path / "city.toml").is_file():
            return path.resolve()
    known = ", ".join(sorted(p.parent.name for p in _PROJECT_DIR.glob("config/*/city.toml")))
    raise ConfigError(
        f"Stadt {city}: keine city.toml gefunden. Erwartet: ein Name unter config/ ({known}) "
        "oder ein Ordner mit den TOML-Dateien. Angabe --city prüfen."
    )


def geodata_dir(city_dir: Path) -> Path:
    """Find a city's boundaries: ``geodata/<city>/`` of the project, or beside its TOML."""
    if city_dir.parent == _PROJECT_DIR / "config":
        return _PROJECT_DIR / "geodata" / city_dir.name
    return city_dir / "geodata"


def load_city(city_dir: Path) -> CityConfig:
    """Read and check the TOML files of a city.

    Raises
    ------
    ConfigError
        Naming file, table and key.
    """
    parts = {
        name: _read_file(city_dir / f"{name}.toml", model)
        for name, model in _files_of(city_dir).items()
    }
    try:
        return CityConfig.model_validate(parts)
    except ValidationError as error:
        raise ConfigError(f"Konfiguration {city_dir.name}: {model_sentence(error)}") from None


def read_parts(city_dir: Path) -> tuple[dict[str, Model], tuple[str, ...]]:
    """Read every file of a city on its own, so that no fault hides another.

    Returns
    -------
    The files that are right, by name without suffix; and one German sentence per fault of the
    others, or of all of them together.
    """
    parts: dict[str, Model] = {}
    faults: list[str] = []
    for name, model in _files_of(city_dir).items():
        path = city_dir / f"{name}.toml"
        place = _place_of(path)
        try:
            parts[name] = model.model_validate(_content_of(path))
        except ConfigError as error:
            faults.append(str(error))
        except ValidationError as error:
            faults += [f"{place}, {sentence}" for sentence in model_sentences(error)]
    if not faults:
        try:
            CityConfig.model_validate(parts)
        except ValidationError as error:
            place = f"Konfiguration {city_dir.name}"
            faults += [f"{place}: {sentence}" for sentence in model_sentences(error)]
    return parts, tuple(faults)


def _files_of(city_dir: Path) -> dict[str, type[Model]]:
    there = {name for name in _OPTIONAL if (city_dir / f"{name}.toml").exists()}
    return _FILES | {name: _OPTIONAL[name] for name in sorted(there)}


def load_levels(path: Path) -> Levels:
    """Read one ``levels.toml`` that belongs to no city, e.g. for a trial.

    Raises
    ------
    ConfigError
        Naming file, table and key.
    """
    return _read_file(path, Levels)


def load_access(path: Path) -> Access:
    """Read who may sign in to a server.

    Raises
    ------
    ConfigError
        Naming file, table and key.
    """
    return _read_file(path, Access)


def load_reports(city_dir: Path, config: CityConfig) -> Reports:
    """Read the papers that a city puts together itself; none without the file.

    Raises
    ------
    ConfigError
        Naming file and key, or what the city does not have.
    """
    path = city_dir / "reports.toml"
    if not path.exists():
        return Reports(format=1)
    reports = _read_file(path, Reports)
    try:
        require_known(reports, config)
    except ValueError as error:
        raise ConfigError(f"{_place_of(path)}, {error}") from None
    return reports


def load_subscriptions(city_dir: Path) -> Subscriptions:
    """Read who regularly gets what; nobody without the file.

    Raises
    ------
    ConfigError
        Naming file, table and key.
    """
    path = city_dir / "subscriptions.toml"
    return _read_file(path, Subscriptions) if path.exists() else Subscriptions(format=1)


def load_texts(city_dir: Path, report: Report) -> dict[str, str]:
    """Read what people wrote for a report, by the name of the file in ``reports/``.

    Raises
    ------
    ConfigError
        Naming a file that is missing or is no text.
    """
    names = dict.fromkeys(one.text for one in report.sections if one.text)
    return {name: _text_of(city_dir / "reports" / name) for name in names}


def with_levels(config: PublishedConfig, levels: Levels) -> PublishedConfig:
    """Put other levels in place of a city's own.

    Raises
    ------
    ConfigError
        If they name an indicator that the city does not have.
    """
    try:
        return PublishedConfig.model_validate(
            {name: getattr(config, name) for name in PublishedConfig.model_fields}
            | {"levels": levels}
        )
    except ValidationError as error:
        raise ConfigError(f"Konfiguration {config.city.id}: {model_sentence(error)}") from None


def read_scale(table: Mapping[str, object]) -> Scale:
    """Check what would stand under ``[need.<group>]``.

    Raises
    ------
    ConfigError
        Naming the key.
    """
    try:
        return Scale.model_validate(table)
    except ValidationError as error:
        raise ConfigError(f"Einstufung: {model_sentence(error)}") from None


def _read_file(path: Path, model: type[_Config]) -> _Config:
    try:
        return model.model_validate(_content_of(path))
    except ValidationError as error:
        raise ConfigError(f"{_place_of(path)}, {model_sentence(error)}") from None


def _place_of(path: Path) -> str:
    return f"Konfiguration {path.parent.name}/{path.name}"


def _content_of(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{_place_of(path)}: {toml_sentence(error)}") from None


def _text_of(path: Path) -> str:
    place = _place_of(path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{place}: Datei fehlt. Siehe docs/neue-stadt.md.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{place}: kein UTF-8. Datei als UTF-8 speichern.") from None
    except OSError:
        raise ConfigError(f"{place}: nicht lesbar. Dateirechte prüfen.") from None
