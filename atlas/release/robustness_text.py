"""Robustness of a release in German: what varies, and how it is drawn, to the last bit."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from atlas.classify.robustness import NEAR_SHARE, STABLE_SHARE
from atlas.config import Rules, Scale
from atlas.config.levels import Robustness
from atlas.config.scale import DynamicScale
from atlas.release.hindcast import HINDCAST, hindcast_of
from atlas.release.info import ReleaseInfo
from atlas.release.noise import spans_like
from atlas.sentences import hindcast_sentence
from atlas.terms import Group, Reason
from atlas.words import day_text, enumeration, setting_text

_METHOD = (
    "es gelten z-Werte oder eine Skala von 1 bis 100, auf ihr Summe oder Produkt, alle "
    "Indikatoren oder einer weniger"
)
_SERIES = (
    "- Reihen: Ein Text benennt eine Reihe von Zufallszahlen. Die ersten acht Bytes seines "
    "SHA-256, das höchste zuerst gelesen, sind a. Die Zahl r ist x = a + (r + 1) × "
    "0x9E3779B97F4A7C15; dann x = (x ⊕ x ≫ 30) × 0xBF58476D1CE4E5B9, x = (x ⊕ x ≫ 27) × "
    "0x94D049BB133111EB, x = x ⊕ x ≫ 31, alles modulo 2^64 (SplitMix64). Der Platz von r ist "
    "die Zahl der kleineren Zahlen der Reihe."
)
_INDEX = (
    "- Index: Gewichte sind durch ihre Summe geteilt; keines haben der Indikator, der "
    "wegfällt, und die mit der Standardabweichung 0. Der z-Wert folgt der Mitte und "
    "Standardabweichung der Regel. Skala = 1 + 99 × (Wert − kleinster) / (größter − "
    "kleinster) unter den gültigen Gebieten dieser Nachrechnung, bei umgekehrtem Vorzeichen, "
    "wo weniger mehr Bedarf heißt. Summe = alle Gewichte × Werte, Produkt = alle Werte ^ "
    "Gewichte. Mittel und Standardabweichung der Ergebnisse werden auf die des "
    "veröffentlichten Index gebracht; weichen sie um höchstens ein Milliardstel voneinander "
    "ab, ist jeder Index gleich dem Mittel. Grenzen, die Anteile sind, ergeben sich neu."
)
_CHANCE = (
    "- Zufall: Eine Quote schwankt, wo ihr Zähler nicht 0 und kleiner als der Nenner ist, "
    "binomial mit diesem Nenner (gerundet) und der veröffentlichten Quote, eine Dichte mit "
    "ihrer Anzahl nach Poisson; fertig gelieferte Anteile mit der Zahl, auf der sie beruhen. "
    "Von R Ziehungen sind R × F(c), gerundet und Hälften nach oben, höchstens c, wo F(c) die "
    "Wahrscheinlichkeit von höchstens c ist; die Ziehung r ist die am Platz von r in der Reihe "
    "{seed}|zufall|Gebiet|Indikator, der Größe nach. Der Wert ändert sich um gezogene Anzahl / "
    "Nenner − Zähler / Nenner, bei Quoten mal 100."
)
_CHANCE_BEFORE = (
    " Bei Veränderungen schwankt ebenso, was abgezogen wird, mit der Reihe "
    "{seed}|frueher|Gebiet|Indikator."
)
_DRIVER = (
    "- Treiber: `.driver` ist der Faktor, der den Anteil der veröffentlichten Stufe am meisten "
    "hebt, wenn er allein festgehalten wird und alle anderen gezogen sind wie zuvor: 1 "
    "Gewichte, 2 Skala (z-Werte, Summe), 3 Auswahl (alle Indikatoren), 4 Grenzen, 5 Zufall, 6 "
    "fortgeschriebene Werte, von gleichen der erste; 0, wenn keiner ihn hebt. `.share_held` "
    "ist der Anteil dann (`need_level.share_1` und folgende sind die aller Stufen, "
    "`.rank_low` und `.rank_high` der kleinste und größte Rang, `.stability` 1 stabil, 2 "
    "grenznah, 3 unsicher)."
)


def robustness_lines(rules: Rules, scale: Scale) -> list[str]:
    """Say how often an index is computed again, what varies and what the words mean."""
    settings = rules.robustness
    if not scale.record.is_standardising:
        return []
    if scale.themes:
        return ["- Robustheit: für einen Index aus Teilindizes nicht gerechnet"]
    stable, near = (setting_text(100 * share) for share in (STABLE_SHARE, NEAR_SHARE))
    drawn = ", gezogen nach method.md, Abschnitt „Ziehung“" if settings.is_joint else ""
    word = "Klasse" if isinstance(scale, DynamicScale) else "Stufe"
    return [
        f"- Robustheit: {settings.replications} Nachrechnungen, Startwert {settings.seed}"
        f"{drawn}; dabei {_varying(settings)}. Dieselbe {word} in mindestens {stable} % heißt "
        f"stabil, in mindestens {near} % grenznah, sonst unsicher"
    ]


def drawing_lines(info: ReleaseInfo, cells: pd.DataFrame) -> list[str]:
    """Write how everything is drawn, where more than the method varies."""
    rules = info.config.levels
    settings = rules.robustness
    scales = [*rules.need.values(), *rules.dynamic.values()]
    is_drawn = any(one.record.is_standardising and not one.themes for one in scales)
    if not settings.is_joint or not is_drawn:
        return []
    lines = ["## Ziehung", "", _SERIES]
    if "method" in settings.factors:
        lines += _method_lines(settings)
    lines.append(_INDEX)
    if "chance" in settings.factors:
        is_since = any(one.span_years for one in rules.dynamic.values())
        told = _CHANCE + (_CHANCE_BEFORE if is_since and settings.dynamic else "")
        lines.append(told.format(seed=settings.seed))
    if "carried" in settings.factors:
        lines.append(_carried_line(info, cells))
    return [*lines, _DRIVER, ""]


def hindcast_lines(
    info: ReleaseInfo, scale: Scale, cells: pd.DataFrame, group: Group
) -> list[str]:
    """Say what provisional levels of this date would have been worth, where a city asks."""
    labels, day = info.config.indicators.indicators, info.reference_date
    late = [part.id for part in scale.parts if part.id in info.config.levels.hindcast]
    is_told = (cells["item"] == HINDCAST) & (cells["group"] == str(group))
    if not late or not is_told.any():
        return []
    before = max((one for one in _references(info) if one < day), default=None)
    instead = "gäbe es dafür keinen früheren Wert"
    if before is not None:
        name = f"{day_text(before)} (Veröffentlichung {_references(info)[before]})"
        instead = f"gälte dafür der Wert vom {name}, wo er veröffentlicht ist"
    found = hindcast_of(cells, str(group))
    came = "Zu vergleichen ist hier nichts."
    if found is not None:
        came = hindcast_sentence(found.counted, found.wrong, found.unsure)
    names = enumeration([f"{labels[one].label} (`{one}`)" for one in late])
    return [
        f"- Rückschau auf vorläufige Stufen: {came} Gerechnet ist, als stünden an diesem "
        f"Stichtag noch aus: {names}, und als {instead}; alles andere ist gleich, was "
        "herauskommt, geschätzt. Verglichen wird, wo es eine endgültige Stufe gibt"
    ]


def _references(info: ReleaseInfo) -> dict[date, str]:
    return {date.fromisoformat(name.rsplit(".", 1)[0]): name for name in info.references}


def _varying(settings: Robustness) -> str:
    told = []
    if "method" in settings.factors:
        told.append(
            f"schwankt jedes Gewicht um bis zu {setting_text(settings.weight_spread)} "
            f"seines Werts und jede Grenze um bis zu {setting_text(settings.cut_spread)}, "
            f"{_METHOD}"
        )
    if "chance" in settings.factors:
        told.append("schwankt jede Anzahl zufällig")
    if "carried" in settings.factors:
        told.append("schwankt jeder fortgeschriebene Wert wie in früheren Zeiträumen")
    return ", ".join(told)


def _method_lines(settings: Robustness) -> Iterator[str]:
    yield (
        "- Wahl: Streuen n Indikatoren, so ist der Fall f von r der Rest von r / (4 × (n + "
        "1)), bei n = 1 der von r / 4. Ist f ungerade, gilt die Skala, sonst z-Werte; ist die "
        "Hälfte von f (ganzzahlig) ungerade, auf der Skala das Produkt, sonst die Summe. Das "
        "Viertel von f (ganzzahlig) ist von 0 an die Nummer des Indikators, der wegfällt, "
        "unter denen, die streuen, in der Folge der Regel; n heißt keiner, auch bei n = 1."
    )
    yield (
        f"- Gewichte und Grenzen: Zu den Reihen {settings.seed}|gewicht|Indikator und "
        f"{settings.seed}|grenze|Nummer (von 1 an) ist p = (Platz unter den Nachrechnungen "
        "desselben Falls + ½) / ihre Zahl. Das Gewicht wird mit 1 + "
        f"{setting_text(settings.weight_spread)} × (2p − 1) multipliziert, zur Grenze kommt "
        f"{setting_text(settings.cut_spread)} × (2p − 1)."
    )


def _carried_line(info: ReleaseInfo, cells: pd.DataFrame) -> str:
    names = _references(info)
    spans = spans_like(list(names), info.reference_date)
    is_late = (cells["reason"] == str(Reason.CARRIED_FORWARD)).any()
    start = "- Fortgeschriebene Werte: "
    if not is_late:
        return f"{start}An diesem Stichtag gibt es keine."
    if not spans:
        return f"{start}Einen früheren Zeitraum gibt es nicht, sie bleiben, wie sie sind."
    told = [
        f"{day_text(a)} bis {day_text(b)} (Veröffentlichungen {names[a]} und {names[b]})"
        for a, b in spans
    ]
    seed = info.config.levels.robustness.seed
    return (
        f"{start}Frühere Zeiträume sind {enumeration(told)}. Ihre Veränderungen sind die der "
        "Gebiete mit der Fläche von heute und einem veröffentlichten Wert an beiden Enden, der "
        "Größe nach. Von m Zeiträumen (mit Veränderungen) nimmt die Nachrechnung r den mit der "
        f"Nummer Platz × m / R von 0 an (abgerundet; Reihe {seed}|fortschreibung|Indikator), "
        "jedes Gebiet von seinen v Veränderungen die mit der Nummer Platz × v / R von 0 an "
        f"(abgerundet; Reihe {seed}|fortschreibung|Gebiet|Indikator). Quoten bleiben zwischen "
        "0 und 100, Dichten ab 0. Der Zufall ist darin schon enthalten."
    )
