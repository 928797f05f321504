"""From a draft to a published release: verified, approved, entered in the ledger, moved in."""

import hashlib
import shutil
from pathlib import Path

from atlas.confidential.desk import Desk
from atlas.confidential.editions import earlier_cells
from atlas.confidential.journal import read_journal
from atlas.confidential.ledger import enter_ledger
from atlas.confidential.log import Event, events, user
from atlas.confidential.reject import raise_on_rejected
from atlas.confidential.signing import sign, signer
from atlas.errors import ReleaseError
from atlas.home import move_in, open_up
from atlas.integrity import digest_of
from atlas.release import open_release, read_info, verify_release

# What a draft was built from, as the events ``built`` and ``published`` say it.
_FROM = ("fingerprint", "inputs")


def verify(desk: Desk, directory: Path) -> None:
    """Rebuild every file of a draft or release from its published cells and compare bytes."""
    release = open_release(directory)
    with desk.observer.step(f"{release.info.name} nachrechnen", None):
        areas = desk.areas_of(release.info.edition)
        areas = areas[areas["kind"].isin(release.areas["kind"])].reset_index(drop=True)
        used = (open_release(desk.releases_dir / name) for name in release.info.references)
        before = release.info.supersedes
        previous = open_release(desk.releases_dir / before).cells if before else None
        earlier = earlier_cells(desk, used, release.info.edition)
        verify_release(directory, areas, previous, earlier)
    desk.log("verified", release.info.name, {"hash": tree_hash(directory)})


def approve(desk: Desk, draft: Path, key: Path | None = None, passphrase: str = "") -> int:
    """Record that the present user approves this draft as it is.

    Parameters
    ----------
    key
        Private key of one of the configured approvers; needed where there are any.

    Returns
    -------
    int
        How many approvals are still missing.

    Raises
    ------
    ReleaseError
        If the user built the draft, the draft changed since it was verified, or the key is
        nobody's who may approve.
    """
    digest = tree_hash(draft)
    built = _require_verified(desk, draft, digest)
    if any(one.who == user() for one in built):
        raise ReleaseError(
            f"Entwurf {draft.name}: gebaut von derselben Person. Erwartet: Freigabe durch eine "
            "andere Person. atlas approve von ihr ausführen lassen."
        )
    signed = _signed(desk, _message(desk, draft, digest), key, passphrase)
    desk.log("approved", draft.name, {"hash": digest, **signed})
    return missing_approvals(desk, draft)


def _message(desk: Desk, draft: Path, digest: str) -> str:
    return f"atlas approve {desk.config.city.key} {draft.name} {digest}"


def _signed(desk: Desk, message: str, key: Path | None, passphrase: str) -> dict[str, str]:
    """Sign an approval, where a city says whose keys count."""
    approvers = desk.config.city.approvers
    if not approvers:
        return {}
    signature = sign(message, key, passphrase) if key else ""
    name = signer(message, signature, approvers)
    if name is None:
        raise ReleaseError(
            "Freigabe: ohne Schlüssel einer freigebenden Person. Erwartet: der private "
            "Schlüssel zu einem der approvers in city.toml. Mit atlas approve NAME --key DATEI "
            "wiederholen."
        )
    return {"signed_by": name, "signature": signature}


def missing_approvals(desk: Desk, draft: Path) -> int:
    """Count the people who must still approve this draft as it is."""
    given = _approvers(desk, draft, tree_hash(draft))
    return max(0, desk.config.city.approvals - len(given))


def publish(desk: Desk, draft: Path) -> Path:
    """Move a draft into ``releases/``; from then on it never changes.

    Its inputs are those it was built from, whatever has arrived since.

    Raises
    ------
    ReleaseError
        If the draft was not built and verified as it is, approvals are missing, the number
        is taken, or a delivery was taken back since.
    """
    digest = tree_hash(draft)
    built = _require_verified(desk, draft, digest)
    missing = missing_approvals(desk, draft)
    if missing > 0:
        raise ReleaseError(
            f"Entwurf {draft.name}: {missing} Freigaben fehlen (approvals in city.toml). "
            "Von anderen Personen mit atlas approve freigeben lassen."
        )
    target = desk.releases_dir / draft.name
    hashes = read_journal(desk.log_path).hashes
    if target.exists() or hashes.get(draft.name, digest) != digest:
        raise ReleaseError(
            f"Release {draft.name}: gibt es schon oder gab es. Ein Release wird nie "
            "überschrieben; den Stichtag neu bauen."
        )
    raise_on_rejected(desk, read_info(draft))
    enter_ledger(desk, draft)
    scratch = desk.releases_dir / f".new-{draft.name}"  # releases/ may be another disk
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(draft, scratch)
    open_up(scratch, desk.releases_dir)
    move_in(scratch, target)
    desk.log(
        "published",
        draft.name,
        {"hash": digest, **{name: built[-1].details.get(name, "") for name in _FROM}},
    )
    shutil.rmtree(draft)
    return target


def tree_hash(directory: Path) -> str:
    """Hash of all files of a release, by which people approve it."""
    digest = hashlib.sha256()
    for path in sorted(p for p in directory.rglob("*") if p.is_file()):
        digest.update(path.relative_to(directory).as_posix().encode() + b"\0")
        digest.update(bytes.fromhex(digest_of(path)))
    return digest.hexdigest()


def verified_fingerprint(desk: Desk, draft: Path) -> str:
    """Fingerprint of what a verified, unchanged draft was built from; empty if it is none."""
    if not draft.is_dir():
        return ""
    about = _about(desk, draft, tree_hash(draft))
    built = [one for one in about if one.what == "built"]
    is_verified = any(one.what == "verified" for one in about)
    return built[-1].details.get("fingerprint", "") if built and is_verified else ""


def _about(desk: Desk, draft: Path, digest: str) -> list[Event]:
    return [
        one
        for one in events(desk.log_path, holding=digest)
        if one.subject == draft.name and one.details.get("hash") == digest
    ]


def _require_verified(desk: Desk, draft: Path, digest: str) -> list[Event]:
    """Events of building this very draft; the latest knows from what."""
    about = _about(desk, draft, digest)
    built = [one for one in about if one.what == "built"]
    is_verified = any(one.what == "verified" for one in about)
    if not (draft.is_dir() and built and is_verified):
        raise ReleaseError(
            f"Entwurf {draft.name}: nicht so geprüft, wie er daliegt. Erwartet: ein mit "
            "atlas verify geprüfter, danach unveränderter Entwurf. Neu bauen und prüfen."
        )
    return built


def _approvers(desk: Desk, draft: Path, digest: str) -> set[str]:
    given = [one for one in _about(desk, draft, digest) if one.what == "approved"]
    approvers = desk.config.city.approvers
    if not approvers:
        return {one.who for one in given}
    message = _message(desk, draft, digest)
    names = {signer(message, one.details.get("signature", ""), approvers) for one in given}
    return {name for name in names if name is not None}
