"""What every page says about a release: state, what is missing, where the data come from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from atlas.config import ProtectionRules, PublishedConfig
from atlas.config.indicators import parse_term
from atlas.publication.seen import Seen
from atlas.publication.views.items import item_of
from atlas.release import Release
from atlas.terms import STATE_LABELS, STATUS_LABELS, Group, Kind, Status, Unit
from atlas.words import day_text, enumeration

_SAMPLE = "Musterdaten"
_WHOLE = 100.0  # per cent
_NOT_ADOPTED = "Einstufung des Programms, nicht der Stadt"


@dataclass(frozen=True)
class ReleaseNotes:
    """Head of every page; ``missing`` is a sentence or empty."""

    title: str
    day: str
    state: str
    name: str
    edition: str
    badges: tuple[str, ...]
    missing: str


@dataclass(frozen=True)
class BlockTables:
    """How many block tables (one per Quartier) of one measure and group are shown."""

    measure: str
    group: str
    shown: int
    total: int
    hidden_cells: int
    cells: int


def release_notes(seen: Seen) -> ReleaseNotes:
    """Title, state and badges of a release."""
    info, city = seen.info, seen.config.city
    badges = [_SAMPLE] if city.sample_data else []
    if not city.is_adopted and Kind.QUARTIER in seen.kinds:
        badges.append(_NOT_ADOPTED)
    return ReleaseNotes(
        title=city.title,
        day=seen.day,
        state=STATE_LABELS[info.state],
        name=info.name,
        edition=day_text(info.edition),
        badges=tuple(badges),
        missing=missing_note(seen),
    )


def missing_note(seen: Seen) -> str:
    """Sentence about the sources that are still to come; empty if none is."""
    missing = seen.info.missing
    return f"{missing_clause(missing)}." if missing else ""


def missing_clause(missing: Sequence[str]) -> str:
    """Say of sources that they are still to come, without full stop."""
    verb = "fällt" if len(missing) == 1 else "fallen"
    return f"{enumeration(missing)} {verb} später an"


def provisional_text() -> str:
    """Say what „vorläufig“ means, wherever the word stands."""
    later = STATUS_LABELS[Status.MISSING]
    return (
        "Vorläufig heißt: Zu diesem Stichtag fehlt noch eine Quelle. Was sie zählt, auch die "
        f"Stufe, ist mit „{later}“ bezeichnet; alle anderen Zahlen stehen schon da. Sobald die "
        "Quelle da ist, erscheint der Stichtag noch einmal ganz und heißt dann endgültig."
    )


def credit_lines(seen: Seen) -> tuple[str, ...]:
    """List the lines of attribution, deliveries first, the licence last."""
    info = seen.info
    lines = [
        f"{one.label}{f', {one.supplier}' if one.supplier else ''}, "
        f"Stand {day_text(one.reference_date)}"
        for one in info.deliveries
    ]
    context = info.config.context
    told = (*info.config.city.credits, *(context.credits() if context else ()))
    lines += [f"{credit.text} ({credit.licence})" for credit in told]
    if info.config.city.sample_data:
        lines.append(f"{_SAMPLE}: erzeugte Zahlen auf echten Grenzen")
    return (*lines, f"Lizenz dieser Veröffentlichung: {info.config.city.licence}")


def block_tables(seen: Seen) -> tuple[BlockTables, ...]:
    """Count shown block tables per measure and group.

    A block table holds all blocks of one area above for one measure and group; it counts as
    shown if no cell in it is hidden. Tables that no source delivers are left out.
    """
    whole = seen.through(Group.ALL)
    return whole.once("block tables", lambda: _block_tables(seen.release))


def _block_tables(release: Release) -> tuple[BlockTables, ...]:
    config = release.info.config
    cells = release.cells
    is_count = cells["item"].isin(list(config.indicators.measures))
    blocks = cells[(cells["kind"] == str(Kind.BLOCK)) & is_count]
    parents = release.areas[release.areas["kind"] == str(Kind.BLOCK)]
    parent_of = dict(zip(parents["area_id"], parents["parent_id"], strict=True))
    blocks = blocks.assign(
        parent=blocks["area_id"].map(parent_of),
        is_hidden=blocks["status"] == str(Status.SUPPRESSED),
        is_there=~blocks["status"].isin([str(Status.UNAVAILABLE), str(Status.MISSING)]),
    )
    keys = ["item", "group", "parent"]
    tables = blocks.groupby(keys)[["is_hidden", "is_there"]].sum().reset_index()
    tables = tables[tables["is_there"] > 0]
    found = dict(iter(tables.groupby(["item", "group"])))
    return tuple(
        BlockTables(
            measure=item_of(config, item).label,
            group=rule.label,
            shown=int((rows["is_hidden"] == 0).sum()),
            total=len(rows),
            hidden_cells=int(rows["is_hidden"].sum()),
            cells=int(rows["is_there"].sum()),
        )
        for item in config.indicators.measures
        for group, rule in config.indicators.groups.items()
        if (rows := found.get((item, str(group)))) is not None
    )


def secret_counts(rules: ProtectionRules, items: Collection[str]) -> str:
    """Say which counts of some items blocks never show."""
    small = f"Anzahlen von 1 bis {rules.min_count - 1}"
    shares = sorted({rules.homogeneity[one] for one in items if one in rules.homogeneity})
    if not shares:
        return small
    percent = enumeration([f"{share} %" for share in shares])
    return f"{small} oder Anteile ab {percent}"


def secret_text(seen: Seen) -> str:
    """Say in one sentence which counts are secret."""
    rules = seen.config.protection
    limit = secret_counts(rules, rules.homogeneity)
    return f"{limit} sind geheim, ebenso was sie verraten würde."


def why_hidden(seen: Seen, counts: Collection[str]) -> str:
    """Say what makes cells of blocks secret for some counts, as a clause."""
    limit = secret_counts(seen.config.protection, counts)
    if seen.config.protection.scope == "cell":
        return f"{limit}, oder was eine solche Zahl verriete"
    return (
        f"je {seen.singular(Kind.QUARTIER)} die ganze Tabelle, weil sonst {limit} darin stünden"
    )


def block_note(seen: Seen) -> str:
    """How much of the blocks is shown, and why the rest is not; empty without blocks."""
    counted = block_tables(seen)
    if not counted:
        return ""
    rules = seen.config.protection
    blocks = seen.plural(Kind.BLOCK)
    limit = secret_counts(rules, rules.homogeneity)
    if not any(one.hidden_cells for one in counted):
        return f"{blocks}: alle Werte sind gezeigt."
    if rules.scope == "cell":
        hidden, cells = sum(one.hidden_cells for one in counted), sum(o.cells for o in counted)
        return (
            f"{blocks}: {_count(hidden)} von {_count(cells)} Werten sind geheim, weil sie "
            f"{limit} wären oder solche verraten würden."
        )
    shown, total = sum(one.shown for one in counted), sum(one.total for one in counted)
    above = seen.kind_above(Kind.BLOCK) or Kind.CITY
    return (
        f"{blocks}: {_count(shown)} von {_count(total)} Tabellen (eine je "
        f"{seen.singular(above)}, Kennzahl und Bezugsgruppe) sind "
        f"gezeigt. In den übrigen wären einzelne Werte geheim ({limit}), deshalb ist dort die "
        "ganze Tabelle geheim."
    )


def block_note_of(seen: Seen, item: str) -> str:
    """How much of one item is shown for blocks; empty where nothing of it is hidden."""
    cells = seen.column(Kind.BLOCK, item)
    parents = {area.id: area.parent_id for area in seen.areas(Kind.BLOCK)}
    hidden = [key for key, cell in cells.items() if cell.status is Status.SUPPRESSED]
    if not hidden:
        return ""
    blocks = seen.plural(Kind.BLOCK)
    rules = seen.config.protection
    limit = secret_counts(rules, counts_of(seen.config, item))
    if rules.scope == "cell":
        return (
            f"{blocks}: {_count(len(hidden))} von {_count(len(cells))} sind geheim, weil sie "
            f"{limit} wären oder solche verraten würden."
        )
    tables = set(parents.values())
    shown = len(tables) - len({parents[key] for key in hidden})
    name = seen.singular(Kind.QUARTIER)
    return (
        f"{blocks}: {_count(shown)} von {_count(len(tables))} Tabellen (eine je {name}) "
        f"sind gezeigt. In den übrigen wären einzelne Werte geheim ({limit}), deshalb ist dort "
        "die ganze Tabelle geheim."
    )


def counts_of(config: PublishedConfig, item: str) -> set[str]:
    """Name the counts of an indicator; a count is its own."""
    indicator = config.indicators.indicators.get(item)
    return {measure for measure, _ in indicator.counts()} if indicator else {item}


def excess_note(seen: Seen, item: str, kind: Kind) -> str:
    """Say why a part is shown as more than its whole; empty where none is."""
    values = seen.values(kind, item).values()
    if max(values, default=0.0) <= _WHOLE or not _is_part(seen.config, item):
        return ""
    return (
        "Werte über 100 %: Zähler und Nenner kommen aus verschiedenen Quellen, die dort nicht "
        "zueinander passen."
    )


def _is_part(config: PublishedConfig, item: str) -> bool:
    """Whether an indicator is the share of a count in one that it is part of."""
    indicator = config.indicators.indicators[item]
    if (len(indicator.numerator), len(indicator.denominator)) != (1, 1):
        return False
    part, whole = map(parse_term, (*indicator.numerator, *indicator.denominator))
    if indicator.unit is not Unit.PERCENT or part.group != whole.group:
        return False
    nesting = config.indicators.nesting()
    above = nesting.get(part.measure)
    while above is not None and above != whole.measure:
        above = nesting.get(above)
    return above is not None


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")
