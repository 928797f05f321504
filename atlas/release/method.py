"""``method.md``: the rules of a release in German, written from its own configuration."""

from collections.abc import Iterable, Iterator

import pandas as pd

from atlas.config import Indicator, parse_term
from atlas.release.info import Checks, ReleaseInfo
from atlas.release.rule_text import rule_lines
from atlas.terms import AREA_HA, STATE_LABELS, UNIT_LABELS, Group, Kind, Unit
from atlas.words import day_text, enumeration, setting_text


def method_text(info: ReleaseInfo, cells: pd.DataFrame) -> str:
    """Write method, definitions, protection, sources and licence as Markdown.

    Parameters
    ----------
    cells
        All cells of the release: they tell whether its levels were delivered.
    """
    config = info.config
    parts = [
        [f"# {config.city.title}: Methode", ""],
        _head(info),
        ["## Indikatoren", "", *_gaps(info)],
        *(_indicator(info, name, one) for name, one in config.indicators.indicators.items()),
        rule_lines(info, cells),
        _intervals(info),
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


def _gaps(info: ReleaseInfo) -> list[str]:
    least = max(info.config.protection.min_denominator, 1)
    return [
        "Gezählt wird in der Bezugsgruppe, die Fläche für alle. Ein Indikator fehlt, wo "
        "eine seiner Anzahlen fehlt, mit dem ersten Grund, der zutrifft: `liegt_nicht_vor`, "
        "`ausstehend`, `geheim`, `vom_lieferanten_gesperrt`; danach, wo die Fläche nicht "
        f"vorkommt, bei weniger als {least} im Nenner (`nenner_zu_klein`). Wo niemand wohnt, "
        "steht immer `unbewohnt`.",
        "",
    ]


def _indicator(info: ReleaseInfo, name: str, one: Indicator) -> list[str]:
    groups = ", ".join(_group(info, group) for group in one.groups)
    unit = UNIT_LABELS[one.unit]
    if one.is_delivered:
        base = info.config.indicators.measures[one.base].label
        rule = f"fertig geliefert, in {unit}; beruht auf {base} `{one.base}`"
    else:
        factor = "" if one.unit is Unit.PER_HA else "100 × "
        rule = f"{factor}({_terms(info, one.numerator)}) / ({_terms(info, one.denominator)})"
    lines = [f"### {one.label} (`{name}`)", "", f"- Berechnung: {rule}", f"- Für: {groups}"]
    if one.definition:
        lines.append(f"- Definition: {one.definition}")
    if one.is_context:
        lines.append("- Umfeld: gerechnet wie jeder, aber nie als Bedarf ausgelegt")
    return [*lines, ""]


def _group(info: ReleaseInfo, group: Group) -> str:
    return info.config.indicators.groups[group].label


def _terms(info: ReleaseInfo, texts: Iterable[str]) -> str:
    measures = info.config.indicators.measures
    words = []
    for term in map(parse_term, texts):
        label = "Fläche in ha" if term.measure == AREA_HA else measures[term.measure].label
        group = f" der Bezugsgruppe `{term.group}`" if term.group is not None else ""
        sign = "− " if term.sign < 0 else "+ "
        words.append(f"{sign}{label} `{term.measure}`{group}")
    return " ".join(words).removeprefix("+ ")


def _intervals(info: ReleaseInfo) -> list[str]:
    confidence = info.config.levels.confidence
    if confidence is None:
        return []
    return [
        f"Intervalle zum Vertrauensniveau {setting_text(round(100 * confidence, 9))} %: "
        "Quoten nach Wilson, Dichten nach Byar, bei jedem Indikator `.low` und `.high`; "
        "keines, wo der Zähler größer als der Nenner ist (`nenner_zu_klein`). Register sind "
        "Vollzählungen; die Intervalle beschreiben, wie weit kleine Zahlen zufällig "
        "schwanken. Bei der Stufe sind `.low` und `.high` die kleinste und die größte, wenn "
        "einer der Indikatoren an ein Ende seines Intervalls rückt und alles andere bleibt.",
        "",
    ]


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
