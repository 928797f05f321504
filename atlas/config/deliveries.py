"""``deliveries.toml``: what each source sends, and when."""

import re
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from atlas.config._model import Identifier, KindName, Model
from atlas.config.columns import Column, Role, check_date_format, check_pattern
from atlas.config.groups import Condition, Conditions
from atlas.terms import Group, Kind

_UNIQUE_ROLES: tuple[Role, ...] = (
    "area",
    "address",
    "x",
    "y",
    "person",
    "birth_date",
    "age",
    "date",
    "item",
)
_FILE_DIRECTIVES = frozenset({"%Y", "%y", "%m", "%d"})
_STORED_NAMES = frozenset({"area_id", "person", "age"})


class Checks(Model):
    """What is expected of a delivery while there is no past to learn from."""

    share_min: float = Field(
        default=0.1, ge=0, le=100, description="Kleinster Anteil einer Kennzahl, Prozent"
    )
    share_max: float = Field(
        default=95, ge=0, le=100, description="Größter Anteil einer Kennzahl, Prozent"
    )
    shares: dict[Identifier, tuple[float, float]] = Field(
        default_factory=dict,
        description="Kennzahl auf kleinsten und größten Anteil an den Einwohner*innen der "
        "Stadt, Prozent, statt share_min und share_max",
    )
    link_min: float = Field(
        default=50,
        ge=0,
        le=100,
        description="Bei place_from: Prozent der Personen, die das Register des Ortes kennt",
    )
    seen_min: float = Field(
        default=50,
        ge=0,
        le=100,
        description="Prozent der Personen der ersten Lieferung, die in der zweiten wieder "
        "stehen; später lernt der Atlas die Grenze",
    )
    constant: tuple[str, ...] = Field(
        default=(), description="Spalten role = code, die nur einen Schlüssel haben dürfen"
    )


Rule = Literal["every_row"] | Conditions


