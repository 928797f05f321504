"""What heads and texts of German tables usually mean: measures, groups of ages, sums."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from atlas.confidential.delivery.keys import fold_name
from atlas.config import Indicators
from atlas.words import ascii_text

_ADULT = 18
_LONGEST_ID = 40


@dataclass(frozen=True)
class Concept:
    """A measure that many cities have, and the words by which tables name it."""

    id: str
    label: str
    definition: str
    words: str
    part_of: str | None = "residents"
    share: str = ""


CONCEPTS = (
    Concept(
        "migrants",
        "Einwohner*innen mit Migrationshintergrund",
        "Ausländer*innen und Deutsche mit Migrationshintergrund, wie die Stadt sie zählt.",
        r"migrationshinter|migrant|migration background|(^|\b)mh(\b|$)",
        share="Anteil mit Migrationshintergrund",
    ),
    Concept(
        "foreigners",
        "Ausländer*innen",
        "Einwohner*innen ohne deutsche Staatsangehörigkeit.",
        r"ausl(ä|ae)nder|nichtdeutsch|foreign",
        share="Ausländeranteil",
    ),
    Concept(
        "sgb2_recipients",
        "Empfänger*innen von SGB II",
        "Regelleistungsberechtigte nach SGB II.",
        r"sgb[ _]?(ii|2)|regelleistung|leistungsberecht|leistungs-?empf|b(ü|ue)rgergeld|"
        r"\brlb\b",
        share="SGB-II-Quote",
    ),
    Concept(
        "unemployed",
        "Arbeitslose",
        "Arbeitslos gemeldete Personen.",
        r"arbeitslos|unemployed",
        share="Anteil Arbeitsloser",
    ),
    Concept("households", "Haushalte", "", r"haushalt|household", part_of=None),
    Concept(
        "residents",
        "Einwohner*innen",
        "Einwohner*innen am Stichtag.",
        r"einwohner|bev(ö|oe)lkerung|wohnberechtigt|residents|inhabitants|population|^ew$|"
        r"^ew[ _]|^einw|hauptwohn|personen|^(ins)?gesamt$|^anzahl( (ins)?gesamt)?$",
        part_of=None,
    ),
)
# Words that make something else of a measure: a part, a share, a movement.
_OTHER = re.compile(
    r"m(ä|ae)nn|weib|frauen|divers|ledig|verheirat|verwitwet|geschied|partner|anteil|quote|%|"
    r"prozent|dichte|\bje\b|\bpro\b|durchschnitt|ver(ä|ae)nder|saldo|zuz(u|ü)|zuge|fortz|geburt|"
    r"geboren|gestorben|sterb|nebenwohn|alter|j(ü|ue)ng|(ä|ae)lter|alleinerz|fl(ä|ae)che|"
    r"jahre|kinder|person(en)? je|haushalts|einperson|bedarfsgem|konfession|"
    r"evangel|katholi|deutsche\b(?!.*ausl)|german|without|aussiedl|eingeb(ü|ue)rg|t(ü|ue)rk|afrika|asien|"
    r"europa|"
    r"index|rang|wohngeld|benefit|risk|bedroht|median|einkommen|preis|wohnung|geb(ä|ae)ude|pkw|\bu[0-9]|unter|\bab\b|\büber\b|"
    r"[0-9]+ *(-|–|bis|und)",
    re.IGNORECASE,
)
_CHILDREN = re.compile(
    r"(\b|_)u18(\b|_)|unter[- ]?18([- ]?j(ä|ae)hrige[nr]?)?( jahren?)?|minderj(ä|ae)hrige?|"
    r"0 *(-|–|bis) *17( jahren?)?|0 *(-|–|bis) *(<|unter) *18( jahren?)?|"
    r"kinder und jugendliche",
    re.IGNORECASE,
)
_SHARE = re.compile(r"anteil|quote|%|prozent|\bje\b|\bpro\b|dichte|durchschnitt", re.IGNORECASE)
TOTAL = re.compile(
    r"\b(ins)?gesamt\b|\bsumme\b|\bzusammen\b|\btotal\b|\balle\b|^stadt\b|gesamtstadt|\bsaldo\b",
    re.IGNORECASE,
)
UNPLACED = re.compile(
    r"nicht (zu|ein)|ohne (angabe|zuordn|festen|fest|wohnsitz)|unbekannt|ungekl|k\. ?a\.|"
    r"nicht bekannt|sonstige|keine? (angabe|zuordnung)|nicht lokalisier",
    re.IGNORECASE,
)
_BAND = re.compile(
    r"^(?:(?P<low>[0-9]{1,3}) *(?:-|–|bis)(?: *(?P<under><|unter))? *(?P<high>[0-9]{1,3})"
    r"|(?:unter|u|<) *(?P<below>[0-9]{1,3})"
    r"|(?P<single>[0-9]{1,3})"
    r"|(?P<open>[0-9]{1,3}) *(?:u\.? ?(?:m|ä)|und|\+|j(?:\.|ahre) und).*"
    r"|ab *(?P<from>[0-9]{1,3}))"
    r"(?: *(?:j\.?|jahren?))?\.?$",
    re.IGNORECASE,
)


def concept_of(text: str) -> Concept | None:
    """Find the measure that a head names; None where it says more than its words."""
    plain = re.sub(r"(?<=[a-zäöüß])-\s?(?=[a-zäöü])", "", text.replace("_", " "))
    plain = _CHILDREN.sub(" ", plain)
    plain = " ".join(re.sub(r"\([^)]*\)", " ", plain).split())
    found = [one for one in CONCEPTS if re.search(one.words, plain, re.IGNORECASE)]
    if not found:
        is_rest = _CHILDREN.search(text) and not re.search(r"\w{4,}", plain)
        return CONCEPTS[-1] if is_rest else None
    return None if _OTHER.search(re.sub(found[0].words, " ", plain, flags=re.I)) else found[0]


def is_of_children(text: str) -> bool:
    """Whether a head speaks of those under 18 alone."""
    return _CHILDREN.search(text) is not None


def is_share(text: str) -> bool:
    """Whether a head speaks of a share, a density or a mean instead of a count."""
    return _SHARE.search(text) is not None


def age_band(text: str) -> tuple[int, int] | None:
    """Ages from and to, both included, that a text names; open at the end: 999."""
    match = _BAND.match(text.strip())
    if match is None:
        return None
    part = match.groupdict()
    if part["low"]:
        return int(part["low"]), int(part["high"]) - bool(part["under"])
    if part["below"]:
        return 0, int(part["below"]) - 1
    if part["single"]:
        return int(part["single"]), int(part["single"])
    return int(part["open"] or part["from"]), 999


def bands_of_children(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts of ages that make up those under 18 exactly; empty where no texts do."""
    bands = {text: band for text in texts if (band := age_band(text)) is not None}
    young = {text: band for text, band in bands.items() if band[0] < _ADULT}
    if any(high >= _ADULT for _, high in young.values()):
        return ()
    covered = sorted(age for low, high in young.values() for age in range(low, high + 1))
    return tuple(young) if covered == list(range(_ADULT)) else ()


