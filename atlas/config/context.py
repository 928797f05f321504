"""``context.toml``: what lies under and between the areas, to find one's way on the map."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import Identifier, Model, is_unset
from atlas.config.areas import Encoding
from atlas.config.city import Credit
from atlas.config.groups import Condition


class Shows(StrEnum):
    """What a layer shows: it decides on shapes, on the sign of the map and on the search."""

    WATER = "water"
    RAILWAY = "railway"
    ROADS = "roads"
    GREEN = "green"
    SCHOOLS = "schools"
    KITAS = "kitas"
    YOUTH_CENTRES = "youth_centres"
    ADVICE_CENTRES = "advice_centres"
    PLACES = "places"
    STREETS = "streets"


POINTS = (
    Shows.SCHOOLS,
    Shows.KITAS,
    Shows.YOUTH_CENTRES,
    Shows.ADVICE_CENTRES,
    Shows.PLACES,
)
_FOUND_BY_NAME = (*POINTS, Shows.STREETS)


def _check_line(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("Text in einer Zeile erwartet")
    return text.strip()


Line = Annotated[str, AfterValidator(_check_line)]


class PupilColumns(Model):
    """Columns that make schools receivers of posts; an empty cell: not known."""

    key: str = Field(min_length=1, description="Spalte der Schulnummer, je Schule eine eigene")
    count: str = Field(
        min_length=1,
        description="Spalte der Zahl der Schüler*innen; 1 bis min_count − 1 verlässt das Amt "
        "nicht",
    )
    social_index: str = Field(
        min_length=1, description="Spalte des Sozialindex: je höher, desto mehr Bedarf"
    )


class ContextLayer(Model):
    """One layer: which file, which columns, what it shows, whose data it is."""

    id: Identifier = Field(description="Kurzname; er steht auch in der Adresse der Seiten")
    label: Line = Field(max_length=60, description="Name in der Auswahl, z. B. Grundschulen")
    shows: Shows = Field(description="Was die Ebene zeigt")
    file: str = Field(min_length=1, description="Datei unter geodata/, Formate wie bei Grenzen")
    layer: str = Field(
        default="", exclude_if=is_unset, description="Ebene der Datei, wenn sie mehrere hat"
    )
    crs: str = Field(
        default="",
        exclude_if=is_unset,
        description="Koordinatensystem, wenn die Datei keines oder ein falsches nennt",
    )
    encoding: Encoding = Field(
        default="",
        exclude_if=is_unset,
        description="Zeichensatz der Texte, wenn die Datei keinen oder einen falschen nennt",
    )
    filter: dict[str, Condition] = Field(
        default_factory=dict,
        exclude_if=is_unset,
        description="Je Spalte, was darin stehen muss; andere Zeilen der Datei bleiben weg",
    )
    name: str = Field(
        default="",
        exclude_if=is_unset,
        description="Spalte des Namens; nötig bei Punkten und Straßen",
    )
    note: str = Field(
        default="",
        exclude_if=is_unset,
        description="Spalte mit einem Zusatz zum Namen, z. B. der Anschrift; bei Punkten",
    )
    pupils: PupilColumns | None = Field(
        default=None,
        exclude_if=is_unset,
        description="Bei Schulen: Schulnummer, Schüler*innen und Sozialindex; dann lassen sich "
        "Stellen auch auf Schulen verteilen",
    )
    credit: Line = Field(
        max_length=300, description="Quellenvermerk, wie ihn die Lizenz verlangt"
    )
    licence: Line = Field(max_length=60, description="Kürzel der Lizenz, z. B. dl-de/by-2-0")
    is_on: bool = Field(
        default=False, description="Von Anfang an auf der Karte; sonst schaltet man sie ein"
    )

    @property
    def is_drawn(self) -> bool:
        """Whether the map can show it; streets are found, not drawn."""
        return self.shows is not Shows.STREETS

    def pupil_roles(self) -> dict[str, str]:
        """Columns that tell of pupils, by what they tell; none of another layer."""
        told = self.pupils
        if told is None:
            return {}
        return {"key": told.key, "pupils": told.count, "social_index": told.social_index}

    @model_validator(mode="after")
    def _check_columns(self) -> Self:
        if self.shows in _FOUND_BY_NAME and not self.name:
            raise ValueError("name: fehlt; Punkte und Straßen werden nach ihrem Namen gesucht")
        if self.pupils and self.shows is not Shows.SCHOOLS:
            raise ValueError('pupils: nur bei shows = "schools"')
        if self.shows is Shows.STREETS and self.is_on:
            raise ValueError("is_on: Straßen werden gesucht, nicht gezeichnet")
        return self


class MapContext(Model):
    """What the map shows besides the areas and their names."""

    format: Literal[1]
    layers: tuple[ContextLayer, ...] = Field(
        default=(), description="Ebenen in der Reihenfolge der Auswahl; fehlen sie: nur Namen"
    )

    @model_validator(mode="after")
    def _check_ids(self) -> Self:
        ids = [layer.id for layer in self.layers]
        if len(set(ids)) < len(ids):
            raise ValueError("layers: jede id nur einmal")
        return self

    def drawn(self) -> tuple[ContextLayer, ...]:
        """Layers that the map can show, in the order of the file."""
        return tuple(layer for layer in self.layers if layer.is_drawn)

    def with_pupils(self) -> tuple[ContextLayer, ...]:
        """Layers of schools that may get posts, in the order of the file."""
        return tuple(layer for layer in self.layers if layer.pupils)

    def credits(self) -> tuple[Credit, ...]:
        """Name every source that has to be named, each once, in the order of the layers."""
        told = ((layer.credit, layer.licence) for layer in self.layers)
        return tuple(Credit(text=text, licence=code) for text, code in dict.fromkeys(told))
