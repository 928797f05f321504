"""Why an area has its level: contributions of the indicators, distance to the next level."""

from dataclasses import dataclass

from atlas.publication.views.cells import Columns, cell_of, columns_of
from atlas.publication.views.items import Item, item_of
from atlas.publication.views.text import number_text, signed_text
from atlas.release import Release
from atlas.terms import NEED_INDEX, NEED_LEVEL, Group, Kind

_DIGITS = 2
_STABILITY = {1: "Stabil", 2: "Grenznah", 3: "Unsicher"}


@dataclass(frozen=True)
class Contribution:
    """What one indicator adds to the index of one area.

    ``amount`` in units of the index; all amounts of an area add up to it. ``text`` says the
    same in words: value, mean and contribution.
    """

    item: str
    label: str
    value: str
    mean: str
    amount: float
    amount_text: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """Index, cuts and distance of one area; texts are sentences or empty."""

    index: float
    index_text: str
    cuts: tuple[float, ...]
    contributions: tuple[Contribution, ...]
    distance: str
    robustness: str


def contributions(release: Release, area_id: str, group: Group) -> tuple[Contribution, ...]:
    """Contributions of one Quartier, largest amount first; empty where it has no level."""
    config = release.info.config
    if group not in config.levels.need:
        return ()
    columns = columns_of(release, Kind.QUARTIER, group)
    means = columns_of(release, Kind.CITY, group)
    found = []
    for part in config.levels.need[group].indicators:
        item = item_of(config, part.id)
        one = _contribution(release, item, columns, means, area_id)
        if one is not None:
            found.append(one)
    return tuple(sorted(found, key=lambda one: (-abs(one.amount), one.item)))


def explanation(release: Release, area_id: str, group: Group) -> Explanation | None:
    """Everything behind the level of one Quartier; ``None`` where it has none."""
    columns = columns_of(release, Kind.QUARTIER, group)
    index = cell_of(columns, NEED_INDEX, area_id).value
    level = cell_of(columns, NEED_LEVEL, area_id).value
    if index is None or level is None:
        return None
    cuts = _cuts(release, group)
    return Explanation(
        index=index,
        index_text=signed_text(index, _DIGITS),
        cuts=cuts,
        contributions=contributions(release, area_id, group),
        distance=_distance_text(release, columns, area_id, int(level)),
        robustness=_robustness_text(release, columns, area_id, int(level)),
    )


def level_sentence(release: Release, kind: Kind, area_id: str, group: Group) -> str:
    """One plain sentence about what pushes the index most; empty where there is no level."""
    if kind is not Kind.QUARTIER:
        return ""
    found = contributions(release, area_id, group)
    columns = columns_of(release, kind, group)
    index = cell_of(columns, NEED_INDEX, area_id).value
    if not found or index is None:
        return ""
    above = index > 0
    pushing = [one for one in found if (one.amount > 0) == above and one.amount != 0]
    if not pushing:
        return ""
    first = pushing[0]
    where = "über" if above else "unter"
    return (
        f"Der Index liegt {where} dem Durchschnitt, vor allem wegen: {first.label} "
        f"{first.value} (Durchschnitt {first.mean})."
    )


def _contribution(
    release: Release, item: Item, columns: Columns, means: Columns, area_id: str
) -> Contribution | None:
    value = cell_of(columns, item.id, area_id).value
    amount = cell_of(columns, f"{item.id}.contribution", area_id).value
    mean = cell_of(means, f"{item.id}.mean", release.info.config.city.key).value
    if value is None or amount is None or mean is None:
        return None
    verb = "hebt" if amount > 0 else "senkt"
    size = number_text(abs(amount), _DIGITS)
    effect = f"{verb} den Index um {size}" if amount != 0 else "ohne Einfluss auf den Index"
    value_text, mean_text = item.value_text(value), item.value_text(mean)
    return Contribution(
        item=item.id,
        label=item.label,
        value=value_text,
        mean=mean_text,
        amount=amount,
        amount_text=signed_text(amount, _DIGITS),
        text=f"{item.label} {value_text}, Durchschnitt {mean_text}: {effect}.",
    )


def _cuts(release: Release, group: Group) -> tuple[float, ...]:
    """Cuts in force, from the release itself."""
    columns = columns_of(release, Kind.CITY, group)
    key = release.info.config.city.key
    count = len(release.info.config.levels.labels)
    cells = [cell_of(columns, f"{NEED_INDEX}.cut_{n}", key).value for n in range(1, count)]
    return tuple(cut for cut in cells if cut is not None)


def _distance_text(release: Release, columns: Columns, area_id: str, level: int) -> str:
    distance = cell_of(columns, f"{NEED_INDEX}.distance", area_id).value
    if distance is None:
        return ""
    labels = release.info.config.levels.labels
    size = number_text(abs(distance), _DIGITS)
    if distance < 0:
        return (
            f"{size} Indexpunkte über der Grenze zur höchsten Stufe {level}, {labels[level]}."
        )
    return f"{size} Indexpunkte bis zur Stufe {level + 1}, {labels[level + 1]}."


def _robustness_text(release: Release, columns: Columns, area_id: str, level: int) -> str:
    share = cell_of(columns, f"{NEED_LEVEL}.share_{level}", area_id).value
    stability = cell_of(columns, f"{NEED_LEVEL}.stability", area_id).value
    if share is None or stability is None:
        return ""
    low = cell_of(columns, f"{NEED_LEVEL}.rank_low", area_id).value
    high = cell_of(columns, f"{NEED_LEVEL}.rank_high", area_id).value
    count = number_text(100 * share, 0)
    ranks = "" if low is None or high is None else f"; Rang {int(low)} bis {int(high)}"
    return (
        f"{_STABILITY[int(stability)]}: {count} von 100 Rechnungen mit veränderten Annahmen "
        f"(Gewichte, Verfahren, Grenzen) ergeben dieselbe Stufe{ranks}."
    )
