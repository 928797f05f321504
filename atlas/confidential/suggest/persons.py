"""A register of persons to a suggested layout: names of columns alone, no value of anybody."""

from atlas.confidential.suggest.lines import (
    Sample,
    Town,
    area_settings,
    file_lines,
    form_lines,
    place_lines,
    who,
)
from atlas.confidential.suggest.register import Register
from atlas.confidential.suggest.suggestion import Line, Suggestion, Value
from atlas.confidential.suggest.table import Table

_FORM = ("sheet", "delimiter", "skip_rows", "header_rows")
_GERMAN = "000"  # in the registers of residents


def suggestion_of_register(
    sample: Sample, town: Town, table: Table, found: Register
) -> Suggestion:
    """Write a register as a layout."""
    lines = [*who(sample, town, table, "persons"), *file_lines(sample, table, None)]
    lines += _way_to_a_place(table, town, found)
    lines += [one for one in form_lines(sample, table) if one.key in _FORM]
    if found.unplaced:
        lines.append(Line("unplaced", found.unplaced, "übliche Schlüssel für ohne Ort"))
    left = []
    if found.has_unknown:
        left.append(
            "manche Zeilen haben einen Gebietsschlüssel, den die Grenzen nicht kennen: Stehen "
            "sie für „ohne Ort“, den Schlüssel in unplaced nennen"
        )
    return Suggestion(
        title=(f"Vorschlag von atlas layout nach {sample.name}: ein Register.",),
        lines=tuple(lines),
        columns=tuple(_columns(table, found)),
        measures=tuple(_measures(table, town, found)),
        left=tuple(left),
        new_measures={} if "refugees" in town.measures.by_name else _new(found),
    )


def _way_to_a_place(table: Table, town: Town, found: Register) -> list[Line]:
    if found.x is not None:
        return _of_coordinates(town)
    if found.area is not None or found.person is None:
        return place_lines(table, ())
    doubt = "ohne eigenen Ort: den kennt das Register mit demselben Personenschlüssel"
    known = town.registers[0] if town.registers else "einwohner"
    return [Line("place_from", known, doubts=(doubt,))]


def _of_coordinates(town: Town) -> list[Line]:
    kinds = [str(kind) for kind, _ in town.places.kinds]
    doubt = "Koordinaten im Koordinatensystem der Stadt; sonst crs nennen"
    return [Line("kind", kinds[0] if kinds else "quartier", doubts=(doubt,))]


def _columns(table: Table, found: Register) -> list[Line]:
    nation: dict[str, Value] = {"role": "code", "is_mandatory": True}
    codes = [found.second_nation, *found.codes]
    return [
        *_place_columns(table, found),
        *_one(table, found.person, "person", "aufbewahrt wird nur ein Hash mit Schlüssel"),
        *_birth(table, found),
        *_one(table, found.age, "age"),
        *([] if found.nation is None else [Line(table.name(found.nation), nation)]),
        *(line for at in codes for line in _one(table, at, "code")),
    ]


def _one(table: Table, position: int | None, role: str, note: str = "") -> list[Line]:
    return [] if position is None else [Line(table.name(position), {"role": role}, note)]


def _birth(table: Table, found: Register) -> list[Line]:
    if found.birth is None:
        return []
    settings = {"role": "birth_date", "format": found.birth_format}
    return [Line(table.name(found.birth), settings, "aufbewahrt wird nur das Alter")]


def _place_columns(table: Table, found: Register) -> list[Line]:
    if found.x is not None and found.y is not None:
        return [*_one(table, found.x, "x"), *_one(table, found.y, "y")]
    if found.area is None:
        return []
    if table.area is not None:
        return [Line(table.name(found.area), area_settings(table.area.reading))]
    doubts = ("nach dem Namen der Spalte geraten",)
    return [Line(table.name(found.area), {"role": "area"}, doubts=doubts)]


def _measures(table: Table, town: Town, found: Register) -> list[Line]:
    known = town.measures.by_concept
    if found.area is None and found.x is None:
        doubt = "wen diese Quelle zählt, sagt keine Datei; hier jede Person, die in ihr steht"
        return [
            Line(
                town.measures.by_name.get("refugees", "refugees"), "every_row", doubts=(doubt,)
            )
        ]
    lines = [Line(known.get("residents", "residents"), "every_row")]
    if found.nation is not None and "migrants" in known:
        conditions: list[dict[str, Value]] = [{table.name(found.nation): {"not_in": [_GERMAN]}}]
        if found.second_nation is not None:
            conditions.append({table.name(found.second_nation): {"is_filled": True}})
        doubt = f"wer zählt, sagt keine Datei; hier alle ohne den Schlüssel {_GERMAN}"
        lines.append(Line(known["migrants"], conditions, doubts=(doubt,)))
    return lines


def _new(found: Register) -> dict[str, str]:
    """Measure of a register without place, where the city has none for it yet."""
    return {"refugees": "Geflüchtete"} if found.area is None and found.x is None else {}
