"""A look at boundaries and samples together, before anything is written."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from atlas.confidential.delivery import KnownAreas
from atlas.confidential.delivery.grid import Grid, read_grids
from atlas.confidential.delivery.tables import UnreadableError
from atlas.confidential.founding.boundaries import Districts, Found, districts_in, find_layers
from atlas.confidential.suggest import Gazetteer, Measures, Town, Tried, suggest_layout
from atlas.confidential.suggest.suggestion import Value
from atlas.config import City, Edition, Layer
from atlas.errors import AtlasError, GeographyError
from atlas.geography import Sources, survey_areas
from atlas.geography.load import Survey
from atlas.geography.peek import peek
from atlas.terms import Kind, chain_of

_MOST_WORDS = 50_000
_HEAD_ROWS = 5
_LETTERS = re.compile(r"[^\W\d_]{2}")
_KEY_HEAD = re.compile(r"nr\b|nummer|schl|kennz|code|\bid\b|_id$|\bkey\b", re.IGNORECASE)
_EAST = 12.0  # degrees; beyond it lies UTM zone 33
_NO_KEY = "00000000"


@dataclass(frozen=True)
class Areas:
    """Layers of boundaries as they will stand in ``areas.toml``.

    Attributes
    ----------
    repaired
        Kinds whose shapes are mended on loading.
    notes
        What was mended, and what is narrow.
    places
        Keys and names of every kind, for the samples.
    """

    layers: tuple[Found, ...]
    districts: Districts | None
    crs: str
    edition: date
    places: Gazetteer = field(repr=False)
    repaired: bool = False
    notes: tuple[str, ...] = ()

    def layer_tables(self) -> dict[str, dict[str, Value]]:
        """Tables of the edition, kind by kind from small to large."""
        tables: dict[str, dict[str, Value]] = {}
        for layer in self.layers:
            own: dict[str, Value] = {"file": layer.peek.path.name, **layer.settings}
            if layer.kind == Kind.QUARTIER and self.districts is not None:
                own |= {"parent": self.districts.column} if self.districts.column else {}
            tables[layer.kind] = own | ({"repair": True} if self.repaired else {})
        if self.districts is not None:
            names = dict(self.districts.names)
            tables[str(Kind.DISTRICT)] = {"names": names} if names else {}
        return tables


@dataclass(frozen=True)
class Look:
    """What was seen: areas, and for each sample its layout or why there is none."""

    areas: Areas
    samples: tuple[tuple[Path, Tried], ...]
    refused: tuple[str, ...] = ()

    def items(self) -> frozenset[tuple[str, str]]:
        """Measures and groups that the samples bring."""
        found = set()
        for _, tried in self.samples:
            layout = tried.layout
            found |= {(item, str(group)) for item, group in layout.delivered()}
            groups = ("all", "u18") if layout.has_age() else ("all",)
            found |= {(item, group) for item in layout.measures for group in groups}
        return frozenset(found)

    def names(self, kind: str) -> dict[str, str]:
        """Names that the samples have for the areas of a kind."""
        fitting = [one.names for _, one in self.samples if one.layout.kind == kind]
        return dict(sorted(fitting[0].items())) if fitting else {}

    def first_day(self) -> date | None:
        """Earliest reference date of the samples."""
        days = [day for _, tried in self.samples for day in tried.days]
        return min(days, default=None)


def look_at_areas(boundaries: Sequence[Path], samples: Sequence[Path], today: date) -> Areas:
    """Find out what the files of boundaries hold.

    Raises
    ------
    GeographyError
        If a file is none, or there is no layer of several areas.
    """
    peeks = [one for path in boundaries for one in peek(path)]
    layers = tuple(find_layers(peeks, _words_of(samples)))
    if not any(layer.kind == Kind.QUARTIER for layer in layers):
        names = ", ".join(path.name for path in boundaries)
        raise GeographyError(
            f"Grenzen {names}: keine Ebene mit mehreren Gebieten. Erwartet: die Gebiete, die "
            "eingestuft werden. Andere Datei angeben."
        )
    top = layers[-1]
    districts = districts_in(top) if top.kind == Kind.QUARTIER else None
    edition = date(today.year, 1, 1)
    areas = Areas(layers, districts, _crs_of(layers), edition, Gazetteer(()))
    return _surveyed(areas)


def _words_of(samples: Sequence[Path]) -> frozenset[str]:
    words: set[str] = set()
    for path in samples:
        try:
            grids = read_grids(path)
        except (UnreadableError, OSError):
            continue  # said when its layout is looked for
        for cell in (cell for grid in grids for cell in _naming_cells(grid)):
            words |= {cell, *cell.split(" ", 1)} if len(words) < _MOST_WORDS else set()
    return frozenset(words - {""})


def _naming_cells(grid: Grid) -> Iterator[str]:
    """Cells of columns that may name areas: counts are like many a key."""
    for at in range(grid.width):
        cells = [row[at] for _, row in grid.rows if at < len(row) and row[at]]
        worded = sum(bool(_LETTERS.search(cell)) for cell in cells)
        is_key = any(_KEY_HEAD.search(cell) for cell in cells[:_HEAD_ROWS])
        if at == 0 or is_key or 2 * worded > len(cells):
            yield from dict.fromkeys(cells)


def _crs_of(layers: Sequence[Found]) -> str:
    shapes = layers[0].peek.shapes
    if shapes.crs is None:
        return "EPSG:25832"
    west, _, east, _ = shapes.to_crs(4326).total_bounds
    return "EPSG:25833" if (west + east) / 2 >= _EAST else "EPSG:25832"


def _surveyed(areas: Areas) -> Areas:
    """Load the areas as the atlas will; mend or dissolve where it does not go without."""
    for wanted in _ways(areas):
        try:
            survey = _survey(wanted)
        except GeographyError:
            continue  # said when everything is checked together
        kinds = [Kind(kind) for kind in wanted.layer_tables()]
        known = [(kind, KnownAreas.of(survey.areas, kind, wanted.edition)) for kind in kinds]
        return replace(wanted, places=Gazetteer(tuple(known)), notes=survey.notes)
    return replace(areas, places=_unproven(areas))


def _ways(areas: Areas) -> Iterator[Areas]:
    """Ways to read the boundaries, each only where none before it succeeds."""
    yield areas
    yield replace(areas, repaired=True)
    if (dissolved := _without_own_districts(areas)) is not None:
        yield dissolved
        yield replace(dissolved, repaired=True)


def _without_own_districts(areas: Areas) -> Areas | None:
    """Larger areas made of the smaller ones, with the names that their file has."""
    quartier, *larger = [one for one in areas.layers if one.kind != Kind.BLOCK]
    if len(larger) != 1:
        return None
    own = larger[0]
    name = str(own.settings.get("name", own.settings["key"]))
    names = dict(zip(own.keys, own.peek.columns[name], strict=False))
    if not {"parent", "parent_pattern"} & set(quartier.settings):
        return None
    layers = tuple(one for one in areas.layers if one is not own)
    told = {key: text for key, text in names.items() if key != text}
    return replace(areas, layers=layers, districts=Districts("", told))


def _survey(areas: Areas) -> Survey:
    tables = areas.layer_tables()
    layers = {kind: Layer.model_validate(table) for kind, table in tables.items()}
    edition = Edition.model_validate({"id": areas.edition, **layers})
    edition.order(chain_of([*tables, Kind.CITY]))
    city = City(format=1, id="x", key=_NO_KEY, name="x", title="x", crs=areas.crs)
    folders = tuple({layer.peek.path.parent: None for layer in areas.layers})
    return survey_areas(city, edition, Sources(folders, None))


def _unproven(areas: Areas) -> Gazetteer:
    """Keys and names as the files have them, where the shapes are at fault."""
    kinds = []
    for layer in areas.layers:
        name = layer.settings.get("name")
        texts = layer.peek.columns[str(name)] if name else list(layer.keys)
        names: Mapping[str, str] = dict(zip(texts, layer.keys, strict=False))
        known = KnownAreas(areas.edition, frozenset(layer.keys), names)
        kinds.append((Kind(layer.kind), known))
    return Gazetteer(tuple(kinds))


def look_at_samples(
    areas: Areas, samples: Sequence[Path], city: tuple[str, str], today: date
) -> Look:
    """Suggest a layout for every sample; ``city`` is its key and name."""
    places = replace(areas.places, city_key=city[0], city_name=city[1])
    found: list[tuple[Path, Tried]] = []
    refused: list[str] = []
    for path in samples:
        taken = frozenset(tried.layout.id for _, tried in found)
        registers = tuple(
            tried.layout.id
            for _, tried in found
            if tried.layout.column_of("person") is not None and not tried.layout.place_from
        )
        town = Town(places, Measures.open(), (areas.edition,), taken, registers)
        try:
            found.append((path, suggest_layout(path, town, today)))
        except AtlasError as error:
            refused.append(str(error))
    look = Look(areas, tuple(found), tuple(refused))
    first = look.first_day()
    if first is not None and date(first.year, 1, 1) != areas.edition:
        return look_at_samples(_of_edition(areas, date(first.year, 1, 1)), samples, city, today)
    return look


def _of_edition(areas: Areas, edition: date) -> Areas:
    kinds = tuple((kind, replace(known, edition=edition)) for kind, known in areas.places.kinds)
    return replace(areas, edition=edition, places=replace(areas.places, kinds=kinds))
