"""``method.md``: the rules of a release in German, written from its own configuration."""

from collections.abc import Iterable, Iterator

from atlas.config import Indicator, Scale, parse_term
from atlas.config.levels import DynamicScale
from atlas.release.info import Checks, ReleaseInfo
from atlas.terms import AREA_HA, STATE_LABELS, UNIT_LABELS, Group, Kind, Unit
from atlas.words import day_text, enumeration, setting_text


def method_text(info: ReleaseInfo) -> str:
    """Write method, definitions, protection, sources and licence as Markdown."""
    config = info.config
    parts = [
        [f"# {config.city.title}: Methode", ""],
        _head(info),
        ["## Indikatoren", ""],
        *(_indicator(info, name, one) for name, one in config.indicators.indicators.items()),
        ["## Handlungsbedarf", ""],
        *(_scale(info, group, scale) for group, scale in config.levels.need.items()),
        _exclusions(info),
        _intervals(info),
        *_dynamics(info),
        _protection(info),
        _sources(info),
    ]
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def _head(info: ReleaseInfo) -> list[str]:
    city = info.config.city
    lines = [
        f"Stand {day_text(info.reference_date)}, {STATE_LABELS[info.state]}, Veröffentlichung "
        f"{info.name}, Gebietsstand {day_text(info.edition)}.",
    ]
    if info.missing:
        lines.append(f"Es fehlt noch: {', '.join(info.missing)}.")
    if city.sample_data:
        lines.append("**Musterdaten**: erzeugte Zahlen auf echten Grenzen.")
    if not city.is_adopted:
        lines.append("Einstufung des Programms, nicht der Stadt.")
    return [*lines, ""]


def _indicator(info: ReleaseInfo, name: str, one: Indicator) -> list[str]:
    groups = ", ".join(_group(info, group) for group in one.groups)
    unit = UNIT_LABELS[one.unit]
    if one.is_delivered:
        rule = f"fertig geliefert, in {unit}"
    else:
        factor = "100 × " if unit == "%" else ""
        rule = f"{factor}({_terms(info, one.numerator)}) / ({_terms(info, one.denominator)})"
    lines = [f"### {one.label} (`{name}`)", "", f"- Berechnung: {rule}", f"- Für: {groups}"]
    if one.definition:
        lines.append(f"- Definition: {one.definition}")
    return [*lines, ""]


def _group(info: ReleaseInfo, group: Group) -> str:
    return info.config.indicators.groups[group].label


def _terms(info: ReleaseInfo, texts: Iterable[str]) -> str:
    measures = info.config.indicators.measures
    words = []
    for term in map(parse_term, texts):
        label = "Fläche in ha" if term.measure == AREA_HA else measures[term.measure].label
        group = f" ({_group(info, term.group)})" if term.group is not None else ""
        words.append(f"{'− ' if term.sign < 0 else '+ '}{label}{group}")
    return " ".join(words).removeprefix("+ ")


def _scale(info: ReleaseInfo, group: Group, scale: Scale) -> list[str]:
    levels = info.config.levels
    names = info.config.indicators.indicators
    parts = ", ".join(
        f"{names[part.id].label} (Gewicht {setting_text(part.weight)}"
        f"{'' if part.direction == 'more' else ', weniger heißt mehr Bedarf'})"
        for part in scale.indicators
    )
    kind = info.config.areas.kinds[Kind.QUARTIER].plural
    lines = [f"### {_group(info, group)}", "", f"- Indikatoren: {parts}"]
    lines.append(f"- Verfahren: {scale.record.title}")
    if scale.record.presets:
        spread = "Grundgesamtheit" if scale.sd == "population" else "Stichprobe"
        cuts = "; ".join(setting_text(cut) for cut in scale.limits())
        lines.append(f"- Standardabweichung: {spread} (Verteilung über alle gültigen {kind})")
        lines.append(f"- Grenzen des Index: {cuts}; ein Wert auf der Grenze bleibt darunter")
    lines.append(f"- Stufen: {'; '.join(f'{n} {text}' for n, text in levels.labels.items())}")
    return [*lines, ""]


def _exclusions(info: ReleaseInfo) -> list[str]:
    levels = info.config.levels
    lines = []
    if levels.min_residents:
        lines.append(
            f"Gebiete unter {levels.min_residents} Einwohner*innen bleiben ohne Stufe."
        )
    for one in levels.exclusions:
        if not one.dates or info.reference_date in one.dates:
            lines.append(f"Ausgenommen ist {one.area_id}: {one.reason}")
    return [*lines, ""] if lines else []


