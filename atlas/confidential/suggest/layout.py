"""A sample to a suggested layout: what was found becomes keys of ``deliveries.toml``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from atlas.confidential.suggest.lines import (
    Sample,
    Town,
    area_settings,
    date_told,
    file_lines,
    form_lines,
    place_lines,
    who,
)
from atlas.confidential.suggest.moments import DatedHead, DatedName, find_dated_name
from atlas.confidential.suggest.other_rows import OtherRows, find_other_rows
from atlas.confidential.suggest.roles import Roles, find_roles, target_of_head
from atlas.confidential.suggest.suggestion import Line, Suggestion, Value
from atlas.confidential.suggest.table import Table, find_table
from atlas.confidential.suggest.vocabulary import CONCEPTS
from atlas.words import counted, day_text, first_few

_MOST_SPARE = 12
_SHOWN = 5


@dataclass(frozen=True)
class Found:
    """Everything that was found in a table of counts.

    Attributes
    ----------
    dropped
        Position of a column that the check refused, with its reason.
    """

    sample: Sample
    town: Town
    table: Table
    roles: Roles
    others: OtherRows
    dropped: Mapping[int, str] = field(default_factory=dict)
    footer: bool = True

    @property
    def context(self) -> str:
        """Title, sheet and file name, one a line."""
        return _context(self.sample, self.table)

    def positions(self) -> list[int]:
        """Columns of numbers that are read."""
        in_head = [at for head in self.roles.heads for at in head.positions]
        chosen = [*self.roles.counts, *self.roles.values, *in_head]
        return [at for at in chosen if at not in self.dropped]


def look_at(sample: Sample, town: Town) -> Found:
    """Find parts, areas, roles and other rows of a table of counts."""
    table = find_table(sample.grid, town.places)
    roles = find_roles(table, town.measures, _context(sample, table), sample.today)
    in_head = [at for head in roles.heads for at in head.positions]
    others = find_other_rows(table, [*roles.counts, *in_head], town.places)
    return Found(sample, town, table, roles, others)


def _context(sample: Sample, table: Table) -> str:
    stem = sample.name.rpartition(".")[0].replace("_", " ")
    return "\n".join([*table.frame.titles, sample.grid.sheet, stem])


def suggestion_of(found: Found) -> Suggestion:
    """Write what was found as a layout."""
    columns = [_area_line(found), *_date_line(found), *_long_lines(found)]
    columns += [*_count_lines(found), *_head_lines(found)]
    named = find_dated_name(found.sample.name, found.sample.today)
    sample, table = found.sample, found.table
    lines = [
        *who(sample, found.town, table, "counts"),
        *file_lines(sample, table, _where(found)),
    ]
    lines += place_lines(table, _days(found), found.town)
    lines += [one for one in form_lines(sample, table) if one.key != "footer" or found.footer]
    lines += _other_lines(found)
    return Suggestion(
        title=_title(found),
        lines=tuple(lines),
        columns=tuple(column for column in columns if column is not None),
        spare=_spare(found),
        day=_day(found, named),
        new_measures=_new_measures(found),
        new_indicators=_new_indicators(found),
    )


def _title(found: Found) -> tuple[str, ...]:
    grid, table = found.sample.grid, found.table
    how = [f"{counted(len(table.frame.rows), 'Zeile', 'Zeilen')} unter dem Kopf"]
    if grid.delimiter:
        shown = {"\t": "Tabulator"}.get(grid.delimiter, grid.delimiter)
        names = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
        how += [f"Trennzeichen „{shown}“", f"Zeichensatz {names[grid.encoding]}"]
    if grid.sheet:
        how.append(f"Tabellenblatt „{grid.sheet}“")
    told = [f"Vorschlag von atlas layout nach {found.sample.name}: {', '.join(how)}."]
    others = [f"„{one}“" for one in found.sample.sheets if one != grid.sheet]
    if others:
        told.append(
            f"Weitere Tabellenblätter: {first_few(others, _SHOWN)} (mit --sheet wählen)."
        )
    return tuple(told)


def _where(found: Found) -> str | None:
    """Say in which place of the file the date stands; None where the file name has it."""
    if found.roles.date is not None:
        return "in jeder Zeile"
    return "im Kopf" if found.roles.heads else None


def _day(found: Found, named: DatedName | None) -> date | None:
    if found.roles.date is not None or found.roles.heads:
        return None
    told = date_told(found.sample, found.table)
    if named is not None and (told is None or told.year == named.day.year):
        return None
    return told


def _days(found: Found) -> list[date]:
    if found.roles.date is not None:
        return sorted(set(found.roles.date.dates.values()))
    if found.roles.heads:
        return sorted({day for head in found.roles.heads for day in head.dates})
    named = find_dated_name(found.sample.name, found.sample.today)
    return [named.day] if named is not None else []


def _other_lines(found: Found) -> list[Line]:
    marks = found.table.marks(found.positions())
    lines = [
        Line("withheld", marks.withheld),
        Line("none", marks.none),
        Line("zero", marks.zero),
        Line("sums", {str(kind): pattern for kind, pattern in found.others.sums.items()}),
        Line("totals", found.others.totals, "stimmt mit der Summe der Gebiete überein"),
        Line("unplaced", found.others.unplaced),
    ]
    kept = [one for one in lines if one.value]
    doubts = [(key, doubt) for key, doubt in found.others.doubts if key != "ignore"]
    doubts += [(_key_of_mark(doubt, kept), doubt) for doubt in marks.doubts]
    return [
        replace(one, doubts=tuple(doubt for key, doubt in doubts if key == one.key))
        for one in kept
    ]


def _key_of_mark(doubt: str, lines: Sequence[Line]) -> str:
    is_none = "gilt als kein Wert" in doubt
    wanted = "none" if is_none else "withheld"
    return next((one.key for one in lines if one.key == wanted), "none")


def _area_line(found: Found) -> Line | None:
    area = found.table.area
    if area is None:
        return None
    settings = area_settings(area.reading)
    if found.table.is_filled_down:
        settings["fill_down"] = True
    doubts: list[str] = []
    if found.others.ignore:
        settings["ignore"] = list(found.others.ignore)
        doubts = [doubt for key, doubt in found.others.doubts if key == "ignore"]
    return Line(found.table.name(area.position), settings, doubts=tuple(doubts))


def _date_line(found: Found) -> list[Line]:
    when = found.roles.date
    if when is None:
        return []
    formats = when.formats if len(when.formats) > 1 else when.formats[0]
    days = sorted(set(when.dates.values()))
    span = (
        day_text(days[0]) if len(days) == 1 else f"{day_text(days[0])} bis {day_text(days[-1])}"
    )
    settings: dict[str, Value] = {"role": "date", "format": formats}
    doubts: tuple[str, ...] = ()
    if found.sample.grid.is_typed and all(day.day == 1 for day in days):
        doubts = (
            'jeder Stichtag ist ein Monatserster; zeigen die Zellen nur den Monat: "%m.%Y"',
        )
    return [Line(found.table.name(when.position), settings, span, doubts)]


def _long_lines(found: Found) -> list[Line]:
    lines = []
    roles, table = found.roles, found.table
    if roles.item is not None:
        items = {text: str(target) for text, target in roles.items.items()}
        note = ""
        if roles.unread:
            shown = first_few([f"„{one}“" for one in roles.unread], _SHOWN)
            note = f"nicht gelesen: {shown}"
        lines.append(Line(table.name(roles.item), {"role": "item", "items": items}, note))
    for one in roles.dimensions:
        settings: dict[str, Value] = {"role": "dimension"}
        if one.ignore:
            settings["ignore"] = list(one.ignore)
        if one.children:
            settings["groups"] = dict.fromkeys(one.children, "u18")
        doubt = "wird über ihre Texte addiert; ist eine Zeile schon Summe, in ignore nennen"
        lines.append(Line(table.name(one.position), settings, doubts=(doubt,)))
    return lines


def _count_lines(found: Found) -> list[Line]:
    lines = []
    for position, target in found.roles.counts.items():
        if position in found.dropped:
            continue
        settings: dict[str, Value] = {"role": "count"}
        if target is not None:
            settings |= {"item": target.item}
            settings |= {"group": target.group} if target.group != "all" else {}
        doubts = ("Kennzahl geraten: keine Spalte sagt, was sie zählt",)
        is_guess = position in found.roles.guessed
        name = found.table.name(position)
        lines.append(Line(name, settings, doubts=doubts if is_guess else ()))
    for position, ready in found.roles.values.items():
        if position not in found.dropped:
            name = found.table.name(position)
            lines.append(Line(name, {"role": "value", "item": ready.item}))
    return lines


def _head_lines(found: Found) -> list[Line]:
    lines = []
    seen = set()
    for head in found.roles.heads:
        target, is_guess = target_of_head(head, found.town.measures, found.context)
        if target in seen:
            continue
        seen.add(target)
        settings = {"role": "count", "item": target.item}
        settings |= {"group": target.group} if target.group != "all" else {}
        settings["format"] = head.format
        doubt = "Kennzahl geraten: Kopf, Titel und Dateiname sagen nicht, was gezählt wird"
        lines.append(Line(head.pattern, settings, _span(head), (doubt,) if is_guess else ()))
    return lines


def _span(head: DatedHead) -> str:
    return f"{day_text(min(head.dates))} bis {day_text(max(head.dates))}"


def _spare(found: Found) -> tuple[str, ...]:
    refused = [f"{found.table.name(at)} ({why})" for at, why in found.dropped.items()]
    names = [found.table.name(at) for at in found.roles.spare]
    told = [*refused, *names]
    more = [f"und {len(told) - _MOST_SPARE} weitere"] if len(told) > _MOST_SPARE else []
    return (*told[:_MOST_SPARE], *more)


def _new_indicators(found: Found) -> dict[str, str]:
    known = set(found.town.measures.ready_made.values())
    read = {at: one for at, one in found.roles.values.items() if at not in found.dropped}
    return {one.item: found.table.name(at) for at, one in read.items() if one.item not in known}


def _new_measures(found: Found) -> dict[str, str]:
    known = {*found.town.measures.by_name.values(), *found.town.measures.by_concept.values()}
    targets = {one.item for one in found.roles.counts.values() if one is not None}
    targets |= {one.item for one in found.roles.items.values()}
    for head in found.roles.heads:
        targets.add(target_of_head(head, found.town.measures, found.context)[0].item)
    labels = {one.id: one.label for one in CONCEPTS}
    return {name: labels.get(name, name) for name in sorted(targets - known)}
