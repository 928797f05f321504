"""``city.toml``: who the city is, who may publish, what readers may hand in."""

from typing import Literal

from pydantic import Field

from atlas.config._model import Identifier, KindName, Model
from atlas.config.base_map import BaseMap
from atlas.terms import Kind, Status

PUBLIC_KINDS = (Kind.QUARTIER, Kind.DISTRICT, Kind.CITY)


class Credit(Model):
    """One source that has to be named wherever its data appear."""

    text: str = Field(description="Quellenvermerk, wie ihn die Lizenz verlangt")
    licence: str = Field(description="Kürzel der Lizenz, z. B. CC-BY-4.0")
    url: str = Field(default="", description="Adresse der Quelle")


class City(Model):
    """The city and the house rules of its office."""

    format: Literal[1]
    id: Identifier = Field(description="Kurzname, zugleich Ordner unter releases/")
    key: str = Field(description="Amtlicher Gemeindeschlüssel, Schlüssel des Gebiets Stadt")
    name: str = Field(description="Name der Stadt")
    title: str = Field(description="Titel des Atlas auf jeder Seite")
    crs: str = Field(default="EPSG:25832", description="Metrisches Koordinatensystem")
    sample_data: bool = Field(
        default=False, description="Erzeugte Daten: jede Seite und Datei sagt „Musterdaten“"
    )
    is_adopted: bool = Field(
        default=True,
        description="Falsch: jede Seite sagt „Einstufung des Programms, nicht der Stadt“",
    )
    approvals: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Freigaben durch andere Personen vor Veröffentlichung",
    )
    public_kinds: tuple[KindName, ...] = Field(
        default=PUBLIC_KINDS, description="Gebietsarten, die export --public enthält"
    )
    uploads: tuple[Identifier, ...] = Field(
        default=(),
        description="Quellen, die auf der Seite Datenstand hochgeladen werden dürfen",
    )
    aggregate_url: str = Field(
        default="duckdb://",
        description="Rechenwerk der Aggregation: duckdb:// (in diesem Programm) oder "
        "postgres://benutzer@rechner/datenbank; das Kennwort kommt aus PGPASSWORD",
    )
    credits: tuple[Credit, ...] = Field(default=(), description="Quellenangaben")
    licence: str = Field(default="CC-BY-4.0", description="Lizenz der Veröffentlichung")
    symbols: dict[Status, str] = Field(
        default_factory=dict, description="Abweichende Tabellenzeichen je Status"
    )
    # Excluded: another base map changes no release, so none is published anew for it.
    base_map: BaseMap | None = Field(
        default=None,
        exclude=True,
        description="Hintergrundkarte der Seite Karte; fehlt sie: keine",
    )