def _intervals(info: ReleaseInfo) -> list[str]:
    confidence = info.config.levels.confidence
    if confidence is None:
        return []
    return [
        f"Intervalle zum Vertrauensniveau {setting_text(100 * confidence)} %: Quoten nach "
        "Wilson, Dichten nach Byar. Register sind Vollzählungen; die Intervalle beschreiben, "
        "wie weit kleine Zahlen zufällig schwanken.",
        "",
    ]


def _dynamics(info: ReleaseInfo) -> list[list[str]]:
    names = info.config.indicators.indicators
    sections = []
    for group, scale in info.config.levels.dynamic.items():
        parts = ", ".join(names[part.id].label for part in scale.indicators)
        labels = "; ".join(f"{n} {t}" for n, t in info.config.levels.dynamic_labels.items())
        sections.append(
            [
                f"## Dynamik, {_group(info, group)}",
                "",
                f"- Indikatoren: {parts}",
                *_span(scale),
                f"- Klassen: {labels}",
                "",
            ]
        )
    return sections


def _span(scale: DynamicScale) -> list[str]:
    if scale.span_years is None:
        return []
    return [f"- Veränderung gegenüber dem Stichtag {scale.span_years} Jahre vorher"]


def _protection(info: ReleaseInfo) -> list[str]:
    rules = info.config.protection
    scope = {
        "table": "Ein geheimer Blockwert sperrt die ganze Blocktabelle des Gebiets für diese "
        "Kennzahl und Bezugsgruppe.",
        "cell": "Gesperrt werden einzelne Zellen und die kleinste Zahl weiterer Zellen, die "
        "nötig ist, damit niemand sie zurückrechnen kann.",
    }[rules.scope]
    lines = [
        "## Geheimhaltung",
        "",
        "- Niemand kann sicher sein, dass eine gesperrte Anzahl kleiner als "
        f"{rules.min_count} ist.",
        f"- Geheim sind Anzahlen von 1 bis {rules.min_count - 1}"
        f"{', auch die Null' if rules.zero_is_sensitive else ''}"
        f"{', ebenso ein solcher Rest' if rules.complement else ''}.",
        f"- {scope}",
        f"- „Alle“ wird erst ab {rules.min_group} Personen gezeigt, eine Quote erst ab "
        f"{rules.min_denominator} im Nenner.",
        *_further_rules(info),
        "- Quoten, Dichten, Index und Stufen folgen allein aus veröffentlichten Anzahlen.",
    ]
    return [*lines, ""]


def _further_rules(info: ReleaseInfo) -> Iterator[str]:
    """Say what a city protects beyond small counts."""
    rules, measures = info.config.protection, info.config.indicators.measures
    ready = [one for one in info.config.indicators.indicators.values() if one.is_delivered]
    if any(one.unit is Unit.PERCENT for one in ready):
        rest = " oder übrig lassen" if rules.complement else ""
        yield (
            "- Fertig gelieferte Anteile fehlen, wo sie von der Anzahl, auf der sie beruhen, "
            f"weniger als {rules.min_count} nennen{rest}."
        )
    shares = [f"{measures[name].label} ab {n} %" for name, n in rules.homogeneity.items()]
    if shares:
        block = info.config.areas.kinds[Kind.BLOCK].plural
        yield f"- {block} zeigen nicht, wenn fast alle dazugehören: {enumeration(shares)}."
    if rules.operator_size is not None:
        learn = info.audit.figures.get("known_to_operators", 0)
        but = f" Ausnahmen: {learn}." if learn else ""
        yield (
            f"- Wer eine gesperrte Anzahl ab {rules.operator_size} selbst kennt, etwa wer eine "
            f"Unterkunft betreibt, kann daraus keine geheime errechnen.{but}"
        )


def _sources(info: ReleaseInfo) -> list[str]:
    lines = ["## Quellen und Lizenz", ""]
    for one in info.deliveries:
        supplier = f", {one.supplier}" if one.supplier else ""
        lines.append(
            f"- {one.label}{supplier}, Stand {day_text(one.reference_date)}, "
            f"Lieferung {one.number}"
        )
        lines += [f"  - {text}" for text in _checked(one.checks)]
    for credit in info.config.city.credits:
        lines.append(f"- {credit.text} ({credit.licence})")
    lines.append(f"- Lizenz dieser Veröffentlichung: {info.config.city.licence}")
    return lines


def _checked(checks: Checks) -> Iterator[str]:
    """Say what was compared with earlier deliveries, and what a person let through."""
    if checks.passed:
        yield f"Geprüft, ohne Befund: {', '.join(checks.passed)}."
    if checks.accepted:
        found = ", ".join(checks.accepted)
        yield f"Angenommen nach Prüfung durch die Statistikstelle: {found}."
