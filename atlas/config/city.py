"""``city.toml``: who the city is, who may publish, what readers may hand in."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import Identifier, KindName, Model
from atlas.config.access import WebAddress
from atlas.config.base_map import BaseMap
from atlas.config.open_data import LICENCES, OpenData
from atlas.terms import Kind, Status

PUBLIC_KINDS = (Kind.QUARTIER, Kind.DISTRICT, Kind.CITY)

# Goes into a policy of the browser: nothing but host and port.
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_ED25519 = re.compile(r"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}( .*)?")


def _check_key(text: str) -> str:
    if not _ED25519.fullmatch(text):
        raise ValueError("erwartet wird die Zeile aus der Datei .pub von ssh-keygen -t ed25519")
    return text


def _check_origin(address: str) -> str:
    if not _ORIGIN.fullmatch(address):
        raise ValueError("erwartet wird eine Adresse ohne Pfad wie https://www.stadt.de")
    return address


WebOrigin = Annotated[WebAddress, AfterValidator(_check_origin)]
ApproverKey = Annotated[str, AfterValidator(_check_key)]


def _check_breaks(breaks: tuple[float, ...]) -> tuple[float, ...]:
    if list(breaks) != sorted(set(breaks)):
        raise ValueError("erwartet werden die Grenzen aufsteigend, jede einmal")
    return breaks


# Where the classes of an indicator's map part, in its unit; the map has five colours.
Breaks = Annotated[
    tuple[float, ...], Field(min_length=1, max_length=4), AfterValidator(_check_breaks)
]


class Credit(Model):
    """One source that has to be named wherever its data appear."""

    text: str = Field(description="Quellenvermerk, wie ihn die Lizenz verlangt")
    licence: str = Field(description="Kürzel der Lizenz, z. B. CC-BY-4.0")
    url: str = Field(default="", description="Adresse der Quelle")


class City(Model):
    """The city and the house rules of its office."""

    format: Literal[1]
    id: Identifier = Field(
        description="Kurzname, zugleich Ordner unter releases/; bleibt, was `name` auch wird"
    )
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
    approvers: dict[str, ApproverKey] = Field(
        default_factory=dict,
        exclude=True,  # names of the office's people leave with no release
        description="Wer freigeben darf: Name = öffentlicher Schlüssel (ssh-ed25519 …); leer: "
        "Freigaben zählen nach Benutzerkonten, die niemand beweist",
    )
    # Excluded: who counts moves no number.
    approvals_by: Literal["account", "login"] = Field(
        default="account",
        exclude=True,
        description="Wessen Freigaben zählen, wo es keine `approvers` gibt: `account` die der "
        "Benutzerkonten, `login` nur die der am Arbeitsplatz Angemeldeten",
    )
    public_kinds: tuple[KindName, ...] = Field(
        default=PUBLIC_KINDS, description="Gebietsarten für alle: ohne Rolle, in offenen Daten"
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
    # Excluded: other colours move no number.
    classes: dict[Identifier, Breaks] = Field(
        default_factory=dict,
        exclude=True,
        description="Eigene Klassen der Karte, z. B. sgb2_share = [5, 10, 15, 20]: Grenzen "
        "aufsteigend, höchstens vier; ein Wert auf einer Grenze gehört zur oberen Klasse. "
        "Sonst teilen alle Stichtage zusammen in etwa gleich große Klassen",
    )

    # Excluded: where files lie and who answers questions moves no number.
    open_data: OpenData | None = Field(
        default=None,
        exclude=True,
        description="Angaben für Datenportale (DCAT-AP.de); fehlt der Abschnitt: keine "
        "Metadaten nach DCAT-AP.de",
    )

    # Excluded: who may show the pages in a frame moves no number.
    frame_ancestors: tuple[WebOrigin, ...] = Field(
        default=(),
        exclude=True,
        description="Seiten, die das Dashboard in einem Rahmen zeigen dürfen, z. B. "
        "https://www.stadt.de; zu sehen ist darin nur, was für alle ist. Leer: keine",
    )

    @model_validator(mode="after")
    def _check_licence(self) -> Self:
        if self.open_data is not None and self.licence not in LICENCES:
            raise ValueError(
                f"licence: für [open_data] wird eine von {', '.join(LICENCES)} erwartet"
            )
        return self

    @model_validator(mode="after")
    def _check_approvers(self) -> Self:
        if self.approvers and len(set(self.approvers.values())) < self.approvals:
            raise ValueError("approvers: weniger verschiedene Schlüssel als approvals")
        return self
