"""Everything about a city checked together: configuration, boundaries, samples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import geopandas as gpd

from atlas.confidential.delivery import (
    KnownAreas,
    Request,
    Severity,
    claimed_date,
    describe,
    read_delivery,
    recognise,
)
from atlas.confidential.founding.look import Look
from atlas.config import (
    Areas,
    City,
    Deliveries,
    Indicators,
    Layout,
    MapContext,
    Model,
    ProtectionRules,
    geodata_dir,
    read_parts,
)
from atlas.errors import AtlasError, ConfigError, GeographyError
from atlas.geography import BoundaryError, Sources, load_context, survey_areas

_NO_KEY = bytes(32)  # nothing that is read here is kept


@dataclass(frozen=True)
class Probe:
    """A sample, the id of its layout (empty: by the file name), a date that no place says."""

    path: Path
    layout_id: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Faults:
    """German sentences: on configuration and boundaries, and on samples.

    ``pictures`` are SVG of what is wrong with the boundaries of an edition.
    """

    of_city: tuple[str, ...]
    of_samples: tuple[str, ...]
    pictures: Mapping[date, str] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[str]:
        return iter((*self.of_city, *self.of_samples))


def probes_of(look: Look, day: date | None) -> list[Probe]:
    """Take the samples that were recognised as deliveries; ``day`` for those that say none."""
    return [
        Probe(path, tried.layout.id, tried.suggestion.day or (None if tried.days else day))
        for path, tried in look.samples
    ]


def check_everything(city_dir: Path, probes: Sequence[Probe], today: date) -> Faults:
    """Collect every fault of a city; none hides another that can be told without it."""
    parts, faults = read_parts(city_dir)
    areas, wrong, pictures = _areas(parts, city_dir)
    samples: list[str] = []
    for probe in probes:
        samples += _of_sample(probe, parts, areas, today)
    return Faults((*faults, *wrong), tuple(samples), pictures)


def _areas(
    parts: Mapping[str, Model], city_dir: Path
) -> tuple[dict[date, gpd.GeoDataFrame], list[str], dict[date, str]]:
    """Areas of each edition that can be read; what is wrong with the others, also drawn."""
    city, areas = parts.get("city"), parts.get("areas")
    found: dict[date, gpd.GeoDataFrame] = {}
    faults: list[str] = []
    pictures: dict[date, str] = {}
    if not isinstance(city, City) or not isinstance(areas, Areas):
        return found, faults, pictures
    for edition in areas.editions:
        try:
            survey = survey_areas(city, edition, Sources([geodata_dir(city_dir)], None))
            found[edition.id] = survey.areas
            faults += _of_context(parts, city_dir, survey.areas)
        except (GeographyError, ConfigError) as error:
            faults.append(str(error))
            if isinstance(error, BoundaryError) and error.picture:
                pictures[edition.id] = error.picture
    return found, faults, pictures


def _of_context(
    parts: Mapping[str, Model], city_dir: Path, areas: gpd.GeoDataFrame
) -> Iterator[str]:
    city, context, rules = (parts.get(name) for name in ("city", "context", "protection"))
    if not (isinstance(city, City) and isinstance(context, MapContext)):
        return
    if isinstance(rules, ProtectionRules):
        try:
            load_context(city, context, areas, Sources([geodata_dir(city_dir)], None), rules)
        except GeographyError as error:
            yield str(error)


def _of_sample(
    probe: Probe,
    parts: Mapping[str, Model],
    areas: Mapping[date, gpd.GeoDataFrame],
    today: date,
) -> Iterator[str]:
    deliveries, told = parts.get("deliveries"), parts.get("areas")
    if not isinstance(deliveries, Deliveries) or not isinstance(told, Areas):
        name = probe.path.name
        yield f"Lieferung {name}: nicht geprüft, solange die Konfiguration Fehler hat."
        return
    try:
        layout = _layout(probe, deliveries)
        claimed = probe.day or claimed_date(probe.path, layout)
    except AtlasError as error:
        yield str(error)
        return
    indicators = parts.get("indicators")
    nesting = indicators.nesting() if isinstance(indicators, Indicators) else {}
    holders = indicators.holders() if isinstance(indicators, Indicators) else {}
    request = Request(
        layout=layout,
        claimed=claimed,
        hash_key=_NO_KEY,
        areas=lambda day: _known(layout, told, areas, day),
        nesting=nesting,
        holders=holders,
        today=today,
    )
    for one in read_delivery(probe.path, request).everything():
        if one.severity is not Severity.INFO:
            yield describe(one, probe.path.name)


def _layout(probe: Probe, deliveries: Deliveries) -> Layout:
    named = [one for one in deliveries.layouts if one.id == probe.layout_id]
    found = named[0] if named else recognise(probe.path, deliveries.layouts)
    if found is None:
        patterns = ", ".join(one.file for one in deliveries.layouts if one.file)
        raise ConfigError(
            f"Lieferung {probe.path.name}: kein Layout passt zum Dateinamen. Erwartet: "
            f"{patterns}. Mit atlas layout eines vorschlagen lassen."
        )
    return found


def _known(
    layout: Layout, told: Areas, areas: Mapping[date, gpd.GeoDataFrame], day: date
) -> KnownAreas | None:
    edition = layout.edition or told.edition_of(day).id
    frame = areas.get(edition)
    if frame is None or layout.kind is None:
        return None
    return KnownAreas.of(frame, layout.kind, edition)
