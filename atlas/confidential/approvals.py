"""Who stands behind a draft: approvals and refusals, each of exactly the files that lie there.

An approval counts for whom a city says it counts: by a configured key, by a login, or by the
account. Whoever refuses a draft stops it until somebody lifts that; approvals from before are
void.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from atlas.confidential.desk import Desk
from atlas.confidential.log import Event, account, events
from atlas.confidential.signing import sign, signer
from atlas.errors import ReleaseError
from atlas.integrity import digest_of
from atlas.words import day_text


@dataclass(frozen=True)
class Standing:
    """How far a draft has come with the people who decide.

    Attributes
    ----------
    approved
        Events of approvals that count, one per person.
    declined
        Event that stops the draft, if one does.
    missing
        How many people must still approve it.
    """

    built: tuple[Event, ...]
    approved: tuple[Event, ...]
    declined: Event | None
    missing: int


def approve(
    desk: Desk, draft: Path, key: Path | None = None, passphrase: str = "", seen: str = ""
) -> int:
    """Record that the present user approves this draft as it is; twice is once.

    Parameters
    ----------
    key
        Private key of one of the configured approvers; needed where there are any.
    seen
        Hash of the files that the user looked at, where a page showed them.

    Returns
    -------
    int
        How many approvals are still missing.

    Raises
    ------
    ReleaseError
        If the user built the draft, it changed since it was verified, somebody refused it, or
        nobody vouches for the user as the city asks.
    """
    digest = tree_hash(draft)
    built = require_verified(desk, draft, digest)
    if seen not in ("", digest):
        raise ReleaseError(
            f"Entwurf {draft.name}: inzwischen ein anderer als der gezeigte. Erwartet: eine "
            "Freigabe dessen, was man gesehen hat. Ansehen und noch einmal freigeben."
        )
    raise_on_declined(desk, draft, digest)
    if any(_is_present(one) for one in built):
        raise ReleaseError(
            f"Entwurf {draft.name}: gebaut von derselben Person. Erwartet: Freigabe durch eine "
            "andere Person. atlas approve von ihr ausführen lassen."
        )
    signed = _signed(desk, _message(desk, draft, digest), key, passphrase)
    given = _given(desk, draft, digest)
    by_present = any(map(_is_present, given.values()))
    if not (signed["signed_by"] in given if signed else by_present):
        desk.log("approved", draft.name, {"hash": digest, **signed})
    return missing_approvals(desk, draft)


def decline(desk: Desk, draft: Path, reason: str) -> None:
    """Stop a draft: no approval counts, and it cannot be published, until that is lifted.

    Raises
    ------
    ReleaseError
        If there is no such draft, somebody stopped it already, or nobody says why.
    """
    digest = tree_hash(draft)
    require_verified(desk, draft, digest)
    raise_on_declined(desk, draft, digest)
    desk.log("declined", draft.name, {"hash": digest, "reason": _given_reason(draft, reason)})


def lift(desk: Desk, draft: Path, reason: str) -> None:
    """Let a draft that was stopped be approved again, by everybody anew.

    Raises
    ------
    ReleaseError
        If nobody stopped it, or nobody says why.
    """
    digest = tree_hash(draft)
    require_verified(desk, draft, digest)
    if _declined(desk, draft, digest) is None:
        raise ReleaseError(
            f"Entwurf {draft.name}: nicht abgelehnt. Erwartet: ein abgelehnter Entwurf. Mit "
            "atlas log nachsehen."
        )
    desk.log("lifted", draft.name, {"hash": digest, "reason": _given_reason(draft, reason)})


def _given_reason(draft: Path, reason: str) -> str:
    if not reason.strip():
        raise ReleaseError(
            f"Entwurf {draft.name}: Begründung fehlt. Erwartet: ein Satz für die "
            "Statistikstelle. Mit --reason angeben."
        )
    return " ".join(reason.split())


def missing_approvals(desk: Desk, draft: Path) -> int:
    """Count the people who must still approve this draft as it is."""
    return standing(desk, draft).missing


def standing(desk: Desk, draft: Path) -> Standing:
    """Find out who stands behind a draft as it lies there."""
    digest = tree_hash(draft)
    declined = _declined(desk, draft, digest)
    given = {} if declined else _given(desk, draft, digest)
    missing = max(0, desk.config.city.approvals - len(given))
    return Standing(
        tuple(one for one in about(desk, draft, digest) if one.what == "built"),
        tuple(given.values()),
        declined,
        max(missing, 1) if declined else missing,
    )


def raise_on_declined(desk: Desk, draft: Path, digest: str) -> None:
    """Stop where somebody has refused a draft.

    Raises
    ------
    ReleaseError
        Saying who, when and why.
    """
    if (event := _declined(desk, draft, digest)) is not None:
        raise ReleaseError(
            f"Entwurf {draft.name}: am {day_text(event.moment.date())} von {event.who} "
            f"abgelehnt ({event.details.get('reason', '')}). Erwartet: ein anderer Entwurf. "
            "Ursache beheben und neu rechnen; wer denselben doch will, nimmt die Ablehnung "
            "zurück (atlas decline --lift)."
        )


def require_verified(desk: Desk, draft: Path, digest: str) -> list[Event]:
    """Events of building this very draft; the latest knows from what.

    Raises
    ------
    ReleaseError
        If it was not built and verified as it lies there.
    """
    told = about(desk, draft, digest)
    built = [one for one in told if one.what == "built"]
    is_verified = any(one.what == "verified" for one in told)
    if not (draft.is_dir() and built and is_verified):
        raise ReleaseError(
            f"Entwurf {draft.name}: nicht so geprüft, wie er daliegt. Erwartet: ein mit "
            "atlas verify geprüfter, danach unveränderter Entwurf. Neu bauen und prüfen."
        )
    return built


def about(desk: Desk, draft: Path, digest: str) -> list[Event]:
    """Events of this very draft, oldest first."""
    return [
        one
        for one in events(desk.log_path, holding=digest)
        if one.subject == draft.name and one.details.get("hash") == digest
    ]


def tree_hash(directory: Path) -> str:
    """Hash of all files of a release, by which people approve it."""
    digest = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(bytes.fromhex(digest_of(path)))
    return digest.hexdigest()


def _declined(desk: Desk, draft: Path, digest: str) -> Event | None:
    """Event of a refusal that nobody has lifted."""
    told = [one for one in about(desk, draft, digest) if one.what in ("declined", "lifted")]
    return told[-1] if told and told[-1].what == "declined" else None


def _given(desk: Desk, draft: Path, digest: str) -> dict[str, Event]:
    """Approvals that count, by whom the city tells apart; none from before a refusal."""
    given: list[Event] = []
    for one in about(desk, draft, digest):
        if one.what == "approved":
            given.append(one)
        elif one.what == "declined":
            given.clear()
    city = desk.config.city
    if city.approvers:
        message = _message(desk, draft, digest)
        found = {
            signer(message, one.details.get("signature", ""), city.approvers): one
            for one in reversed(given)
        }
        return {name: one for name, one in found.items() if name is not None}
    if city.approvals_by == "login":
        return {one.details["login"]: one for one in given if one.details.get("login")}
    return {one.who: one for one in given}


def _is_present(event: Event) -> bool:
    """Whether the person who acts now did this."""
    present = account()
    is_same_login = bool(present.login) and event.details.get("login") == present.login
    return event.who == present.name or is_same_login


def _message(desk: Desk, draft: Path, digest: str) -> str:
    return f"atlas approve {desk.config.city.key} {draft.name} {digest}"


def _signed(desk: Desk, message: str, key: Path | None, passphrase: str) -> dict[str, str]:
    """Sign an approval, where a city says whose keys count; require a login where it does."""
    city = desk.config.city
    if not city.approvers:
        if city.approvals_by == "login" and not account().login:
            raise ReleaseError(
                "Freigabe: ohne Anmeldung. Erwartet: eine Freigabe am Arbeitsplatz (atlas "
                "desk) nach der Anmeldung (approvals_by in city.toml). Dort freigeben."
            )
        return {}
    signature = sign(message, key, passphrase) if key else ""
    name = signer(message, signature, city.approvers)
    if name is None:
        raise ReleaseError(
            "Freigabe: ohne Schlüssel einer freigebenden Person. Erwartet: der private "
            "Schlüssel zu einem der approvers in city.toml. Mit atlas approve NAME --key DATEI "
            "wiederholen."
        )
    return {"signed_by": name, "signature": signature}
