"""``areas.toml``: kinds of areas, their names in this city, and the editions of boundaries."""

import codecs
import re
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, PrivateAttr, model_validator

from atlas.config._model import KindName, Model, is_unset
from atlas.config.groups import Condition
from atlas.terms import KINDS, Kind, chain_of

_SNAP_M = 0.1
_REPAIR_LIMIT_M2 = 10.0


class KindLabel(Model):
    """What a kind of area is called in this city."""

    label: str = Field(description="Einzahl, z. B. Stadtteil")
    plural: str = Field(description="Mehrzahl, z. B. Stadtteile")
    of: Literal["", "block"] = Field(
        default="",
        exclude_if=is_unset,
        description="block: aus Blöcken zusammengesetzt und außerhalb der Reihe, z. B. "
        "Schulbezirke, die quer zu den Quartieren liegen; leer: in der Reihe",
    )


def _check_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("kein gültiger regulärer Ausdruck") from None
    return text


def _check_encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name if text else text
    except LookupError:
        raise ValueError("unbekannter Zeichensatz, erwartet z. B. utf-8 oder cp1252") from None


Encoding = Annotated[str, AfterValidator(_check_encoding)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]


def _is_default_snap(value: float) -> bool:
    return value == _SNAP_M


def _is_default_limit(value: float) -> bool:
    return value == _REPAIR_LIMIT_M2


class Layer(Model):
    """Where the boundaries of one kind lie and which columns hold key, name and parent."""

    file: str = Field(
        default="",
        description="Datei unter geodata/; leer: aus der nächstkleineren Ebene zusammengefasst",
    )
    layer: str = Field(
        default="",
        exclude_if=is_unset,
        description="Ebene der Datei, wenn sie mehrere hat; im ZIP der Name der Datei",
    )
    crs: str = Field(
        default="",
        exclude_if=is_unset,
        description="Koordinatensystem, wenn die Datei keines oder ein falsches nennt, z. B. "
        "EPSG:25832",
    )
    encoding: Encoding = Field(
        default="",
        exclude_if=is_unset,
        description="Zeichensatz der Texte, wenn die Datei keinen oder einen falschen nennt, "
        "z. B. utf-8",
    )
    key: str = Field(default="", description="Spalte des Gebietsschlüssels")
    name: str = Field(default="", description="Spalte des Namens; leer: der Schlüssel")
    parent: str = Field(
        default="", description="Spalte des Schlüssels der nächstgrößeren Ebene"
    )
    strip: Pattern = Field(default="", description="Regulärer Ausdruck, der im Namen entfällt")
    names: dict[str, str] = Field(
        default_factory=dict, description="Namen je Schlüssel, wo die Datei keine hat"
    )
    filter: dict[str, Condition] = Field(
        default_factory=dict,
        exclude_if=is_unset,
        description="Je Spalte, was darin stehen muss; andere Zeilen der Datei bleiben weg",
    )
    pattern: Pattern = Field(
        default="",
        exclude_if=is_unset,
        description="Regulärer Ausdruck mit (?P<key>…) und (?P<name>…), wenn beide in der "
        "Spalte key stehen",
    )
    width: int = Field(
        default=0,
        ge=0,
        le=20,
        exclude_if=is_unset,
        description="Stellen des Schlüssels; kürzere bekommen führende Nullen",
    )
    unite: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="Zeilen mit demselben Schlüssel sind Teile eines Gebiets",
    )
    parent_pattern: Pattern = Field(
        default="",
        exclude_if=is_unset,
        description="Regulärer Ausdruck, der im Schlüssel den der nächstgrößeren Ebene findet; "
        "fehlen er und parent, gilt das Gebiet mit der größten gemeinsamen Fläche",
    )
    crosswalk: str = Field(
        default="",
        exclude_if=is_unset,
        description="Nur für Gebietsarten mit of: CSV unter geodata/ mit den Spalten from_id "
        "(Block), to_id (Gebiet), share (immer 1); leer: der Block gehört zu dem Gebiet mit "
        "der größten gemeinsamen Fläche",
    )
    repair: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="Ungültige Flächen, Überlappungen und schmale Lücken berichtigen",
    )
    snap_m: float = Field(
        default=_SNAP_M,
        gt=0,
        le=5,
        exclude_if=_is_default_snap,
        description="Bei repair: so nahe Punkte fallen zusammen, so schmale Lücken werden "
        "geschlossen (Meter)",
    )
    repair_limit_m2: float = Field(
        default=_REPAIR_LIMIT_M2,
        gt=0,
        exclude_if=_is_default_limit,
        description="Bei repair: so viel Fläche darf sich je Gebiet höchstens ändern",
    )

    @model_validator(mode="after")
    def _check_pattern_parts(self) -> Self:
        if self.pattern and "key" not in re.compile(self.pattern).groupindex:
            raise ValueError("pattern: (?P<key>…) fehlt")
        return self


