"""A delivery beside what the office knows: the deliveries before, residents, links."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from atlas.confidential.already_out import already_out, compared_kind
from atlas.confidential.delivery import Finding, Profile, Reading, Severity
from atlas.confidential.desk import Desk, person_key
from atlas.confidential.meaning import (
    Areas,
    Case,
    Dated,
    Linked,
    Portrait,
    Source,
    checks_of,
    continuity,
    draw,
    judge,
    link_of,
)
from atlas.confidential.store import (
    Delivery,
    in_force,
    keep_portrait,
    list_deliveries,
    read_portrait,
)
from atlas.config import Layout
from atlas.errors import DamageError
from atlas.terms import RESIDENTS, Group, Kind

# Deliveries that limits are learned from; a file of the wrong date may also be a later one.
_EARLIER, _LATER = 6, 2


@dataclass(frozen=True)
class Judged:
    """What was found about the meaning of a delivery, and its portraits to be kept.

    ``passed`` names for each date the checks that found nothing, ``held`` those that did.
    """

    findings: tuple[Finding, ...]
    portraits: Mapping[date, Portrait]
    passed: Mapping[date, tuple[str, ...]] = field(default_factory=dict)
    held: Mapping[date, tuple[str, ...]] = field(default_factory=dict)

    def verdict(
        self, day: date, findings: Sequence[Finding]
    ) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Name the checks that one date passed, and those that a person has to let pass."""
        others = [held for when, held in self.held.items() if when != day]
        warned = {one.check for one in findings if one.severity is Severity.WARNING}
        held = {*self.held.get(day, ()), *warned.difference(*others)}
        passed = tuple(check for check in self.passed.get(day, ()) if check not in held)
        return passed, tuple(sorted(held))


def judge_reading(desk: Desk, layout: Layout, reading: Reading) -> Judged:
    """Judge every date of a delivery that the store does not hold already."""
    past = _Past(desk, layout)
    findings: list[Finding] = []
    passed: dict[date, tuple[str, ...]] = {}
    held: dict[date, tuple[str, ...]] = {}
    for day, rows in sorted(reading.parts.items()):
        if not past.holds(day, rows):
            case = past.case(day, rows, reading.twins.get(day))
            past.arriving[day] = case.new
            found = judge(case)
            findings.extend(found)
            held[day] = tuple(sorted({finding.check for finding in found}))
            passed[day] = tuple(name for name in checks_of(case) if name not in held[day])
    return Judged(tuple(findings), past.arriving, passed, held)


def profile_before(desk: Desk, layout: Layout, day: date) -> Profile | None:
    """Figures of size of the last delivery in force until a day of which anything is kept."""
    past = _Past(desk, layout)
    for when in sorted((when for when in past.days(layout) if when <= day), reverse=True):
        portrait = past.portrait(layout, when)
        if portrait is None:
            continue
        profile = portrait.profile(layout)
        is_same = portrait.edition == past.edition(layout, day)
        return profile if is_same else replace(profile, by_area={})
    return None


def renew_linked(desk: Desk, layout: Layout, day: date) -> None:
    """Draw the registers anew that this one gives the place, once it is in force."""
    past = _Past(desk, layout)
    for other in past.linked_layouts():
        when = past.serving(other, day)
        rows = past.rows(other, when) if when else None
        if when is None or rows is None:
            continue
        old = past.portrait(other, when)
        generation = past.current[other.id, when].arrival.generation
        kept = {"continuity": old.continuity, "twins": old.twins} if old else {}
        new = draw(past.source(other, when, rows, generation)).model_copy(update=kept)
        keep_portrait(past.current[other.id, when], new.model_dump_json())


