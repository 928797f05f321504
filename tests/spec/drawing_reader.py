"""How an index is computed again, read from ``method.md`` where more than the method varies."""

import re
from dataclasses import dataclass

_NUMBER = r"−?[0-9]+(?:,[0-9]+)?"
_NAME = r"[0-9-]+\.[0-9]+"


@dataclass(frozen=True)
class Drawing:
    """How an index is computed again, where more than the method varies.

    ``weights`` and ``cuts``: how far they vary, ``None`` where the method does not;
    ``spans``: releases at both ends of the earlier spans, ``None`` where nothing is carried.
    """

    times: int
    seed: str
    weights: float | None
    cuts: float | None
    is_chance: bool
    spans: tuple[tuple[str, str], ...] | None


_ROBUST = (
    r"Robustheit: [0-9]+ Nachrechnungen, Startwert [0-9]+; dabei schwankt jedes Gewicht "
    rf"um bis zu {_NUMBER} seines Werts und jede Grenze um bis zu {_NUMBER}, es gelten "
    r"z-Werte oder eine Skala von 1 bis 100, auf ihr Summe oder Produkt, alle Indikatoren "
    rf"oder einer weniger\. Dieselbe (?:Stufe|Klasse) in mindestens {_NUMBER} % heißt stabil, "
    r"in "
    rf"mindestens {_NUMBER} % grenznah, sonst unsicher"
)
_JOINT = (
    r"Robustheit: (?P<times>[0-9]+) Nachrechnungen, Startwert (?P<seed>[0-9]+), gezogen nach "
    r"method\.md, Abschnitt „Ziehung“; dabei (?:schwankt jedes Gewicht um bis zu "
    rf"(?P<weights>{_NUMBER}) seines Werts und jede Grenze um bis zu (?P<cuts>{_NUMBER}), es "
    r"gelten z-Werte oder eine Skala von 1 bis 100, auf ihr Summe oder Produkt, alle "
    r"Indikatoren oder einer weniger(?:, |(?=\.)))?(?P<chance>schwankt jede Anzahl zufällig"
    r"(?:, |(?=\.)))?(?:schwankt jeder fortgeschriebene Wert wie in früheren Zeiträumen)?\. "
    r"Dieselbe (?:Stufe|Klasse) in mindestens 95 % heißt stabil, in mindestens 75 % grenznah, "
    r"sonst "
    r"unsicher"
)
_DRAWING = (
    r"- Reihen: Ein Text benennt eine Reihe von Zufallszahlen\. Die ersten acht Bytes seines "
    r"SHA-256, das höchste zuerst gelesen, sind a\. Die Zahl r ist x = a \+ \(r \+ 1\) × "
    r"0x9E3779B97F4A7C15; dann x = \(x ⊕ x ≫ 30\) × 0xBF58476D1CE4E5B9, x = \(x ⊕ x ≫ 27\) × "
    r"0x94D049BB133111EB, x = x ⊕ x ≫ 31, alles modulo 2\^64 \(SplitMix64\)\. Der Platz von r "
    r"ist die Zahl der kleineren Zahlen der Reihe\.",
    r"(?:- Wahl: Streuen n Indikatoren, so ist der Fall f von r der Rest von r / \(4 × \(n \+ "
    r"1\)\), bei n = 1 der von r / 4\. Ist f ungerade, gilt die Skala, sonst z-Werte; ist die "
    r"Hälfte von f \(ganzzahlig\) ungerade, auf der Skala das Produkt, sonst die Summe\. Das "
    r"Viertel von f \(ganzzahlig\) ist von 0 an die Nummer des Indikators, der wegfällt, unter "
    r"denen, die streuen, in der Folge der Regel; n heißt keiner, auch bei n = 1\.)?",
    r"(?:- Gewichte und Grenzen: Zu den Reihen [0-9]+\|gewicht\|Indikator und "
    r"[0-9]+\|grenze\|Nummer \(von 1 an\) ist p = \(Platz unter den Nachrechnungen desselben "
    rf"Falls \+ ½\) / ihre Zahl\. Das Gewicht wird mit 1 \+ {_NUMBER} × \(2p − 1\) "
    rf"multipliziert, zur Grenze kommt {_NUMBER} × \(2p − 1\)\.)?",
    r"- Index: Gewichte sind durch ihre Summe geteilt; keines haben der Indikator, der "
    r"wegfällt, und die mit der Standardabweichung 0\. Der z-Wert folgt der Mitte und "
    r"Standardabweichung der Regel\. Skala = 1 \+ 99 × \(Wert − kleinster\) / \(größter − "
    r"kleinster\) unter den gültigen Gebieten dieser Nachrechnung, bei umgekehrtem Vorzeichen, "
    r"wo weniger mehr Bedarf heißt\. Summe = alle Gewichte × Werte, Produkt = alle Werte \^ "
    r"Gewichte\. Mittel und Standardabweichung der Ergebnisse werden auf die des "
    r"veröffentlichten Index gebracht; weichen sie um höchstens ein Milliardstel voneinander "
    r"ab, ist jeder Index gleich dem Mittel\. Grenzen, die Anteile sind, ergeben sich neu\.",
    r"(?:- Zufall: Eine Quote schwankt, wo ihr Zähler nicht 0 und kleiner als der Nenner ist, "
    r"binomial mit diesem Nenner \(gerundet\) und der veröffentlichten Quote, eine Dichte mit "
    r"ihrer Anzahl nach Poisson; fertig gelieferte Anteile mit der Zahl, auf der sie beruhen\. "
    r"Von R Ziehungen sind R × F\(c\), gerundet und Hälften nach oben, höchstens c, wo F\(c\) "
    r"die Wahrscheinlichkeit von höchstens c ist; die Ziehung r ist die am Platz von r in der "
    r"Reihe [0-9]+\|zufall\|Gebiet\|Indikator, der Größe nach\. Der Wert ändert sich um "
    r"gezogene Anzahl / Nenner − Zähler / Nenner, bei Quoten mal 100\."
    r"(?: Bei Veränderungen schwankt ebenso, was abgezogen wird, mit der Reihe "
    r"[0-9]+\|frueher\|Gebiet\|Indikator\.)?)?",
    r"(?:- Fortgeschriebene Werte: (?:An diesem Stichtag gibt es keine\.|Einen früheren "
    r"Zeitraum gibt es nicht, sie bleiben, wie sie sind\.|Frühere Zeiträume sind (?P<spans>.+?)"
    r"\. Ihre Veränderungen sind die der Gebiete mit der Fläche von heute und einem "
    r"veröffentlichten Wert an beiden Enden, der Größe nach\. Von m Zeiträumen \(mit "
    r"Veränderungen\) nimmt die Nachrechnung r den mit der Nummer Platz × m / R von 0 an "
    r"\(abgerundet; Reihe [0-9]+\|fortschreibung\|Indikator\), jedes Gebiet von seinen v "
    r"Veränderungen die mit der Nummer Platz × v / R von 0 an \(abgerundet; Reihe "
    r"[0-9]+\|fortschreibung\|Gebiet\|Indikator\)\. Quoten bleiben zwischen 0 und 100, "
    r"Dichten ab 0\. Der Zufall ist darin schon enthalten\.))?",
    r"- Treiber: `\.driver` ist der Faktor, der den Anteil der veröffentlichten Stufe am "
    r"meisten hebt, wenn er allein festgehalten wird und alle anderen gezogen sind wie zuvor: "
    r"1 Gewichte, 2 Skala \(z-Werte, Summe\), 3 Auswahl \(alle Indikatoren\), 4 Grenzen, 5 "
    r"Zufall, 6 fortgeschriebene Werte, von gleichen der erste; 0, wenn keiner ihn hebt\. "
    r"`\.share_held` ist der Anteil dann \(`need_level\.share_1` und folgende sind die aller "
    r"Stufen, `\.rank_low` und `\.rank_high` der kleinste und größte Rang, `\.stability` 1 "
    r"stabil, 2 grenznah, 3 unsicher\)\.",
)
_ENDS = rf"\(Veröffentlichungen ({_NAME}) und ({_NAME})\)"


