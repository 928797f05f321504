"""The dictionary: what each indicator counts, by what it is divided, for whom, from where."""

from collections.abc import Iterable

from atlas.classify import CHANGE as CHANGE_MARK
from atlas.classify import rule_of
from atlas.config.groups import GroupRule
from atlas.config.indicators import Indicator, parse_term
from atlas.publication.seen import Seen
from atlas.publication.views.items import LEVEL_ITEMS, NEED, indicators, is_sub_index, item_of
from atlas.publication.views.meanings import (
    CAUTIONS,
    CHANGE,
    CONTRIBUTION,
    NOT_THE_BA,
    RANK,
    REFERENCE_DATE,
    Term,
    robustness_term,
)
from atlas.publication.views.notes import provisional_text, secret_text
from atlas.publication.views.table import Field, Table, text
from atlas.terms import (
    AREA_HA,
    RESIDENTS,
    STATE_LABELS,
    STATUS_LABELS,
    Kind,
    State,
    Status,
)
from atlas.words import day_text, enumeration

_AREA = "Fläche des Gebiets in Hektar, aus seinen Grenzen"


def definition_of(seen: Seen, theme: str) -> tuple[Term, ...]:
    """Define a theme of the map for the group that is seen."""
    if theme in LEVEL_ITEMS:
        return _level_terms(seen, theme)
    if is_sub_index(theme):
        return _sub_index_terms(seen, theme)
    one = seen.config.indicators.indicators[theme]
    return (*_formula_terms(seen, one), *_caution_terms(theme, one), *_origin_terms(seen))


def definitions_of(seen: Seen) -> tuple[Term, ...]:
    """Define each indicator of the group in one line."""
    return tuple(_in_one_line(seen, item.id) for item in indicators(seen.config, seen.group))


def every_definition(seen: Seen) -> tuple[Term, ...]:
    """Define each indicator of the city, whatever its groups, without them."""
    return tuple(_in_one_line(seen, name) for name in seen.config.indicators.indicators)


def column_terms(seen: Seen, fields: Iterable[Field]) -> tuple[Term, ...]:
    """Define what stands in the columns of a table, each once, in their order."""
    found: dict[str, Term] = {}
    for item in (one.item for one in fields if one.item):
        name = item.id.removesuffix(CHANGE_MARK)
        if name in seen.config.indicators.indicators:
            found.setdefault(name, _in_one_line(seen, name))
        else:
            plain = item_of(seen.config, name)
            found.setdefault(name, Term(plain.label, plain.definition))
        if item.id != name:
            found.setdefault(CHANGE_MARK, CHANGE)
    return tuple(term for term in found.values() if term.text)


def built_in_terms(seen: Seen) -> tuple[Term, ...]:
    """Explain the words of the program, and whom each group of the city counts."""
    hidden = STATUS_LABELS[Status.SUPPRESSED]
    groups = (seen.config.indicators.groups[group] for group in seen.groups)
    levels = seen.config.levels
    is_varied = any(rule_of(levels, "need", group).robustness for group in levels.need)
    return (
        _level_term(seen),
        CONTRIBUTION,
        *((robustness_term(levels.robustness.factors),) if is_varied else ()),
        RANK,
        CHANGE,
        REFERENCE_DATE,
        Term(
            "Bezugsgruppe", f"Wen eine Zahl zählt: {enumeration([*map(group_text, groups)])}."
        ),
        Term(hidden, secret_text(seen)),
        Term(STATE_LABELS[State.PROVISIONAL], provisional_text()),
    )


def _level_term(seen: Seen) -> Term:
    """Say what a level is, and at what it is measured in the first group that has one."""
    levels, plural = seen.config.levels, seen.plural(Kind.QUARTIER)
    scale = levels.need[next(group for group in seen.groups if group in levels.need)]
    centre = f"Durchschnitt der {plural}, in dem jedes gleich viel zählt"
    if scale.mean_base == "city_value":
        centre = "Wert der ganzen Stadt"
    when = (
        "an diesem Stichtag" if scale.base_date is None else f"am {day_text(scale.base_date)}"
    )
    measured = f"Gemessen wird am {centre}, {when}. " if scale.record.is_standardising else ""
    text = (
        f"Sagt, wo in der Stadt {levels.wording.is_high}: der Index, durch Grenzen in Stufen "
        f"geteilt. {measured}Über einzelne Menschen sagt die Stufe nichts, und Städte "
        "vergleicht sie nicht."
    )
    return Term(f"{levels.wording.theme} (Stufe)", text)


def _in_one_line(seen: Seen, name: str) -> Term:
    one = seen.config.indicators.indicators[name]
    terms = (*_formula_terms(seen, one), *_caution_terms(name, one))
    return Term(one.label, " ".join(f"{term.name}: {_sentence(term.text)}" for term in terms))


