"""``subscriptions.toml``: who regularly gets which papers and files, and where they are put."""

from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from atlas.config._model import Identifier, Model
from atlas.config.context import Line
from atlas.terms import Role

OWN = "reports"
"""What the book calls the folder of the house, which every issue is put into."""


class Rhythm(StrEnum):
    """How often a subscriber gets the same paper at most."""

    EACH = "each"
    MONTHLY = "monthly"
    YEARLY = "yearly"


def _check_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.password:
        raise ValueError("Adresse mit http:// oder https:// ohne Kennwort erwartet")
    return text


def _check_mail(text: str) -> str:
    name, _, host = text.partition("@")
    if not name or "." not in host or not text.isascii() or any(map(str.isspace, text)):
        raise ValueError("E-Mail-Adresse erwartet")
    return text


Url = Annotated[str, AfterValidator(_check_url)]
MailAddress = Annotated[str, AfterValidator(_check_mail)]
PaperName = Literal["edition", "profile", "weekly", "yearly"]
PaperSuffix = Literal["pdf", "docx"]
TableSuffix = Literal["xlsx", "csv", "gpkg", "geojson"]


class Mail(Model):
    """The mail server of the house."""

    host: Line = Field(description="Rechner, der Post annimmt (SMTP)")
    port: int = Field(default=25, ge=1, le=65_535, description="Anschluss")
    security: Literal["none", "starttls", "tls"] = Field(
        default="none", description="Verschlüsselung der Verbindung"
    )
    sender: MailAddress = Field(description="Absender")
    user: str = Field(
        default="",
        description="Name zur Anmeldung; das Kennwort steht in `ATLAS_MAIL_PASSWORD`",
    )


class Subscription(Model):
    """What one subscriber gets, how often, and where: folder, WebDAV, or a mail with a link."""

    id: Identifier = Field(description="Kurzname; das Versandbuch führt ihn")
    reports: tuple[PaperName, ...] = Field(default=(), description="Berichte")
    formats: tuple[PaperSuffix, ...] = Field(
        default=("pdf",), min_length=1, description="Formate der Berichte"
    )
    areas: tuple[str, ...] = Field(
        default=(), description="Profile: Nummern von Gebieten; fehlen sie: alle"
    )
    tables: tuple[TableSuffix, ...] = Field(
        default=(), description="Dateien mit allen Quartieren, je neuer Veröffentlichung"
    )
    rhythm: Rhythm = Field(
        default=Rhythm.EACH,
        description="`each`: jede neue Veröffentlichung; `monthly`, `yearly`: höchstens ein "
        "Stichtag je Monat oder Jahr",
    )
    role: Literal[Role.PUBLIC, Role.PLANNING] = Field(
        default=Role.PUBLIC, description="Was die Rolle nicht sehen darf, steht nicht darin"
    )
    folder: str = Field(default="", description="Ordner, den es gibt; auch ein Netzlaufwerk")
    webdav: Url | None = Field(
        default=None,
        description="Adresse eines WebDAV-Ordners; Kennwort in `ATLAS_WEBDAV_PASSWORD`",
    )
    webdav_user: str = Field(default="", description="Name zur Anmeldung bei WebDAV")
    to: tuple[MailAddress, ...] = Field(
        default=(), description="Empfänger*innen einer E-Mail mit dem Verweis `link`"
    )
    link: Url | None = Field(
        default=None,
        description="Wo liegt, wovon die E-Mail spricht; `{file}` steht für den Dateinamen",
    )

    @model_validator(mode="after")
    def _check_place(self) -> Self:
        if not (self.reports or self.tables):
            raise ValueError("reports oder tables erwartet")
        if sum(map(bool, (self.folder, self.webdav, self.to))) != 1:
            raise ValueError("genau eines von folder, webdav und to erwartet")
        if bool(self.to) != (self.link is not None):
            raise ValueError("link: gehört zu einer E-Mail (to), und nur zu ihr")
        return self


class Subscriptions(Model):
    """Who regularly gets what."""

    format: Literal[1]
    mail: Mail | None = Field(default=None, description="Nötig, wenn jemand Post bekommt")
    subscriptions: tuple[Subscription, ...] = Field(
        default=(), description="Ein Abschnitt je Abo"
    )

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        ids = [one.id for one in self.subscriptions]
        if len({*ids, OWN}) <= len(ids):
            raise ValueError(f"subscriptions: jede id nur einmal, und nicht {OWN}")
        if self.mail is None and any(one.to for one in self.subscriptions):
            raise ValueError("mail: fehlt; ein Abo hat Empfänger*innen")
        return self
