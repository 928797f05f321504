"""Key, log and ledger belong to the releases: whoever has not all of them builds nothing.

Two releases of one date that were protected with different keys, or without knowledge of each
other, give hidden counts away together. So a second home, a lost key or an old backup stops
before anything is taken in or built.
"""

from atlas.confidential.day import Calendar
from atlas.confidential.desk import Desk, has_order_key, key_check
from atlas.confidential.publish import tree_hash
from atlas.errors import ProtectionError, ReleaseError
from atlas.release import ReleaseRef

_RESTORE = "Sicherung von confidential/ zurückspielen (atlas restore)."


def require_own_releases(desk: Desk, calendar: Calendar) -> None:
    """Make sure that this office published the releases beside it, with the key it has.

    Releases of an older program do not say by which key they were protected; those that the
    log knows are adopted once.

    Raises
    ------
    ProtectionError
        If the key is missing, damaged or another one, or the log does not know a release.
    """
    if not calendar.releases:
        return
    if not has_order_key(desk.keys_dir):
        raise ProtectionError(
            f"Schlüssel der Geheimhaltung confidential/{desk.config.city.id}/keys/order.key: "
            f"fehlt, obwohl es Veröffentlichungen gibt ({calendar.releases[-1].name}). "
            "Erwartet: der Schlüssel, mit dem sie geschützt wurden; ein neuer verriete im "
            f"Vergleich mit ihnen geheime Anzahlen. {_RESTORE}"
        )
    check = key_check(desk.keys_dir)
    unsaid = []
    for ref in calendar.releases:
        _require_known(desk, calendar, ref)
        told = _key_of(calendar, ref) or calendar.journal.adopted.get(ref.name, "")
        if not told:
            unsaid.append(ref.name)
        elif told != check:
            raise ProtectionError(
                f"Veröffentlichung {ref.name}: mit einem anderen Schlüssel geschützt als dem "
                f"dieser Statistikstelle (confidential/{desk.config.city.id}/keys/order.key). "
                "Erwartet: derselbe; zwei verrieten im Vergleich geheime Anzahlen. "
                f"{_RESTORE}"
            )
    if unsaid:
        desk.log("adopted", ", ".join(unsaid), {"key": check})


def _key_of(calendar: Calendar, ref: ReleaseRef) -> str:
    try:
        return calendar.sight.checks_of(ref)[0]
    except ReleaseError:  # its own date stops at it, the others go on
        return calendar.journal.adopted.get(ref.name, key_check(calendar.sight.desk.keys_dir))


def _require_known(desk: Desk, calendar: Calendar, ref: ReleaseRef) -> None:
    if ref.name in calendar.journal.hashes:
        return
    if calendar.journal.was_built(ref.name, tree_hash(ref.path)):  # killed before it was noted
        return
    raise ProtectionError(
        f"Veröffentlichung {ref.name}: das Protokoll dieser Statistikstelle kennt sie nicht, "
        f"confidential/{desk.config.city.id}/ ist also älter als releases/ oder gehört zu "
        "anderen Veröffentlichungen. Erwartet: der Stand, mit dem sie gebaut wurde. Jüngste "
        f"{_RESTORE}"
    )
