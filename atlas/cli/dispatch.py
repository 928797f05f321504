"""Command that hands papers over to who regularly gets them."""

from typing import TYPE_CHECKING

from atlas.cli.options import DEFAULT_CITY, DEFAULT_HOME, City, HomeDir, open_city
from atlas.cli.reports import press_of
from atlas.cli.screen import Screen, err, out
from atlas.errors import AtlasError

if TYPE_CHECKING:
    from atlas.confidential.desk import Desk
    from atlas.config import Subscriptions
    from atlas.publication.dispatch import Counter

_PRIVATE = 0o700


def send(city: City = DEFAULT_CITY, home: HomeDir = DEFAULT_HOME) -> None:
    """Schreibt neue Nummern nach reports/ und gibt jedem Abo, was es noch nicht hat."""
    errors = hand_out(open_city(city, home, Screen()))
    if errors:
        raise errors[0]


def hand_out(desk: "Desk") -> list[AtlasError]:
    """Hand over what is due and say so; give what somebody has to mend."""
    from atlas.confidential.desk import only_one
    from atlas.publication.dispatch import deliver_all

    with only_one(desk):
        counter, subscriptions = _counter(desk)
        if not subscriptions.subscriptions:
            return []
        errors = []
        for told in deliver_all(counter, subscriptions):
            if isinstance(told, AtlasError):
                errors.append(told)
            else:
                out.print(told)
    for error in errors[1:]:
        err.print(f"Fehler: {error}")
    return errors


def _counter(desk: "Desk") -> "tuple[Counter, Subscriptions]":
    """Lay out who gets what; the house itself gets each issue of the weekly paper."""
    from atlas.config import Subscription, load_subscriptions
    from atlas.config.subscriptions import OWN
    from atlas.publication.dispatch import LEDGER_NAME, Counter
    from atlas.terms import Role

    press, subscriptions = press_of(desk), load_subscriptions(desk.city_dir)
    folder = desk.home.reports(desk.config.city.id)
    if press.reports.weekly is not None:
        own = Subscription(id=OWN, reports=("weekly",), role=Role.PLANNING, folder=str(folder))
        every = (own, *subscriptions.subscriptions)
        subscriptions = subscriptions.model_copy(update={"subscriptions": every})
    if subscriptions.subscriptions:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
    counter = Counter(desk.config, press, subscriptions.mail, folder / LEDGER_NAME)
    return counter, subscriptions
