"""Proofs of why an area has no level: a code, a number of people, or the gaps that it names."""

from collections.abc import Iterator

from tests.words.arithmetic import Reckoning
from tests.words.german import number
from tests.words.grammar import Scene

REASONS = {
    "die Regel lässt keine Einstufung zu": "",
    "hier leben zu wenige Menschen für eine Einstufung": "zu_wenige_einwohner",
    "das Gebiet ist unbewohnt": "unbewohnt",
    "die Gebiete unterscheiden sich in keinem Indikator": "keine_streuung",
    "für einen Vergleich sind mindestens zwei Gebiete nötig": "zu_wenige_gebiete",
    "die Gebietsgrenzen haben sich geändert, die Stichtage sind nicht vergleichbar": (
        "nicht_vergleichbar"
    ),
    "der Bezugswert fehlt, an dem sich die Regel ausrichtet": "bezugswert_fehlt",
    "für eine Quote leben hier zu wenige Menschen": "nenner_zu_klein",
    "eine nötige Angabe fällt später an": "ausstehend",
    "eine nötige Angabe liegt nicht vor": "liegt_nicht_vor",
    "eine nötige Angabe ist geheim": "geheim",
    "eine nötige Angabe hat der Lieferant gesperrt": "vom_lieferanten_gesperrt",
    "eine nötige Angabe ist nur fortgeschrieben": "fortgeschrieben",
    "eine nötige Angabe ist nur früher veröffentlicht": "veroeffentlicht",
    "von Hand ausgenommen": "ausgenommen",
    "ausgenommen": "ausgenommen",
}
_GAPS = {
    "ausstehend": (("missing",), ("fällt später an", "fallen später an")),
    "liegt_nicht_vor": (("unavailable",), ("liegt nicht vor", "liegen nicht vor")),
    "geheim": (("suppressed", "withheld"), ("ist geheim", "sind geheim")),
}


def why_not(scene: Scene, reckoned: Reckoning, clause: str) -> Iterator[str]:
    """Prove why an area has no level: a code, a count of people, or the gaps that it names."""
    line = reckoned.book.line("quartier", scene.group, reckoned.level_item, scene.area)
    if line.seen is not None:
        yield "es gibt eine Stufe"
    if clause in REASONS:
        if REASONS[clause] != line.reason:
            yield f"Grund ist {line.reason}"
        return
    if clause.startswith("von Hand ausgenommen ("):
        notes = [
            one["reason"]
            for one in reckoned.book.config["levels"]["exclusions"]
            if one["area_id"] == scene.area
        ]
        if clause not in [f"von Hand ausgenommen ({one})" for one in notes]:
            yield "andere Begründung"
        return
    if clause.startswith("hier leben weniger als "):
        least = number(clause.split()[4])
        people = reckoned.book.line("quartier", "all", "residents", scene.area).seen
        if least != reckoned.book.config["levels"]["min_residents"] or not (
            people is not None and people < least
        ):
            yield f"hier leben {people}"
        return
    yield from _gaps(scene, reckoned, clause, line.reason)


def _gaps(scene: Scene, reckoned: Reckoning, clause: str, reason: str) -> Iterator[str]:
    statuses, verbs = _GAPS.get(reason, ((), ("", "")))
    missing = [
        reckoned.book.label(item)
        for item in reckoned.items
        if reckoned.book.line("quartier", scene.group, item, scene.area).status in statuses
    ]
    verb = verbs[len(missing) > 1]
    names = (
        ", ".join(missing[:-1]) + (" und " if len(missing) > 1 else "") + (missing or [""])[-1]
    )
    if clause != f"{names} {verb}":
        yield f"es fehlen: {names}"
