"""Index, levels and dynamics of a release in German, so that anybody can compute them again.

The sentences say all that the rule is, in words and figures of the configuration; what comes
from another release is named with that release. Names of items are those of ``cells.csv``.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

import pandas as pd

from atlas.classify import CHANGE
from atlas.config import Part, Rules, Scale
from atlas.config.scale import DynamicScale
from atlas.release.derive import years_before
from atlas.release.info import ReleaseInfo
from atlas.release.name_text import name_lines
from atlas.release.robustness_text import drawing_lines, hindcast_lines, robustness_lines
from atlas.terms import (
    DYNAMIC_LEVEL,
    NEED_INDEX,
    NEED_LEVEL,
    DynamicLevel,
    Group,
    Kind,
    Reason,
    Status,
)
from atlas.words import day_text, enumeration, setting_text

_TIES = {"highest": "höchsten", "average": "mittleren", "lowest": "niedrigsten"}
_SD = {"population": "Grundgesamtheit, n im Nenner", "sample": "Stichprobe, n − 1 im Nenner"}
_COMPARABLE = (
    "- Vergleichbarer Index (`need_index.fixed`) mit seiner Stufe (`need_level.fixed`)"
)
_ON_CUT = "ein Wert auf der Grenze bleibt darunter"


def rule_lines(info: ReleaseInfo, cells: pd.DataFrame) -> list[str]:
    """Write who is compared, the need index, the dynamics and the names in ``cells.csv``.

    Where the rules changed since the date before, the former ones follow as a whole.
    """
    config = info.config
    lines = _rules(info, config.levels, cells, "") + drawing_lines(info, cells)
    if config.former is not None:
        lines += _rules(info, config.former, cells, "Frühere Regel: ")
    return _in_words([*lines, *name_lines(info)], config.levels.wording.more)


def _in_words(lines: list[str], more: str) -> list[str]:
    """Say what the city says instead of need, but for the names of its levels."""
    return [
        line if line.startswith("- Stufen:") else re.sub(r"\bBedarf\b", more, line)
        for line in lines
    ]


def _rules(info: ReleaseInfo, rules: Rules, cells: pd.DataFrame, title: str) -> list[str]:
    lines = [f"## {title}Wer verglichen wird", "", *_validity(info, rules, cells)]
    lines += [f"## {title}{rules.wording.theme}", ""]
    for group, scale in rules.need.items():
        lines += [f"### {_group(info, group)} (`{group}`)", "", *_needed(info, scale)]
        lines += [*_scale(info, scale), *robustness_lines(rules, scale)]
        lines += [] if title else _fixed(info, group, scale)
        lines += [] if title else _special(rules)
        names = "; ".join(f"{n} {text}" for n, text in rules.labels.items())
        told = [] if title else _delivered(cells, NEED_LEVEL, group)
        told += [] if title else hindcast_lines(info, scale, cells, group)
        lines += [f"- Stufen: {names}", *told, ""]
    if rules.dynamic:
        lines += [f"## {title}Dynamik", ""]
    for group, scale in rules.dynamic.items():
        suffix = CHANGE if scale.span_years else ""
        lines += [f"### {_group(info, group)} (`{group}`)", ""]
        lines += [f"- Indikatoren: {_told(info, scale.parts, suffix)}"]
        lines += [*_span(info, rules, scale), *_scale(info, scale)]
        lines += robustness_lines(rules, scale) if rules.robustness.dynamic else []
        names = "; ".join(f"{n} {text}" for n, text in rules.dynamic_labels.items())
        told = [] if title else _delivered(cells, DYNAMIC_LEVEL, group)
        lines += [f"- Klassen: {names}", *told, ""]
    return lines


def _validity(info: ReleaseInfo, rules: Rules, cells: pd.DataFrame) -> list[str]:
    least, plural = rules.min_residents, _plural(info)
    people = "die Einwohner*innen insgesamt (`residents`) und " if least else ""
    reasons = [
        "`unbewohnt` (niemand gemeldet)",
        "`ausgenommen` (von Hand)",
        f"`zu_wenige_einwohner` (insgesamt unter {least})" if least else "",
        "`liegt_nicht_vor`",
        "`ausstehend`",
        "`geheim` (auch vom Lieferanten gesperrt)",
        "sonst der Grund, der beim ersten Indikator ohne Wert steht",
    ]
    lines = [
        f"Gültig sind die {plural}, für die {people}alle Indikatoren der Bezugsgruppe "
        "veröffentlicht sind. Die anderen bleiben ohne Stufe und zählen bei Mittel, Streuung, "
        "Rang und Anteil nicht mit. Als Grund steht der erste, der zutrifft:",
        "",
        *(f"- {reason}" for reason in reasons if reason),
        "",
        f"Sind weniger als zwei {plural} gültig, bekommt niemand eine Stufe "
        "(`zu_wenige_gebiete`). Gerechnet wird ungerundet. Als gleich gelten Werte, die sich "
        "um höchstens ein Billionstel des größten unterscheiden.",
        "",
    ]
    for one in rules.exclusions:
        if one.holds_at(info.reference_date):
            lines += [f"Ausgenommen ist {one.area_id}: {one.reason}", ""]
    return lines + _carrying(info, rules, cells)


def _carrying(info: ReleaseInfo, rules: Rules, cells: pd.DataFrame) -> list[str]:
    if rules.provisional == "no_level":
        return []
    before = max((day for day in _references(info) if day < info.reference_date), default=None)
    told = "Einen früheren Stichtag gibt es dafür nicht."
    if not (cells["status"] == str(Status.MISSING)).any():
        told = "An diesem Stichtag steht nichts aus."
    elif before is not None:
        told = f"Er kommt vom {_release(info, before)}."
    return [
        "Fortschreibung: Steht ein Indikator noch aus, gilt der Wert des vorigen Stichtags, "
        "wo er veröffentlicht ist, auch der der Stadt; Index, Stufe und alles daneben heißen "
        f"dann geschätzt (`fortgeschrieben`). {told}",
        "",
    ]


def _needed(info: ReleaseInfo, scale: Scale) -> list[str]:
    """Name the indicators of an index, theme by theme where it has themes."""
    if not scale.themes:
        return [f"- Indikatoren: {_told(info, scale.parts, '')}"]
    return [
        f"- Teilindex {theme.label} (`{NEED_INDEX}.{theme.id}`), Gewicht "
        f"{setting_text(theme.weight)}: {_told(info, theme.indicators, '')}"
        for theme in scale.themes
    ]


def _told(info: ReleaseInfo, parts: Iterable[Part], suffix: str) -> str:
    names = info.config.indicators.indicators
    return ", ".join(f"{names[part.id].label} ({_part(part, suffix)})" for part in parts)


def _part(part: Part, suffix: str) -> str:
    told = [f"`{part.id}{suffix}`", f"Gewicht {setting_text(part.weight)}"]
    if part.direction == "less":
        told.append("weniger heißt mehr Bedarf")
    if part.cuts:
        told.append(f"Grenzen {_numbers(part.cuts)}")
    return ", ".join(told)


def _scale(info: ReleaseInfo, scale: Scale) -> Iterator[str]:
    record, plural = scale.record, _plural(info)
    yield f"- Verfahren: {record.title}"
    yield f"- Rechnung: {record.steps}"
    if scale.themes:
        yield f"- Teilindizes: {record.theme_steps}"
    if scale.ties not in (None, record.ties):
        word = _TIES[str(scale.ties)]
        yield f"- Gleiche Werte: sie teilen hier den {word} ihrer Ränge; {record.ranking}"
    if scale.missing == "own_areas":
        yield _gaps(plural)
    if not record.is_standardising:
        yield f"- Mitte: Mittel der gültigen {plural}, nur zur Auskunft"
        yield f"- Standardabweichung: {_SD[scale.sd]}, nur zur Auskunft"
    elif scale.base_date is None:
        yield from _own_parameters(scale, plural)
    else:
        yield from _frozen_parameters(info, scale, scale.base_date)
    yield f"- Grenzen des Index: {_cuts(scale, plural)}; {_ON_CUT}"


def _gaps(plural: str) -> str:
    """Say who is compared where areas lack indicators."""
    return (
        f"- Lücken: {plural}, denen nur Indikatoren fehlen, zählen bei jedem Indikator mit, "
        "den sie haben, und bei jedem Teilindex, für den sie alle haben; n, Mitte, "
        "Standardabweichung und Rang sind dort die aller, die ihn haben, und wo er fehlt, "
        "steht, warum. Index und Stufe haben die gültigen; bekommt niemand eine, gibt es auch "
        "keine Teilindizes und kein `.z`"
    )


def _own_parameters(scale: Scale, plural: str) -> Iterator[str]:
    if scale.mean_base == "city_value":
        yield "- Mitte: Wert der ganzen Stadt; Mitte der Summen ist 0"
    elif scale.missing == "own_areas":
        yield f"- Mitte: Mittel der {plural}, die den Indikator haben; Mitte der Summen ist 0"
    else:
        yield f"- Mitte: Mittel der gültigen {plural}; Mitte der Summen ist ihr Mittel"
    yield f"- Standardabweichung: {_SD[scale.sd]}, über die gültigen {plural}"


def _frozen_parameters(info: ReleaseInfo, scale: Scale, day: date) -> Iterator[str]:
    themes = ", auch der Teilindizes" if scale.themes else ""
    cuts = ", dazu die Grenzen des Index" if scale.record.finds_cuts else ""
    what = f"Mitten und Standardabweichungen der Indikatoren und der Summen{themes}{cuts}"
    if day == info.reference_date:
        yield f"- Maßstab: der eigene; andere Stichtage richten sich nach ihm ({what})"
    elif day in _references(info):
        yield (
            f"- Maßstab: {what} sind die vom {_release(info, day)}; fehlt dort eine, bekommt "
            "niemand eine Stufe (`bezugswert_fehlt`)"
        )
    else:
        yield (
            f"- Maßstab: {what} wären die vom {day_text(day)}; er ist nicht veröffentlicht, "
            "niemand bekommt eine Stufe (`bezugswert_fehlt`)"
        )
    yield "- Eigener Maßstab, nur zum Vergleich:"
    yield from (f"  {line}" for line in _own_parameters(scale, _plural(info)))


def _fixed(info: ReleaseInfo, group: Group, scale: Scale) -> list[str]:
    """Say of which date the scale of the comparable index is."""
    day = info.config.levels.fixed.get(group)
    if day is None:
        return []
    if day == info.reference_date:
        return [
            f"{_COMPARABLE}: hier Index und Stufe selbst; spätere Stichtage richten sich damit "
            "nach diesem"
        ]
    themes = ", auch der Teilindizes" if scale.themes else ""
    cuts = ", dazu die Grenzen des Index" if scale.record.finds_cuts else ""
    told = f"{day_text(day)}; er ist nicht veröffentlicht"
    if day in _references(info):
        told = f"{_release(info, day)}; fehlt dort eine"
    return [
        f"{_COMPARABLE}: dieselbe Rechnung mit Mitten und Standardabweichungen der "
        f"Indikatoren und der Summen{themes}{cuts} vom {told}, hat niemand sie "
        "(`bezugswert_fehlt`). Die Stufe folgt weiter aus dem Index"
    ]


def _special(rules: Rules) -> list[str]:
    """Say which areas deserve particular attention, where the city says so."""
    if rules.attention is None:
        return []
    always, falling = (
        enumeration(list(map(str, sorted(steps))))
        for steps in (rules.attention.levels, rules.attention.levels_if_negative)
    )
    last = int(DynamicLevel.NEGATIVE)
    also = f", ebenso Stufe {falling} bei Dynamik {last}" if falling else ""
    return [f"- Besondere Aufmerksamkeit: Stufe {always}{also}"]


def _cuts(scale: Scale, plural: str) -> str:
    limits = _numbers(scale.limits())
    if not scale.record.finds_cuts:
        return limits
    return (
        f"Anteile {limits}, also der jeweils kleinste Index, den mindestens dieser Anteil der "
        f"gültigen {plural} nicht überschreitet"
    )


def _span(info: ReleaseInfo, rules: Rules, scale: DynamicScale) -> Iterator[str]:
    if scale.span_years is None:
        yield "- Veränderung: die Indikatoren sind selbst schon Veränderungen"
        return
    day, years = years_before(info.reference_date, scale.span_years), scale.span_years
    least = rules.min_residents
    few = (
        f". Wo damals weniger als {least} Einwohner*innen lebten, gibt es sie nicht "
        "(`damals_zu_wenige_einwohner`)"
        if least
        else ""
    )
    since = f"gegenüber dem Stichtag {years} Jahre vorher"
    if day not in _references(info):
        yield (
            f"- Veränderung {since}: der {day_text(day)} ist nicht veröffentlicht, ohne ihn "
            "gibt es keine (`liegt_nicht_vor`)"
        )
        return
    yield (
        f"- Veränderung {since}: Wert minus Wert vom {_release(info, day)}. Fehlt einer, gibt "
        "es keine, mit dem Grund des späteren, sonst des früheren. Wo sich die Grenzen "
        "geändert haben, gibt es sie nur mit einem Umsteigeschlüssel, der die früheren "
        f"Anzahlen umrechnet (sonst `nicht_vergleichbar`){few}"
    )


def _delivered(cells: pd.DataFrame, level: str, group: Group) -> list[str]:
    """Say of a date whose levels were published before the atlas that no rule stands beside."""
    is_own = (cells["item"] == level) & (cells["group"] == str(group))
    if not (cells.loc[is_own, "reason"] == str(Reason.PUBLISHED_BEFORE)).any():
        return []
    return [
        "- Geliefert: Was dieser Stichtag zeigt, wurde vor dem Atlas veröffentlicht und gilt, "
        "wie es damals war (`veroeffentlicht`). Die Regel gilt hier nicht: Es gibt keinen "
        "Index, keinen Rang und keinen Beitrag; wo nichts geliefert ist, steht "
        "`liegt_nicht_vor`. Mitten und Streuungen bei der Stadt gelten nur für Stichtage, die "
        "sich nach diesem richten"
    ]


def _release(info: ReleaseInfo, day: date) -> str:
    return f"{day_text(day)} (Veröffentlichung {_references(info)[day]})"


def _references(info: ReleaseInfo) -> dict[date, str]:
    return {date.fromisoformat(name.rsplit(".", 1)[0]): name for name in info.references}


def _numbers(values: tuple[float, ...]) -> str:
    return "; ".join(map(setting_text, values))


def _plural(info: ReleaseInfo) -> str:
    return info.config.areas.kinds[Kind.QUARTIER].plural


def _group(info: ReleaseInfo, group: Group) -> str:
    return info.config.indicators.groups[group].label
