"""A delivery taken back: it stays in the store, but serves no date and no reader any more.

Every release that rests on it is withdrawn with it. The mark in the store names them, so that a
killed command is finished by the next run.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from atlas.confidential.day import Calendar
from atlas.confidential.delivery import Finding, Reading, Severity
from atlas.confidential.desk import Desk
from atlas.confidential.log import events, now, user
from atlas.confidential.past import renew_linked
from atlas.confidential.store import (
    Delivery,
    Rejection,
    current_delivery,
    holds,
    list_deliveries,
    reject,
)
from atlas.confidential.withdraw import take_out
from atlas.config import Layout
from atlas.errors import DeliveryError, ReleaseError
from atlas.release import ReleaseInfo, list_releases, read_info, ref_of
from atlas.words import day_text


@dataclass(frozen=True)
class TakenBack:
    """What follows from a rejection.

    Attributes
    ----------
    withdrawn
        Names of the releases that rested on the delivery.
    successor
        Delivery of the same layout and date that is in force now.
    """

    delivery: Delivery
    withdrawn: tuple[str, ...]
    successor: Delivery | None


def reject_delivery(desk: Desk, name: str, reason: str) -> TakenBack:
    """Take a delivery back, and with it every release that rests on it.

    Parameters
    ----------
    name
        As ``atlas deliveries`` names it, e.g. ``ewo/2024-12-31.2``.

    Raises
    ------
    DeliveryError
        If there is no such delivery, it was taken back already, or nobody says why.
    """
    delivery = _find(desk, name)
    if not reason.strip():
        raise DeliveryError(
            f"Lieferung {name}: Begründung fehlt. Erwartet: ein Satz, den auch die Leser*innen "
            "verstehen. Mit --reason angeben."
        )
    text = " ".join(reason.split())
    desk.log("rejected", f"{delivery.layout} {delivery.path.name}", {"reason": text})
    rejection = _mark(desk, delivery, Rejection(now(), user(), text))
    successor = current_delivery(desk.store_dir, delivery.layout, delivery.reference_date)
    return TakenBack(delivery, rejection.releases, successor)


def _mark(desk: Desk, delivery: Delivery, decided: Rejection) -> Rejection:
    """Carry out what was decided: mark the delivery, withdraw what rests on it."""
    rejection = replace(decided, releases=tuple(_resting_on(desk, delivery)))
    reject(delivery, rejection)
    _withdraw_resting(desk, delivery, rejection)
    layouts = {layout.id: layout for layout in desk.config.deliveries.layouts}
    if delivery.layout in layouts:
        renew_linked(desk, layouts[delivery.layout], delivery.reference_date)
    return rejection


def finish_rejections(desk: Desk, calendar: Calendar) -> None:
    """Carry out rejections that were cut off or whose mark was lost: the log decides."""
    decided = {
        one.subject: Rejection(one.when, one.who, one.details.get("reason", ""))
        for one in events(desk.log_path, holding='"rejected"')
        if one.what == "rejected"
    }
    for one in calendar.stored:
        if one.rejection is not None:
            _withdraw_resting(desk, one, one.rejection)
            continue
        rejection = decided.get(f"{one.layout} {one.path.name}")
        if rejection is not None and rejection.when >= one.arrival.arrived:  # not a later one
            _mark(desk, one, rejection)


def rejected_before(desk: Desk, layout: Layout, reading: Reading) -> tuple[Finding, ...]:
    """Hold a file with what was taken back; it is accepted only with a reason."""
    stored = [one for one in list_deliveries(desk.store_dir) if one.layout == layout.id]
    found = []
    for day, rows in sorted(reading.parts.items()):
        current = current_delivery(desk.store_dir, layout.id, day)
        if current is not None and holds(current, rows, reading.sha256):
            continue
        again = [
            one.rejection
            for one in stored
            if one.reference_date == day
            and one.rejection is not None
            and (one.arrival.sha256 == reading.sha256 or holds(one, rows, reading.sha256))
        ]
        found += [_finding(day, again[-1])] if again else []
    return tuple(found)


def raise_on_rejected(desk: Desk, info: ReleaseInfo) -> None:
    """Refuse a draft that rests on a delivery that was taken back since.

    Raises
    ------
    ReleaseError
        Naming the delivery.
    """
    for one in list_deliveries(desk.store_dir):
        if one.rejection is not None and _rests_on(desk, info, one):
            raise ReleaseError(
                f"Entwurf {info.name}: beruht auf der zurückgewiesenen Lieferung {one.name} "
                f"({one.rejection.reason}). Erwartet: Lieferungen, die gelten. Stichtag neu "
                "bauen."
            )


def _finding(day: date, rejection: Rejection) -> Finding:
    when = f" am {day_text(date.fromisoformat(rejection.when[:10]))}" if rejection.when else ""
    hint = (
        f"derselbe Inhalt wurde{when} zurückgewiesen („{rejection.reason}“). Erwartet: eine "
        "berichtigte Lieferung. Neu anfordern."
    )
    return Finding("rejected_before", Severity.WARNING, f"Stichtag {day_text(day)}", (), hint)


def _find(desk: Desk, name: str) -> Delivery:
    wanted = name.strip().replace(" ", "/")
    found = [one for one in list_deliveries(desk.store_dir) if one.name == wanted]
    if not found:
        raise DeliveryError(
            f"Lieferung {name}: liegt nicht im Speicher. Erwartet: ein Name wie "
            "ewo/2024-12-31.1. Mit atlas deliveries nachsehen."
        )
    if (done := found[0].rejection) is not None:
        raise DeliveryError(
            f"Lieferung {name}: ist schon zurückgewiesen („{done.reason}“). Erwartet: eine, "
            "die noch gilt. Mit atlas deliveries nachsehen."
        )
    return found[0]


def _resting_on(desk: Desk, delivery: Delivery) -> Iterator[str]:
    """Names of the releases that are made of a delivery."""
    for ref in list_releases(desk.releases_dir):
        with suppress(ReleaseError):  # a damaged one shows nobody anything
            if not ref.is_withdrawn and _rests_on(desk, read_info(ref.path), delivery):
                yield ref.name


def _rests_on(desk: Desk, info: ReleaseInfo, delivery: Delivery) -> bool:
    layouts = desk.config.deliveries.layouts
    of_layout = [one for one in layouts if one.id == delivery.layout]
    if not of_layout:
        return False
    source, label = of_layout[0].source, of_layout[0].label
    is_alone = [one.source for one in layouts].count(source) == 1
    return any(
        (one.source, one.reference_date, one.number)
        == (source, delivery.reference_date, delivery.number)
        and (is_alone or one.label == label)
        for one in info.deliveries
    )


def _withdraw_resting(desk: Desk, delivery: Delivery, rejection: Rejection) -> None:
    layouts = {layout.id: layout.label for layout in desk.config.deliveries.layouts}
    label = layouts.get(delivery.layout, delivery.layout)
    for name in rejection.releases:
        ref = ref_of(desk.releases_dir / name)
        if ref is not None and not ref.is_withdrawn:
            take_out(desk, ref.path, f"{label} zurückgewiesen: {rejection.reason}")