def _caution_terms(name: str, one: Indicator) -> tuple[Term, ...]:
    told = caution_of(name, one)
    return (Term("Sagt nicht", told),) if told else ()


def caution_of(name: str, one: Indicator) -> str:
    """Say what a figure does not say: in the city's words, else in the program's."""
    if one.caution:
        return one.caution
    is_over_all = name == "sgb2_share" and one.denominator == (RESIDENTS,)
    return " ".join(filter(None, (NOT_THE_BA if is_over_all else "", CAUTIONS.get(name, ""))))


def dictionary_table(seen: Seen) -> Table:
    """Tabulate every indicator with what is counted, by what it is divided and for whom."""
    fields = (
        text("indicator", "Indikator"),
        text("counted", "Gezählt"),
        text("divided", "Geteilt durch"),
        text("groups", "Bezugsgruppen"),
        text("caution", "Was die Zahl nicht sagt"),
    )
    config = seen.config.indicators
    rows = tuple(
        (
            one.label,
            _counted(seen, one),
            _divided(seen, one),
            enumeration([group_text(config.groups[group]) for group in one.groups]),
            caution_of(name, one),
        )
        for name, one in config.indicators.items()
    )
    return Table(f"Was die Indikatoren heißen, {seen.day}", fields, rows)


def _formula_terms(seen: Seen, one: Indicator) -> tuple[Term, ...]:
    terms = [Term("Gezählt", _counted(seen, one))]
    if divided := _divided(seen, one):
        terms.append(Term("Geteilt durch", divided))
    who = group_text(seen.config.indicators.groups[seen.group])
    return (*terms, Term("Bezugsgruppe", who))


def _origin_terms(seen: Seen) -> tuple[Term, ...]:
    sources = enumeration(
        [f"{one.label}, Stand {day_text(one.reference_date)}" for one in seen.info.deliveries]
    )
    when = Term("Stichtag", f"{seen.day}, {STATE_LABELS[seen.info.state]}")
    return (when, Term("Quellen", f"{sources}.")) if sources else (when,)


def _level_terms(seen: Seen, theme: str) -> tuple[Term, ...]:
    item = item_of(seen.config, LEVEL_ITEMS[theme])
    levels, group = seen.config.levels, seen.group
    parts = rule_of(levels, "need" if theme == NEED else "dynamic", group).items
    labels = enumeration([item_of(seen.config, part).label for part in parts])
    return (Term("Bedeutung", item.definition), Term("Gerechnet aus", f"{labels}."))


def _sub_index_terms(seen: Seen, item: str) -> tuple[Term, ...]:
    rule = rule_of(seen.config.levels, "need", seen.group)
    labels = [
        item_of(seen.config, part.item).label
        for theme in rule.themes
        if theme.item == item
        for part in theme.parts
    ]
    meaning = Term("Bedeutung", item_of(seen.config, item).definition)
    return (meaning, Term("Gerechnet aus", f"{enumeration(labels)}."))


def _counted(seen: Seen, one: Indicator) -> str:
    if one.is_delivered:
        return _sentence(one.definition or one.label)
    return _parts_text(seen, one.numerator)


def _divided(seen: Seen, one: Indicator) -> str:
    return "" if one.is_delivered else _parts_text(seen, one.denominator)


def _parts_text(seen: Seen, parts: Iterable[str]) -> str:
    told = []
    for term in map(parse_term, parts):
        name, meaning = _measure(seen, term.measure)
        groups = seen.config.indicators.groups
        group = "" if term.group is None else f" ({group_text(groups[term.group])})"
        told.append(_sentence(f"{'ohne ' if term.sign < 0 else ''}{name}{group}{meaning}"))
    return " ".join(told)


def _measure(seen: Seen, name: str) -> tuple[str, str]:
    if name == AREA_HA:
        return _AREA, ""
    measure = seen.config.indicators.measures[name]
    meaning = measure.definition.strip()
    return measure.label, f": {meaning}" if meaning else ""


def _sentence(told: str) -> str:
    return told if told.endswith(".") else f"{told}."


def group_text(rule: GroupRule) -> str:
    """Name a group with its ages, e.g. ``Kinder und Jugendliche (unter 18 Jahren)``."""
    first, last = rule.min_age, rule.max_age
    if first is None and last is None:
        return rule.label
    if first is None:
        return f"{rule.label} (unter {(last or 0) + 1} Jahren)"
    if last is None:
        return f"{rule.label} (ab {first} Jahren)"
    return f"{rule.label} ({first} bis {last} Jahre)"
