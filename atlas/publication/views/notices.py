"""What a reader should know beside a level: what its words mean, warnings, chance variation."""

from dataclasses import dataclass

from atlas.classify import Explanation, NoticeCode, notices_of, rule_of
from atlas.publication.seen import Area, Seen
from atlas.publication.views.fixed_scale import fixed_text
from atlas.publication.views.items import indicators, item_of, level_text
from atlas.publication.views.meanings import CONTRIBUTION, SUB_INDEX, Term, robustness_term
from atlas.publication.views.special_areas import special_text
from atlas.publication.views.table import Table, number, text
from atlas.release.doubts import zero_areas
from atlas.sentences import centre_text
from atlas.terms import NEED_INDEX, NEED_LEVEL, Kind
from atlas.words import day_text, enumeration, index_text, number_text


@dataclass(frozen=True)
class Chance:
    """Intervals of one Quartier; ``level`` is empty where it has none."""

    note: str
    level: str
    table: Table


def meanings_of(seen: Seen, explained: Explanation) -> tuple[Term, ...]:
    """Explain index, score, contribution, averages and robustness, as far as they are there."""
    levels, plural = seen.config.levels, seen.plural(Kind.QUARTIER)
    method, more = levels.need[seen.group].record, levels.wording.more
    centre = centre_text(explained, plural)
    middle = f"0 ist: {centre}; " if method.is_standardising else ""
    index = "Fasst die Indikatoren in einer Zahl zusammen: "
    found = [
        Term("Index", f"{index}{middle}je höher, desto mehr {more}."),
        Term(method.score.name, method.score.meaning),
        CONTRIBUTION,
        *((SUB_INDEX,) if explained.themes else ()),
    ]
    if explained.mean_base == "area_mean":
        text = (
            f"Darin zählt jedes der {plural} gleich viel; im Wert der Stadt zählt jeder Mensch "
            "gleich viel. Darum sind es zwei Zahlen."
        )
        found.append(Term(centre, text))
    if explained.firmness is not None:
        found.append(robustness_term(explained.firmness.factors))
    return tuple(found)


def level_notices(seen: Seen) -> tuple[str, ...]:
    """Warn of few areas and of indicators that do not vary; empty without levels."""
    if not seen.has_levels:
        return ()
    items = seen.items()
    rule = rule_of(seen.config.levels, "need", seen.group)
    if not seen.holds(Kind.QUARTIER, rule.index):  # a series: the city alone
        return ()
    few = (
        f"Eingestufte {seen.plural(Kind.QUARTIER)}: nur "
        f"{len(seen.values(Kind.QUARTIER, rule.index))}. Mittel und Standardabweichung hängen "
        "an einzelnen Gebieten."
    )
    told = (
        few
        if notice.code is NoticeCode.FEW_AREAS
        else f"{item_of(seen.config, notice.item).label} ist überall gleich und trägt nichts "
        "zum Index bei."
        for notice in notices_of(items, rule)
    )
    return (*told, *_zero_notices(seen))


def _zero_notices(seen: Seen) -> tuple[str, ...]:
    zero = zero_areas(seen.release.cells, seen.config, seen.group)
    names = [seen.area(Kind.QUARTIER, area_id).title for area_id in zero]
    if not names:
        return ()
    return (f"Alle Anteile sind 0, obwohl dort Menschen wohnen: {enumeration(names)}.",)


def area_notices(seen: Seen, area_id: str) -> tuple[str, ...]:
    """Figures that only some rules give: marks, the tenth, the level by this date's scale."""
    if not seen.has_levels:
        return ()
    area, config = seen.area(Kind.QUARTIER, area_id), seen.config
    found = []
    rule = rule_of(config.levels, "need", seen.group)
    marked = [
        item_of(config, item).label for item in rule.items if seen.value(area, f"{item}.flag")
    ]
    if marked:
        found.append(f"Im obersten Zehntel (Prozentrang ab 0,90): {enumeration(marked)}.")
    if (tenth := seen.value(area, f"{NEED_INDEX}.decile")) is not None:
        found.append(f"Zehntel {tenth:.0f} von 10; 1 ist am stärksten belastet.")
    level, index = (seen.value(area, f"{one}.relative") for one in (NEED_LEVEL, NEED_INDEX))
    if level is not None and index is not None and rule.base_date is not None:
        found.append(
            f"Maßstab vom {day_text(rule.base_date)}. Nach dem eigenen Maßstab dieses "
            f"Stichtags: {level_text(config, NEED_LEVEL, level)}, Index {index_text(index)}."
        )
    found += [special_text(seen, area), fixed_text(seen, area)]
    return tuple(filter(None, found))


def chance_of(seen: Seen, area_id: str) -> Chance | None:
    """How far the rates of a Quartier vary by chance, and the levels they could reach.

    ``None`` if the release holds no intervals or the area shows none; the city decides that
    with ``confidence``.

    Raises
    ------
    KeyError
        If the release has no such Quartier.
    """
    confidence = seen.config.levels.confidence
    area = seen.area(Kind.QUARTIER, area_id)
    rows = _chance_rows(seen, area)
    if confidence is None or not rows:
        return None
    fields = (
        text("item", "Indikator"),
        number("value", "Wert"),
        number("low", "von"),
        number("high", "bis"),
    )
    title = f"{area.title}: Zufallsschwankung, {seen.group_label}, {seen.day}"
    note = (
        "Register sind Vollzählungen. Die Spanne sagt, wie weit die Zahl eines kleinen Gebiets "
        f"zufällig schwankt (Vertrauensniveau {number_text(100 * confidence, 0)} %)."
    )
    return Chance(note, _chance_of_level(seen, area), Table(title, fields, rows))


def _chance_rows(seen: Seen, area: Area) -> tuple[tuple[str, ...], ...]:
    rows = []
    for item in indicators(seen.config, seen.group):
        names = (item.id, f"{item.id}.low", f"{item.id}.high")
        values = [seen.value(area, name) for name in names]
        known = [value for value in values if value is not None]
        if len(known) == len(names):
            rows.append((item.label, *(item.value_text(value) for value in known)))
    return tuple(rows)


def _chance_of_level(seen: Seen, area: Area) -> str:
    low, high = (seen.value(area, f"{NEED_LEVEL}.{bound}") for bound in ("low", "high"))
    if low is None or high is None:
        return ""
    if low == high:
        return "Die Stufe bleibt an jeder dieser Grenzen dieselbe, wenn alles andere bleibt."
    reached = (level_text(seen.config, NEED_LEVEL, one) for one in (low, high))
    return (
        "An den Grenzen eines einzelnen Indikators reicht die Stufe von "
        f"{' bis '.join(reached)}, wenn alles andere bleibt."
    )