class Edition(Model):
    """A Gebietsstand: boundaries in force from a date until the next edition.

    Beside the customary kinds a table of any other configured kind is its layer.
    """

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Layer]
    _chain: tuple[Kind, ...] = PrivateAttr(default=KINDS)

    id: date = Field(description="Gültig ab")
    block: Layer | None = Field(default=None, description="Baublöcke, wenn es sie gibt")
    quartier: Layer = Field(description="Ebene, die eingestuft wird")
    district: Layer | None = Field(default=None, description="Bezirke, wenn es sie gibt")

    @model_validator(mode="after")
    def _check_smallest(self) -> Self:
        """Refuse a smallest layer without file: own kinds lie above Quartiere."""
        kind, layer = next(iter(self.layers().items()))
        if not layer.file:
            raise ValueError(f"{kind}.file: fehlt; die kleinste Ebene braucht eine Datei")
        return self

    def order(self, chain: tuple[Kind, ...]) -> None:
        """Learn the city's chain, once, when the configuration is read."""
        self._chain = chain

    def layers(self) -> dict[Kind, Layer]:
        """Layers with own keys, in the order of the city's chain from small to large."""
        present: dict[str, Layer | None] = {
            Kind.BLOCK: self.block,
            Kind.QUARTIER: self.quartier,
            Kind.DISTRICT: self.district,
            **self.__pydantic_extra__,
        }
        return {kind: own for kind in self._chain if (own := present.get(kind)) is not None}

    def overlays(self) -> dict[Kind, Layer]:
        """Layers of the kinds outside the chain, whose areas are sums of blocks."""
        own = self.__pydantic_extra__
        return {Kind(kind): own[kind] for kind in own if Kind(kind) not in self._chain}

    def layer(self, kind: Kind) -> Layer:
        """Layer of one kind, in the chain or outside."""
        return {**self.layers(), **self.overlays()}[kind]


class Crosswalk(Model):
    """Where the shares lie by which counts move from one edition to another."""

    from_edition: date = Field(description="Gebietsstand der Lieferung")
    to_edition: date = Field(description="Gebietsstand, in dem veröffentlicht wird")
    kind: KindName = Field(description="Gebietsart der Schlüssel")
    file: str = Field(
        min_length=1, description="CSV unter geodata/ mit den Spalten from_id, to_id, share"
    )


def _check_overlays(edition: Edition) -> None:
    """Refuse overlays that say nowhere which blocks they hold, and a crosswalk elsewhere."""
    for kind, layer in edition.overlays().items():
        if not (layer.file or layer.crosswalk):
            raise ValueError(f"{kind}: file oder crosswalk fehlt; eines sagt, welche Blöcke")
        if edition.block is None:
            raise ValueError(f"{kind}: besteht aus Blöcken, editions.block fehlt")
    if wrong := [kind for kind, layer in edition.layers().items() if layer.crosswalk]:
        raise ValueError(f"{wrong[0]}.crosswalk: nur für Gebietsarten mit of")