class Layout(Model):
    """How one kind of delivery looks and when it is due."""

    id: Identifier = Field(description="Name des Layouts")
    source: Identifier = Field(description="Quelle, z. B. ewo, sgb2")
    label: str = Field(description="Bezeichnung der Quelle")
    supplier: str = Field(default="", description="Liefernde Stelle")
    shape: Literal["persons", "counts"] = Field(
        description="persons: eine Zeile je Person; counts: Anzahlen je Gebiet"
    )
    file: str = Field(
        default="", description="Dateiname mit {date} als Platz des Stichtags; * erlaubt"
    )
    table: str = Field(default="", description="Statt file: Tabelle oder Sicht einer Datenbank")
    database: str = Field(
        default="ATLAS_DATABASE_URL",
        description="Bei table: Name der Umgebungsvariablen mit der Ibis-URL der Datenbank",
    )
    file_date: str = Field(default="%Y-%m-%d", description="Datumsformat im Dateinamen")
    kind: KindName | None = Field(default=None, description="Gebietsart der Schlüssel")
    place_from: Identifier | None = Field(
        default=None, description="Layout, das über den Personenschlüssel den Ort gibt"
    )
    addresses: str = Field(
        default="",
        description="Bei role = address: CSV unter geodata/ mit address und area_id",
    )
    crs: str = Field(
        default="",
        description="Bei role = x und y: Koordinatensystem; leer: das der Stadt",
    )
    edition: date | None = Field(
        default=None, description="Gebietsstand der Schlüssel; leer: der zum Stichtag geltende"
    )
    is_required: bool = Field(
        default=True, description="Ohne sie bleibt der Stichtag vorläufig"
    )
    is_announced: bool = Field(
        default=False,
        description="Wird erst genommen, wenn die Kontrolldatei NAME.ok daneben liegt",
    )
    first_date: date | None = Field(
        default=None, description="Vorher liegt die Quelle nicht vor"
    )
    last_date: date | None = Field(default=None, description="Nachher liegt sie nicht vor")
    days_before: int = Field(
        default=0,
        ge=0,
        description="Dient einem Stichtag auch, wenn sie so viele Tage vorher gilt; von "
        "mehreren die letzte",
    )
    days_after: int = Field(
        default=0, ge=0, description="Dient einem Stichtag auch so viele Tage danach"
    )
    is_series: bool = Field(
        default=False,
        description="Jede Lieferung wird für sich veröffentlicht, allein für die Stadt",
    )
    due_days: int = Field(
        default=30, ge=0, description="Fällig so viele Tage nach dem Stichtag"
    )
    retention_days: int | None = Field(
        default=None, ge=0, description="Aufbewahrung der Zeilen"
    )
    delimiter: str = Field(
        default=";", min_length=1, max_length=1, description="Trennzeichen der Felder (CSV)"
    )
    decimal: Literal[",", "."] = Field(default=",", description="Dezimalzeichen")
    thousands: Literal["", ".", ",", " ", "'"] = Field(
        default="", description="Tausendertrennzeichen; leer: keines erlaubt"
    )
    sheet: str = Field(
        default="",
        description="Tabellenblatt, * erlaubt; leer: das erste, das nicht ausgeblendet ist",
    )
    skip_rows: int = Field(default=0, ge=0, description="Titelzeilen über dem Kopf")
    header_rows: int = Field(
        default=1, ge=1, description="Zeilen des Kopfes; ihre Texte werden mit „ / “ verbunden"
    )
    footer_rows: int = Field(default=0, ge=0, description="Fußnotenzeilen unter der Tabelle")
    footer: str = Field(
        default="", description="Beginn der Zeile, mit der die Tabelle zu Ende ist"
    )
    signs: tuple[str, ...] = Field(
        default=(),
        description="Zeichen hinter oder vor einer Zahl, die ihre Güte nennen; „()“: Klammern",
    )
    sums: dict[KindName, str] = Field(
        default_factory=dict,
        description="Größere Gebietsart auf einen regulären Ausdruck für ihre Zeilen; sie "
        "werden mit der Summe ihrer Gebiete verglichen und nicht gezählt",
    )
    totals: tuple[str, ...] = Field(
        default=(),
        description="Schlüssel der Summenzeilen, die geprüft und nicht gezählt werden",
    )
    unplaced: tuple[str, ...] = Field(
        default=(), description="Gebietsschlüssel, die für „nicht zuordenbar“ stehen"
    )
    absent: Literal["missing", "zero"] = Field(
        default="missing", description="Was ein Gebiet ohne Zeile heißt: fehlend oder null"
    )
    withheld: tuple[str, ...] = Field(default=(), description="Zeichen für gesperrt")
    none: tuple[str, ...] = Field(default=(), description="Zeichen für kein Wert")
    zero: tuple[str, ...] = Field(default=(), description="Zeichen für genau null")
    total_change: float = Field(
        default=15,
        gt=0,
        description="Prozent, um die eine Summe von der vorigen Lieferung abweichen darf",
    )
    area_change: float = Field(
        default=50,
        gt=0,
        description="Prozent, um die ein Gebiet von der vorigen Lieferung abweichen darf",
    )
    checks: Checks = Field(
        default=Checks(), description="Erwartungen an den Inhalt der ersten Lieferungen"
    )
    columns: dict[str, Column] = Field(
        min_length=1, description="Spaltenname der Datei auf ihre Beschreibung"
    )
    measures: dict[Identifier, Rule] = Field(
        default_factory=dict,
        description="Bei persons: Kennzahl auf every_row oder eine Liste von Bedingungen",
    )

    @model_validator(mode="after")
    def _check_shape(self) -> Self:
        roles = [column.role for column in self.columns.values()]
        self._check_place()
        self._check_dated()
        for text in self.sums.values():
            check_pattern(text if "(" in text else f"({text})")
        for role in _UNIQUE_ROLES:
            if roles.count(role) > 1:
                raise ValueError(f"columns: role = {role} nur einmal")
        marks = (*self.withheld, *self.none, *self.zero)
        if len(marks) != len(set(marks)):
            raise ValueError("withheld, none, zero: jedes Zeichen nur einmal")
        if self.first_date and self.last_date and self.first_date > self.last_date:
            raise ValueError("first_date liegt nach last_date")
        if self.thousands == self.decimal:
            raise ValueError("thousands und decimal: zwei verschiedene Zeichen")
        if self.shape == "persons":
            self._check_persons(roles)
        else:
            self._check_counts(roles)
        return self

    def _check_dated(self) -> None:
        """Dates stand in the head, in a column or in the name of the file."""
        dated = [name for name in self.columns if "{date}" in name]
        if dated and (self.column_of("date") or "{date}" in self.file):
            raise ValueError("columns: {date} nur ohne role = date und ohne {date} in file")
        for name in dated:
            column = self.columns[name]
            if column.role not in ("count", "value") or name.count("{date}") > 1:
                raise ValueError(
                    f"columns.{name}: {{date}} einmal, bei role = count oder value"
                )
            for text in column.formats() or ("",):
                check_date_format(text)

    def _check_place(self) -> None:
        if bool(self.file) == bool(self.table):
            raise ValueError("entweder file oder table")
        if self.file.count("{date}") > 1:
            raise ValueError("file: {date} nur einmal")
        if set("{}") & set(self.file.replace("{date}", "")):
            raise ValueError("file: in Klammern nur {date}, der Platz des Stichtags")
        if set("/\\") & set(self.file):
            raise ValueError("file: ein Dateiname ohne Ordner")
        directives = re.findall("%.?", self.file_date)
        if not {"%Y", "%y"} & set(directives) or not set(directives) <= _FILE_DIRECTIVES:
            raise ValueError("file_date: Datumsformat mit %Y (oder %y), %m und %d erwartet")

    def _check_persons(self, roles: list[Role]) -> None:
        if not self.measures:
            raise ValueError("shape = persons braucht [layouts.measures]")
        self._check_origin(roles)
        if "birth_date" in roles and "age" in roles:
            raise ValueError("columns: entweder role = birth_date oder role = age")
        codes = {name for name, column in self.columns.items() if column.role == "code"}
        if taken := codes & _STORED_NAMES:
            raise ValueError(f"columns: {min(taken)} heißt schon eine Spalte des Speichers")
        self._check_measures()

    def _check_origin(self, roles: list[Role]) -> None:
        """Exactly one way leads from a person to an area."""
        has_place = self.place_from is not None
        ways = ("area" in roles, "address" in roles, bool({"x", "y"} & set(roles)), has_place)
        if sum(ways) != 1 or ("x" in roles) != ("y" in roles):
            raise ValueError(
                "Ort: genau eines von role = area, role = address, role = x mit y, place_from"
            )
        if not has_place and self.kind is None:
            raise ValueError("kind fehlt: Gebietsart, zu der die Personen gehören")
        if has_place and "person" not in roles:
            raise ValueError("place_from braucht eine Spalte role = person")
        if ("address" in roles) != bool(self.addresses):
            raise ValueError("role = address und addresses gehören zusammen")

    def _check_measures(self) -> None:
        if taken := {*self.measures} & (_STORED_NAMES | {"rows"}):
            raise ValueError(f"measures: {min(taken)} heißt schon eine Spalte beim Zählen")
        for rule in self.measures.values():
            for alternative in () if rule == "every_row" else rule:
                self._check_conditions(alternative)

    def _check_conditions(self, alternative: dict[str, Condition]) -> None:
        for name, condition in alternative.items():
            column = self.columns.get(name)
            if column is None or column.role != "code":
                raise ValueError(f"measures: Spalte {name} fehlt in columns als role = code")
            asked = {*(condition.is_in or ()), *(condition.not_in or ())}
            if column.codes and (unknown := asked - set(column.codes)):
                raise ValueError(f"measures: {min(unknown)} fehlt in columns.{name}.codes")

    def _check_counts(self, roles: list[Role]) -> None:
        if self.kind is None or ("area" not in roles and self.kind != Kind.CITY):
            raise ValueError("shape = counts braucht kind und eine Spalte role = area")
        if not {"count", "value"} & set(roles):
            raise ValueError("shape = counts braucht eine Spalte role = count oder value")
        has_items = any(c.items for c in self.columns.values() if c.role == "item")
        for name, column in self.columns.items():
            is_mapped = (has_items or column.items) if "item" in roles else column.item
            if column.role in ("count", "value") and not is_mapped:
                raise ValueError(f"columns.{name}: item fehlt (lange Tabelle: items)")
            if column.item is not None and "item" in roles:
                raise ValueError(f"columns.{name}: item nur ohne Spalte role = item")

    def column_of(self, role: Role) -> str | None:
        """Name of the only column with this role, if there is one."""
        names = [name for name, column in self.columns.items() if column.role == role]
        return names[0] if names else None

    def names(self) -> frozenset[str]:
        """Measures and ready-made indicators that this layout can give."""
        return frozenset(self.measures) | {name for name, _ in self.delivered()}

    def delivered(self) -> frozenset[tuple[str, Group]]:
        """Items per group that stand in its columns, ready-made."""
        found: set[tuple[str, Group]] = set()
        for column in self.columns.values():
            if column.item is not None:
                found.add((column.item, column.group))
            found.update(split_item(text) for _, text in column.targets())
        for column in self.columns.values():
            parts = set(column.groups.values())
            found |= {(name, group) for name, _ in list(found) for group in parts}
        return frozenset(found)

    def has_age(self) -> bool:
        """Whether its rows tell how old a person is."""
        return any(column.role in ("age", "birth_date") for column in self.columns.values())

    def codes(self) -> frozenset[str]:
        """Columns that conditions may ask for."""
        return frozenset(name for name, one in self.columns.items() if one.role == "code")

    def covers(self, reference_date: date) -> bool:
        """Whether the source exists at all at this reference date."""
        after = self.first_date is None or reference_date >= self.first_date
        return after and (self.last_date is None or reference_date <= self.last_date)


def split_item(text: str) -> tuple[str, Group]:
    """Split ``measure@group``; no group means all."""
    name, _, group = text.partition("@")
    return name, Group(group or Group.ALL)


class Deliveries(Model):
    """All layouts of a city."""

    format: Literal[1]
    layouts: tuple[Layout, ...] = Field(
        min_length=1, description="Ein Abschnitt je Art von Lieferung"
    )

    @model_validator(mode="after")
    def _check_layouts(self) -> Self:
        ids = [layout.id for layout in self.layouts]
        if len(ids) != len(set(ids)):
            raise ValueError("layouts: jede id nur einmal")
        for layout in self.layouts:
            if layout.place_from is not None and layout.place_from not in ids:
                raise ValueError(f"layouts.{layout.id}.place_from: Layout fehlt")
        return self

    def layout(self, layout_id: str) -> Layout:
        """Layout by its id."""
        return next(layout for layout in self.layouts if layout.id == layout_id)
