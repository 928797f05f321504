"""Lines of a layout that registers and tables of counts have in common."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atlas.confidential.delivery.grid import Grid
from atlas.confidential.suggest.moments import date_in_texts, find_dated_name
from atlas.confidential.suggest.places import Gazetteer, Reading
from atlas.confidential.suggest.suggestion import Line, Value
from atlas.confidential.suggest.table import Table
from atlas.confidential.suggest.vocabulary import Measures, slug
from atlas.terms import Kind
from atlas.words import day_text, first_few

_SHOWN = 5
_LONGEST_LABEL = 100


@dataclass(frozen=True)
class Sample:
    """A file that a layout is wanted for, and the names of all its sheets."""

    name: str
    grid: Grid
    sheets: tuple[str, ...]
    today: date


@dataclass(frozen=True)
class Town:
    """What of a city a suggestion is matched against.

    Attributes
    ----------
    registers
        Layouts that know persons by their key, and the place of each.
    """

    places: Gazetteer
    measures: Measures
    editions: tuple[date, ...]
    layout_ids: frozenset[str] = frozenset()
    registers: tuple[str, ...] = ()

    def edition_of(self, day: date) -> date:
        """Edition in force at a date; before the first, the first."""
        return max((one for one in self.editions if one <= day), default=min(self.editions))


def id_of(name: str, taken: frozenset[str]) -> str:
    """Name a layout after its file, without the digits at the end."""
    stem = re.sub(r"[\W_]*[0-9]{2,}.*$", "", name.rpartition(".")[0]) or name.rpartition(".")[0]
    wanted = slug(stem)
    numbers = (wanted, *(f"{wanted}_{n}" for n in range(2, 1_000)))
    return next(one for one in numbers if one not in taken)


def glob_of(name: str) -> str:
    """Pattern of a file name: any digits are others next time."""
    stem, dot, suffix = name.rpartition(".")
    pattern = re.sub(r"[0-9{}][0-9{}._-]*", "*", stem)
    return f"{pattern.rstrip('*')}*{dot}{suffix}"


def who(sample: Sample, town: Town, table: Table, shape: str) -> list[Line]:
    """Name the layout and its source."""
    own = id_of(sample.name, town.layout_ids)
    title = next((one for one in table.frame.titles if len(one) > len("2024")), "")
    stem = sample.name.rpartition(".")[0].replace("_", " ")
    label = title or re.sub(r"[ .-]*[0-9]{2}[0-9 .-]*$", "", stem) or stem
    note = "so sehen Leser*innen die Quelle"
    return [
        Line("id", own),
        Line("source", own),
        Line("label", " ".join(label.split())[:_LONGEST_LABEL], note),
        Line("shape", shape),
    ]


def file_lines(sample: Sample, table: Table, where: str | None) -> list[Line]:
    """Pattern of the file name; ``where`` says in which place of the file the date stands."""
    name = sample.name
    if where is not None:
        return [Line("file", glob_of(name), f"ohne {{date}}: der Stichtag steht {where}")]
    named, told = find_dated_name(name, sample.today), date_told(sample, table)
    if named is None or (told is not None and told.year != named.day.year):
        year = "" if named is None else f", im Dateinamen {named.day.year}"
        return [Line("file", glob_of(name), doubts=(_undated(told, year, name),))]
    doubts: tuple[str, ...] = ()
    if named.format == "%Y":
        doubts = (f"{named.day.year} gilt als {day_text(named.day)}; sonst Datei umbenennen",)
    lines = [Line("file", named.pattern, "{date} ist der Stichtag", doubts)]
    if named.format != "%Y-%m-%d":
        lines.append(Line("file_date", named.format))
    return lines


def date_told(sample: Sample, table: Table) -> date | None:
    """Date that stands in title or head as a text."""
    return date_in_texts((*table.frame.titles, *table.names), sample.today)


def _undated(told: date | None, year: str, name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    wanted = f"{re.sub('[0-9._-]+$', '', stem)}_{{date}}.{suffix}"
    found = "kein Stichtag in Datei und Dateiname"
    if told is not None:
        found = f"in der Datei steht der {day_text(told)}{year}"
    return (
        f"{found}; Dateien mit Datum benennen (file = {wanted}) oder den Stichtag mit --date "
        "angeben"
    )


def place_lines(table: Table, days: Sequence[date], town: Town | None = None) -> list[Line]:
    """Kind of areas, with how many of them the table names; and the edition of the keys."""
    area = table.area
    if area is None:
        doubt = (
            "in keiner Spalte stehen Schlüssel oder Namen der Gebiete; so gilt die Tabelle der "
            "ganzen Stadt"
        )
        return [Line("kind", str(Kind.CITY), doubts=(doubt,))]
    known = area.reading.known
    covered = len(set(area.keys.values()))
    note = f"{covered} von {len(known.keys)} Gebieten des Gebietsstands {known.edition}"
    doubts: tuple[str, ...] = ()
    if covered < len(known.keys):
        absent = sorted(known.keys - set(area.keys.values()))
        doubts = (f"ohne Zeile: {first_few(absent, _SHOWN)}; heißt das null: absent",)
    lines = [Line("kind", str(area.reading.kind), note, doubts)]
    if town is not None and any(town.edition_of(day) != known.edition for day in days):
        lines.append(Line("edition", known.edition, "Schlüssel dieses Gebietsstands"))
    return lines


def area_settings(reading: Reading) -> dict[str, Value]:
    """Keys of the column of areas that its texts need."""
    settings: dict[str, Value] = {"role": "area"}
    if reading.pattern:
        settings["pattern"] = reading.pattern
    if reading.by_name:
        settings["by_name"] = True
    elif reading.width:
        settings["width"] = reading.width
    return settings


def form_lines(sample: Sample, table: Table) -> list[Line]:
    """How the file is written, where it is not as layouts are without a word."""
    grid, frame, spelling = sample.grid, table.frame, table.spelling
    wanted: list[tuple[str, Value, Value]] = [
        ("sheet", grid.sheet if len(sample.sheets) > 1 else "", ""),
        ("delimiter", grid.delimiter or ";", ";"),
        ("decimal", spelling.decimal, ","),
        ("thousands", spelling.thousands, ""),
        ("skip_rows", frame.skip_rows, 0),
        ("header_rows", frame.header_rows, 1),
        ("footer", frame.footer, ""),
        ("signs", spelling.signs, ()),
    ]
    return [Line(key, value) for key, value, usual in wanted if value != usual]