@dataclass(frozen=True)
class _Past:
    """Deliveries in force while one of a layout arrives.

    ``arriving`` holds the portraits of the dates that came in the same file.
    """

    desk: Desk
    layout: Layout
    arriving: dict[date, Portrait] = field(default_factory=dict)
    current: Mapping[tuple[str, date], Delivery] = field(init=False)

    def __post_init__(self) -> None:
        current = in_force(list_deliveries(self.desk.store_dir))
        object.__setattr__(self, "current", current)

    def days(self, layout: Layout) -> list[date]:
        return [when for name, when in self.current if name == layout.id]

    def rows(self, layout: Layout, day: date) -> pa.Table | None:
        delivery = self.current.get((layout.id, day))
        is_there = delivery is not None and delivery.rows_path.exists()
        return pq.read_table(delivery.whole_rows()) if delivery and is_there else None

    def persons(self, layout: Layout, day: date, generation: int) -> pa.Table | None:
        """Rows of a register whose person hashes are of one generation; others never match."""
        delivery = self.current.get((layout.id, day))
        is_alike = delivery is not None and delivery.arrival.generation == generation
        return self.rows(layout, day) if is_alike else None

    def holds(self, day: date, rows: pa.Table) -> bool:
        try:
            held = self.rows(self.layout, day)
        except DamageError:  # what comes again mends it
            return False
        return held is not None and bool(held.equals(rows))

    def case(self, day: date, rows: pa.Table, twins: int | None) -> Case:
        """Put the rows of one date beside everything that is known."""
        others = self._others(self.layout, day)
        generation, _ = person_key(self.desk.keys_dir)
        new = self._draw(self.layout, day, rows, generation)
        new = new.model_copy(update={"twins": twins})
        config = self.desk.config
        measures = config.indicators.measures
        areas = self.desk.areas_of(new.edition or config.areas.edition_of(day).id)
        areas = areas[areas["kind"] == str(compared_kind(self.layout))]
        return Case(
            layout=self.layout,
            day=day,
            new=new,
            others=others,
            labels={name: measure.label for name, measure in measures.items()},
            names=dict(zip(areas["area_id"], areas["name"], strict=True)),
            residents=self._residents(day, new, others),
            linked=(*_own_link(self.layout, new, others), *self._links(day, rows, generation)),
            parts=_parts(config.indicators.nesting()),
            published=already_out(self.desk, others[0].day if others else day, self.layout),
        )

    def portrait(self, layout: Layout, day: date) -> Portrait | None:
        """Read a portrait, or make it from the rows; None if both are gone.

        Raises
        ------
        DamageError
            If the portrait or the rows it could be made from are damaged.
        """
        delivery = self.current[layout.id, day]
        damage: DamageError | None = None
        try:
            return Portrait.model_validate_json(read_portrait(delivery))
        except DamageError as error:
            damage = error if delivery.portrait_path.exists() else None
        except ValidationError:  # of an earlier program
            pass
        rows = self.rows(layout, day)
        if rows is None and damage is not None:
            raise damage
        if rows is None:
            return None
        portrait = self._draw(layout, day, rows, delivery.arrival.generation)
        keep_portrait(delivery, portrait.model_dump_json())
        return portrait

    def source(self, layout: Layout, day: date, rows: pa.Table, generation: int) -> Source:
        """Gather what is needed to count the rows of a delivery."""
        edition = self.edition(layout, day)
        register = self._register(layout, day, generation)
        placing = self._placing(layout)
        upper: dict[str, str] = {}
        if placing.kind == Kind.BLOCK:
            areas = self.desk.areas_of(edition)
            blocks = areas[areas["kind"] == str(Kind.BLOCK)]
            upper = dict(zip(blocks["area_id"], blocks["parent_id"], strict=True))
        groups = self.desk.config.indicators.memberships()
        return Source(rows, layout, edition, upper, register, groups)

    def edition(self, layout: Layout, day: date) -> date:
        placing = self._placing(layout)
        return placing.edition or self.desk.config.areas.edition_of(day).id

    def linked_layouts(self) -> Iterator[Layout]:
        """Find the registers that get their place from this layout."""
        for other in self.desk.config.deliveries.layouts:
            if other.place_from == self.layout.id:
                yield other

    def serving(self, layout: Layout, day: date) -> date | None:
        """Date of the delivery of a linked register that serves a date."""
        first, last = day - timedelta(layout.days_before), day + timedelta(layout.days_after)
        return max((when for when in self.days(layout) if first <= when <= last), default=None)

    def _placing(self, layout: Layout) -> Layout:
        return self.desk.config.deliveries.layout(layout.place_from or layout.id)

    def _register(self, layout: Layout, day: date, generation: int) -> pa.Table | None:
        """Rows of the register that gives the place, at the date that a delivery serves."""
        if layout.place_from is None:
            return None
        placing = self._placing(layout)
        first, last = day - timedelta(layout.days_after), day + timedelta(layout.days_before)
        days = [when for when in self.days(placing) if first <= when <= last]
        if not days:
            return None
        return self.persons(placing, min(days, key=lambda one: abs(one - day)), generation)

    def _draw(self, layout: Layout, day: date, rows: pa.Table, generation: int) -> Portrait:
        """Make a portrait, with how the register goes on from the one before it."""
        source = self.source(layout, day, rows, generation)
        portrait = draw(source)
        days = [when for when in self.days(layout) if when != day]
        before = [when for when in days if when < day]
        last = max(before, default=min(days, default=None))
        old = self.persons(layout, last, generation) if last else None
        if last is None or old is None or layout.shape != "persons":
            return portrait
        found = continuity(source, old, (last, day))
        return portrait.model_copy(update={"continuity": found})

    def _others(self, layout: Layout, day: date) -> tuple[Dated, ...]:
        """Deliveries of other dates, the nearest before this one first, then those after."""
        together = self.arriving if layout is self.layout else {}
        days = {*self.days(layout), *together}
        before = sorted((when for when in days if when < day), reverse=True)[:_EARLIER]
        after = sorted(when for when in days if when > day)[:_LATER]
        found = []
        for when in (*before, *after):
            portrait = together.get(when) or self.portrait(layout, when)
            if portrait is not None:
                found.append(Dated(when, portrait))
        return tuple(found)

    def _residents(
        self, day: date, new: Portrait, others: Sequence[Dated]
    ) -> tuple[Areas, Areas]:
        last = others[0] if others else None
        if RESIDENTS in new.areas:
            return new.areas, last.portrait.areas if last else {}
        return self._residents_at(day), self._residents_at(last.day) if last else {}

    def _residents_at(self, day: date) -> Areas:
        """Residents of the delivery that is nearest to a date."""
        for giver in self.desk.config.deliveries.layouts:
            days = self.days(giver)
            if (RESIDENTS, Group.ALL) not in self.desk.config.items_of(giver) or not days:
                continue
            nearest = min(days, key=lambda when: (abs(when - day), when))
            portrait = self.portrait(giver, nearest)
            if portrait is not None and RESIDENTS in portrait.areas:
                return portrait.areas
        return {}

    def _links(self, day: date, rows: pa.Table, generation: int) -> Iterator[Linked]:
        """Find the persons of other registers in this one."""
        for other in self.linked_layouts():
            when = self.serving(other, day)
            persons = self.persons(other, when, generation) if when else None
            if when is not None and persons is not None:
                past = _links_of(self._others(other, when))
                yield Linked(other.label, link_of(persons, rows), past)


def _own_link(layout: Layout, new: Portrait, others: Sequence[Dated]) -> Iterator[Linked]:
    if new.link is not None:
        yield Linked(layout.label, new.link, _links_of(others))


def _links_of(others: Sequence[Dated]) -> tuple[tuple[int, int], ...]:
    return tuple(one.portrait.link for one in others if one.portrait.link)


def _parts(nesting: Mapping[str, str | None]) -> frozenset[str]:
    """Measures that count some of the residents."""
    found = set()
    for name in nesting:
        whole = nesting[name]
        while whole is not None and whole != RESIDENTS:
            whole = nesting[whole]
        if whole == RESIDENTS:
            found.add(name)
    return frozenset(found)
