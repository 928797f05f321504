"""What a reader should know beside a level: warnings of the rule, figures of single methods."""

from atlas.classify import NoticeCode, notices_of, rule_of
from atlas.publication.views.cells import cell_of, columns_of
from atlas.publication.views.items import item_of, plural
from atlas.publication.views.reasons import items_of
from atlas.publication.views.tables import level_text
from atlas.release import Release
from atlas.terms import NEED_INDEX, NEED_LEVEL, Group, Kind
from atlas.words import day_text, enumeration, index_text


def level_notices(release: Release, group: Group) -> tuple[str, ...]:
    """Warn of few areas and of indicators that do not vary; empty without levels."""
    config = release.info.config
    if group not in config.levels.need:
        return ()
    items = items_of(release, group)
    rule = rule_of(config.levels, "need", group)
    if not (items["item"] == rule.index).any():  # a series: the city alone
        return ()
    count = int(items.loc[items["item"] == rule.index, "value"].notna().sum())
    name = plural(release, Kind.QUARTIER)
    texts = {
        NoticeCode.FEW_AREAS: f"Eingestufte {name}: nur {count}. Mittel und "
        "Standardabweichung hängen an einzelnen Gebieten.",
        NoticeCode.CONSTANT: "{} ist überall gleich und trägt nichts zum Index bei.",
    }
    return tuple(
        texts[notice.code].format(
            "" if notice.code is NoticeCode.FEW_AREAS else item_of(config, notice.item).label
        )
        for notice in notices_of(items, rule)
    )


def area_notices(release: Release, area_id: str, group: Group) -> tuple[str, ...]:
    """Figures that only some rules give: marks, the tenth, the level by this date's scale."""
    config = release.info.config
    if group not in config.levels.need:
        return ()
    columns = columns_of(release, Kind.QUARTIER, group)

    def value(item: str) -> float | None:
        return cell_of(columns, item, area_id).value

    found = []
    rule = rule_of(config.levels, "need", group)
    marked = [item_of(config, item).label for item in rule.items if value(f"{item}.flag")]
    if marked:
        found.append(f"Im obersten Zehntel (Prozentrang ab 0,90): {enumeration(marked)}.")
    if (tenth := value(f"{NEED_INDEX}.decile")) is not None:
        found.append(f"Zehntel {tenth:.0f} von 10; 1 ist am stärksten belastet.")
    level, index = value(f"{NEED_LEVEL}.relative"), value(f"{NEED_INDEX}.relative")
    if level is not None and index is not None and rule.base_date is not None:
        found.append(
            f"Maßstab vom {day_text(rule.base_date)}. Nach dem eigenen Maßstab dieses "
            f"Stichtags: {level_text(release, NEED_LEVEL, level)}, Index {index_text(index)}."
        )
    return tuple(found)