@dataclass(frozen=True)
class Measures:
    """Measures and ready-made indicators that a city has, found by what tables call them."""

    by_concept: dict[str, str]
    by_name: dict[str, str]
    ready_made: dict[str, str]
    groups: frozenset[str]

    @classmethod
    def of(cls, indicators: Indicators) -> "Measures":
        """Those of a city's ``indicators.toml``."""
        concepts: dict[str, str] = {}
        names: dict[str, str] = {}
        for name, measure in indicators.measures.items():
            concept = concept_of(name) or concept_of(measure.label)
            if concept is not None:
                concepts.setdefault(concept.id, name)
            names |= {fold_name(name): name, fold_name(measure.label): name}
        ready = {
            fold_name(text): name
            for name, one in indicators.indicators.items()
            if one.is_delivered
            for text in (name, one.label, one.short_label or name)
        }
        return cls(concepts, names, ready, frozenset(map(str, indicators.groups)))

    @classmethod
    def open(cls) -> "Measures":
        """Those of a city that has yet to be: every measure that tables usually name."""
        names = {one.id: one.id for one in CONCEPTS}
        return cls(names, names, {}, frozenset({"u18"}))

    def measure(self, text: str) -> str | None:
        """Measure of the city that a head or text names."""
        exact = self.by_name.get(fold_name(_CHILDREN.sub("", text)))
        concept = concept_of(text)
        return exact or (self.by_concept.get(concept.id) if concept else None)

    def meaning(self, text: str) -> str | None:
        """Measure that a text names, whether the city has it or not."""
        concept = concept_of(text)
        return self.measure(text) or (concept.id if concept else None)

    def indicator(self, text: str) -> str | None:
        """Ready-made indicator of the city that a head names."""
        return self.ready_made.get(fold_name(text))


def slug(text: str) -> str:
    """Write a text as an identifier of the configuration."""
    words = re.sub(r"[^a-z0-9]+", "_", ascii_text(text)).strip("_")[:_LONGEST_ID].strip("_")
    return words if words and words[0].isalpha() else f"quelle_{words}".strip("_")
