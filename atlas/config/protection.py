"""``protection.toml``: what may leave the office."""

from typing import Annotated, Literal

from pydantic import Field

from atlas.config._model import Model

MOST_VANISHED, P_PERCENT = 20, 10


class ProtectionRules(Model):
    """Rules of disclosure control; counts 1 … min_count − 1 are sensitive."""

    format: Literal[1]
    min_count: int = Field(
        default=3, ge=2, description="Kleinste Anzahl, die jemand erfahren darf"
    )
    scope: Literal["table", "cell"] = Field(
        default="table",
        description="table: ein geheimer Blockwert sperrt die Blocktabelle des Quartiers; "
        "cell: einzelne Zellen mit kleinstem Verlust",
    )
    zero_is_sensitive: bool = Field(default=False, description="Auch die Null ist geheim")
    complement: bool = Field(
        default=True, description="Auch ein Rest von 1 … min_count − 1 ist geheim"
    )
    min_group: int = Field(
        default=10, ge=0, description="„Alle sind es“ wird erst ab so vielen gezeigt"
    )
    min_denominator: int = Field(
        default=10, ge=0, description="Eine Quote braucht mindestens so viele Einwohner*innen"
    )
    insider: bool = Field(
        default=True, description="Schutz auch vor jemandem, der seinen eigenen Beitrag kennt"
    )
    operator_size: int | None = Field(
        default=None,
        ge=3,
        description="Ab dieser Größe kennt jemand eine Anzahl selbst, etwa wer eine Unterkunft "
        "betreibt; Nachweise gelten auch ihm oder ihr gegenüber",
    )
    homogeneity: dict[str, Annotated[int, Field(ge=1, le=100)]] = Field(
        default={},
        description="Merkmal = Prozent: ab diesem Anteil zeigt ein Block das Merkmal nicht",
    )
    decoys: int = Field(
        default=0,
        ge=0,
        le=100,
        exclude_if=lambda percent: percent == 0,
        description="Prozent der Blocktabellen mit kleiner Summe, die zum Schein entfallen, "
        "damit das Sperren selbst nichts sagt; 0: keine",
    )
    p_percent: int = Field(
        default=P_PERCENT,
        ge=1,
        exclude_if=lambda percent: percent == P_PERCENT,
        description="Beträge: Wer selbst beiträgt, soll den größten Beitrag nicht auf so viele "
        "Prozent genau schätzen können",
    )
    # Excluded at its default: a city that says nothing has the release that it always had.
    most_vanished: int = Field(
        default=MOST_VANISHED,
        ge=0,
        le=100,
        exclude_if=lambda percent: percent == MOST_VANISHED,
        description="Prozent der gezeigten Anzahlen, die in der nächsten Ausgabe desselben "
        "Stichtags höchstens verschwinden; mehr hält den Lauf an",
    )
