"""Key, log and ledger belong to the releases: whoever has not all of them builds nothing.

Two releases of one date that were protected with different keys, or without knowledge of each
other, give hidden counts away together. So a second home, a lost key or an old backup stops
before anything is taken in or built.
"""

from collections.abc import Sequence

from atlas.confidential.approvals import tree_hash
from atlas.confidential.day import Calendar
from atlas.confidential.desk import Desk, has_order_key, key_check, latest_generation
from atlas.confidential.store import Delivery
from atlas.errors import ConfigError, ProtectionError, ReleaseError
from atlas.release import ReleaseRef, list_releases, read_checks, read_info

_RESTORE = "Sicherung von confidential/ zurückspielen (atlas restore)."


def require_own_releases(desk: Desk, calendar: Calendar) -> None:
    """Make sure that this office published the releases beside it, with the key it has.

    Releases of an older program do not say by which key they were protected; those that the
    log knows are adopted once. Where the log itself was lost and a new one begins, releases are
    adopted that say that this key protected them.

    Raises
    ------
    ProtectionError
        If the key is missing, damaged or another one, or the log does not know a release.
    """
    require_keys(desk, calendar.releases, calendar.stored)
    if not calendar.releases:
        _require_same_id(desk)
        return
    check = key_check(desk.keys_dir)
    adopted = []
    for ref in calendar.releases:
        said = _key_of(calendar, ref)
        told = said or calendar.journal.adopted.get(ref.name, "")
        if told and told != check:
            raise _other_key(desk, ref)
        is_known = _is_known(calendar, ref)
        if not is_known and (calendar.journal.is_begun or not said):
            raise _unknown(desk, ref)
        if not (told and is_known):
            adopted.append(ref.name)
    if adopted:
        desk.log("adopted", ", ".join(adopted), {"key": check})


def require_keys(desk: Desk, refs: Sequence[ReleaseRef], stored: Sequence[Delivery]) -> None:
    """Make sure that no key is gone that releases or deliveries were made with.

    Raises
    ------
    ProtectionError
        If one is: a new one in its place would hide other cells, or link nobody.
    """
    keys = f"confidential/{desk.config.city.id}/keys"
    if refs and not has_order_key(desk.keys_dir):
        raise ProtectionError(
            f"Schlüssel der Geheimhaltung {keys}/order.key: fehlt, obwohl es "
            f"Veröffentlichungen gibt ({refs[-1].name}). Erwartet: der Schlüssel, mit dem sie "
            "geschützt wurden; ein neuer verriete im Vergleich mit ihnen geheime Anzahlen. "
            f"{_RESTORE}"
        )
    generation = max((one.arrival.generation for one in stored), default=0)
    if generation > latest_generation(desk.keys_dir):
        raise ProtectionError(
            f"Personenschlüssel {keys}/person.{generation}.key: fehlt, obwohl es Lieferungen "
            "gibt, die mit ihm verschlüsselt sind. Erwartet: derselbe Schlüssel; mit einem "
            f"neuen fände sich niemand wieder. {_RESTORE}"
        )


def _require_same_id(desk: Desk) -> None:
    """Stop before a city begins anew under another short name, with other keys.

    Raises
    ------
    ConfigError
        If the same city has releases beside these.
    """
    city = desk.config.city
    for directory in sorted(desk.releases_dir.parent.iterdir()):
        refs = list_releases(directory) if directory.is_dir() else []
        if any(_city_key(ref) == city.key for ref in refs[-1:]):
            raise ConfigError(
                f"Konfiguration city.toml, Schlüssel „id“: „{city.id}“ ist neu, aber unter "
                f"releases/{directory.name} liegen Veröffentlichungen derselben Stadt "
                f"({city.key}). Erwartet: derselbe Kurzname; ein zweiter bekäme eigene "
                "Schlüssel, und im Vergleich verriete sich Geheimes. id zurücksetzen oder ein "
                "anderes Arbeitsverzeichnis angeben."
            )


def _city_key(ref: ReleaseRef) -> str:
    try:
        return read_info(ref.path).config.city.key
    except ReleaseError:
        return ""


def is_of_this_key(desk: Desk, ref: ReleaseRef) -> bool:
    """Whether a release was protected with the key that is there; also if it does not say."""
    said = read_checks(ref.path)[0]
    return not said or not has_order_key(desk.keys_dir) or said == key_check(desk.keys_dir)


def _key_of(calendar: Calendar, ref: ReleaseRef) -> str:
    try:
        return calendar.sight.checks_of(ref)[0]
    except ReleaseError:  # its own date stops at it, the others go on
        return calendar.journal.adopted.get(ref.name, key_check(calendar.sight.desk.keys_dir))


def _is_known(calendar: Calendar, ref: ReleaseRef) -> bool:
    journal = calendar.journal
    if ref.name in {*journal.hashes, *journal.adopted}:
        return True
    return journal.was_built(ref.name, tree_hash(ref.path))  # killed before it was noted


def _other_key(desk: Desk, ref: ReleaseRef) -> ProtectionError:
    return ProtectionError(
        f"Veröffentlichung {ref.name}: mit einem anderen Schlüssel geschützt als dem dieser "
        f"Statistikstelle (confidential/{desk.config.city.id}/keys/order.key). Erwartet: "
        f"derselbe; zwei verrieten im Vergleich geheime Anzahlen. {_RESTORE}"
    )


def _unknown(desk: Desk, ref: ReleaseRef) -> ProtectionError:
    return ProtectionError(
        f"Veröffentlichung {ref.name}: das Protokoll dieser Statistikstelle kennt sie nicht, "
        f"confidential/{desk.config.city.id}/ ist also älter als releases/ oder gehört zu "
        "anderen Veröffentlichungen. Erwartet: der Stand, mit dem sie gebaut wurde. Jüngste "
        f"{_RESTORE}"
    )