class Areas(Model):
    """Kinds and editions of a city."""

    format: Literal[1]
    kinds: dict[KindName, KindLabel] = Field(
        description="Gebietsarten und wie sie hier heißen, von klein nach groß: zuerst block, "
        "wenn es ihn gibt, dann quartier, dann beliebige eigene, zuletzt city; solche mit of "
        "irgendwo dazwischen"
    )
    editions: tuple[Edition, ...] = Field(
        min_length=1, description="Gebietsstände, aufsteigend; jeder gilt bis zum nächsten"
    )
    crosswalks: tuple[Crosswalk, ...] = Field(
        default=(), description="Umsteigeschlüssel zwischen Gebietsständen"
    )

    @model_validator(mode="after")
    def _check_editions(self) -> Self:
        ids = [edition.id for edition in self.editions]
        if ids != sorted(set(ids)):
            raise ValueError("editions: jede id nur einmal, aufsteigend nach Datum")
        self._check_chain()
        for edition in self.editions:
            others = edition.__pydantic_extra__
            for kind in (*edition.layers(), *others, Kind.CITY):
                if kind not in self.kinds:
                    raise ValueError(f"kinds.{kind}: Bezeichnung fehlt (label, plural)")
            edition.order(self.chain())
            _check_overlays(edition)
        for one in self.crosswalks:
            if not {one.from_edition, one.to_edition} <= set(ids):
                raise ValueError(f"crosswalks: {one.file} nennt einen unbekannten Gebietsstand")
        return self

    def _check_chain(self) -> None:
        chain = self.chain()
        fixed = {Kind.BLOCK, Kind.QUARTIER, Kind.CITY}
        if self.overlays() and (Kind.BLOCK not in chain or fixed & {*self.overlays()}):
            raise ValueError(
                "kinds: of gibt es nur für eigene Gebietsarten in einer Stadt mit block"
            )
        if Kind.CITY in chain[:-1] or Kind.BLOCK in chain[1:]:
            raise ValueError("kinds: von klein nach groß, block zuerst und city zuletzt")
        if Kind.QUARTIER in chain and set(chain[: chain.index(Kind.QUARTIER)]) > {Kind.BLOCK}:
            raise ValueError(
                "kinds: unter quartier nur block; eigene Gebietsarten darüber, oder mit "
                'of = "block" außerhalb der Reihe'
            )

    def chain(self) -> tuple[Kind, ...]:
        """Kinds that nest, from small to large."""
        return chain_of(kind for kind, label in self.kinds.items() if not label.of)

    def overlays(self) -> tuple[Kind, ...]:
        """Kinds outside the chain, whose areas are sums of blocks."""
        return tuple(Kind(kind) for kind, label in self.kinds.items() if label.of)

    def order(self) -> tuple[Kind, ...]:
        """All kinds from small to large; those outside the chain stand before the city."""
        *inside, city = self.chain()
        return (*inside, *self.overlays(), city)

    def crosswalk(self, old: date, new: date, kind: Kind) -> Crosswalk | None:
        """Crosswalk between two editions, if the city has one."""
        fitting = [
            one
            for one in self.crosswalks
            if (one.from_edition, one.to_edition, one.kind) == (old, new, kind)
        ]
        return fitting[0] if fitting else None

    def edition_of(self, reference_date: date) -> Edition:
        """Edition in force at a reference date; before the first edition, the first."""
        in_force = [edition for edition in self.editions if edition.id <= reference_date]
        return in_force[-1] if in_force else self.editions[0]

    def used_kinds(self) -> tuple[Kind, ...]:
        """Kinds that any edition has, from small to large, with the city."""
        chain = self.chain()
        present = {kind for edition in self.editions for kind in edition.layers()}
        return tuple(kind for kind in chain if kind in present or kind == Kind.CITY)
