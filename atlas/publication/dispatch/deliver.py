"""Everything that is due goes to its place, one paper after another, each written down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from atlas.config import CityConfig, Mail, Subscription, Subscriptions
from atlas.errors import AtlasError
from atlas.publication import export
from atlas.publication.access import Sight
from atlas.publication.dispatch.due import due
from atlas.publication.dispatch.ledger import Ledger, Stage
from atlas.publication.dispatch.mail import letter, post_office
from atlas.publication.dispatch.places import put_in_folder, put_on_webdav
from atlas.publication.report import FORMATS
from atlas.publication.report.past import Cut
from atlas.publication.report.press import Made, Press
from atlas.release.shelf import ReleaseRef
from atlas.terms import Kind, Role
from atlas.words import day_text

_TABLES = "tables"


@dataclass(frozen=True)
class File:
    """A file by its name; ``make`` writes its content."""

    name: str
    make: Callable[[], bytes]


@dataclass(frozen=True)
class Counter:
    """Where papers are handed over.

    Attributes
    ----------
    ledger_path
        The book of what was handed over.
    """

    config: CityConfig
    press: Press
    mail: Mail | None
    ledger_path: Path


def deliver_all(counter: Counter, subscriptions: Subscriptions) -> Iterator[str | AtlasError]:
    """Hand over what is due; mails last, since they speak of files that lie there by then.

    Yields
    ------
    A German sentence per paper that was handed over, and one error per subscriber who could
    not get the rest; the others get theirs.
    """
    ledger = Ledger(counter.ledger_path)
    for one in sorted(subscriptions.subscriptions, key=lambda one: bool(one.to)):
        try:
            yield from _deliver(counter, one, ledger)
        except AtlasError as error:
            yield error


def _deliver(counter: Counter, one: Subscription, ledger: Ledger) -> Iterator[str]:
    sight = _sight_of(one.role)
    if sight.is_blind(counter.config.city):
        raise AtlasError(
            f"Abo {one.id}: die Rolle {one.role} sieht in dieser Stadt nichts. Erwartet: eine "
            "Rolle, der die Stadt etwas zeigt. subscriptions.toml oder public_kinds prüfen."
        )
    press = replace(counter.press, cut=_cut_for(one.role))
    for report in (*one.reports, *((_TABLES,) if one.tables else ())):
        for ref in due(_refs(press, report), ledger.done(one.id, report), one.rhythm):
            key = (one.id, report, ref.name)
            made = _made(press, one, report, ref)
            files = _files(made, one, report)
            told = f"{made.paper.title}, Stand {day_text(ref.reference_date)}"
            _hand_over(counter, one, (told, files), ledger, key)
            yield f"Abo {one.id}: {told}"


def _sight_of(role: Role) -> Sight:
    return Sight(frozenset({role}))


@cache
def _cut_for(role: Role) -> Cut:
    """Give one function per role: what was cut by it once is known by it."""
    return _sight_of(role).cut


def _hand_over(
    counter: Counter,
    one: Subscription,
    content: tuple[str, tuple[File, ...]],
    ledger: Ledger,
    key: tuple[str, str, str],
) -> None:
    told, files = content
    if one.to and counter.mail and one.link:
        links = tuple(one.link.replace("{file}", file.name) for file in files)
        is_again = ledger.is_begun(key)
        with post_office(counter.mail) as server:
            ledger.write(key, Stage.BEGUN)
            server.send_message(letter(counter.mail, one.to, (told, links), is_again=is_again))
            ledger.write(key, Stage.DONE)
        return
    ledger.write(key, Stage.BEGUN)
    for file in files:
        if one.webdav:
            put_on_webdav(one.webdav, one.webdav_user, file.name, file.make())
        else:
            put_in_folder(Path(one.folder), file.name, file.make())
    ledger.write(key, Stage.DONE)


def _refs(press: Press, report: str) -> tuple[ReleaseRef, ...]:
    return press.issues() if report == "weekly" else press.finals()


def _made(press: Press, one: Subscription, report: str, ref: ReleaseRef) -> Made:
    day = ref.reference_date
    if report == "profile":
        return press.profiles(day, one.areas)
    write = {"weekly": press.weekly, "yearly": press.yearly}
    return write.get(report, press.edition)(day)


def _files(made: Made, one: Subscription, report: str) -> tuple[File, ...]:
    if report == _TABLES:
        return tuple(_table(made, suffix) for suffix in one.tables)
    return tuple(_paper(made, suffix) for suffix in one.formats)


def _paper(made: Made, suffix: str) -> File:
    form = FORMATS[suffix]
    return File(made.file(form.suffix), lambda: form.write(made.paper))


def _table(made: Made, suffix: str) -> File:
    form = next(one for one in export.FORMATS if one.suffix == suffix)
    name = export.file_name(made.seen, export.table_name(made.seen, Kind.QUARTIER), suffix)
    return File(name, lambda: form.write(made.seen, Kind.QUARTIER))