def read_drawing(text: str) -> Drawing | None:
    """Read the line on robustness; ``None`` where the method alone varies."""
    if re.fullmatch(_ROBUST, text):
        return None
    found = re.fullmatch(_JOINT, text)
    if found is None:
        raise ValueError(f"Robustheit: {text}")
    weights, cuts = (_number(found[one]) for one in ("weights", "cuts"))
    return Drawing(
        int(found["times"]), found["seed"], weights, cuts, bool(found["chance"]), None
    )


def read_spans(lines: list[str]) -> tuple[tuple[str, str], ...] | None:
    """Read how everything is drawn; gives the earlier spans, if anything is carried."""
    found = re.fullmatch("\n?".join(_DRAWING), "\n".join(lines))
    if found is None:
        raise ValueError(f"Ziehung: {lines}")
    if not found["spans"]:
        return None
    return tuple((first, last) for first, last in re.findall(_ENDS, found["spans"]))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text.replace(",", "."))


_WORTH = (
    r"Rückschau auf vorläufige Stufen: (?:Zu vergleichen ist hier nichts|Von "
    r"(?P<counted>[0-9.]+) vorläufigen Stufen? (?:wäre keine|wären? (?P<wrong>[0-9.]+)) falsch "
    r"gewesen(?:, (?P<unsure>keine|[0-9.]+) davon als unsicher gekennzeichnet)?)\. Gerechnet "
    r"ist, als stünden an diesem Stichtag noch aus: (?P<items>.+?), und als (?:gäbe es dafür "
    r"keinen früheren Wert|gälte dafür der Wert vom \S+ "
    rf"\(Veröffentlichung (?P<name>{_NAME})\), wo er veröffentlicht ist); alles andere ist "
    r"gleich, was herauskommt, geschätzt\. Verglichen wird, wo es eine endgültige Stufe gibt"
)


@dataclass(frozen=True)
class Hindcast:
    """What is late, of which release its values are taken ("-" none), what is said of it."""

    items: tuple[str, ...]
    name: str
    told: tuple[int, int, int]


def read_hindcast(text: str) -> Hindcast:
    """Read the line on provisional levels."""
    found = re.fullmatch(_WORTH, text)
    if found is None:
        raise ValueError(f"Rückschau: {text}")
    counted, wrong, unsure = (_whole(found[one]) for one in ("counted", "wrong", "unsure"))
    items = tuple(re.findall(r"`(\w+)`", found["items"]))
    return Hindcast(items, found["name"] or "-", (counted, wrong, unsure))


def _whole(text: str | None) -> int:
    return int(text.replace(".", "")) if text and text != "keine" else 0
