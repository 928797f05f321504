"""From a verified draft to a published release: approval, ledger, one rename."""

import shutil
from pathlib import Path

from atlas.confidential.journal import Event, append, events, user
from atlas.confidential.pipeline.build import tree_hash
from atlas.confidential.pipeline.ledger import enter
from atlas.confidential.pipeline.office import Office
from atlas.errors import ReleaseError
from atlas.home import move_in


def approve(office: Office, draft: Path) -> int:
    """Record that the present user approves this draft as it is.

    Returns
    -------
    int
        How many approvals are still missing.

    Raises
    ------
    ReleaseError
        If the user built the draft, or the draft changed since it was verified.
    """
    digest = tree_hash(draft)
    built = _require_verified(office, draft, digest)
    if any(one.who == user() for one in built):
        raise ReleaseError(
            f"Entwurf {draft.name}: gebaut von derselben Person. Erwartet: Freigabe durch eine "
            "andere Person. atlas approve von ihr ausführen lassen."
        )
    append(office.log_path, "approved", draft.name, {"hash": digest})
    return missing_approvals(office, draft)


def missing_approvals(office: Office, draft: Path) -> int:
    """Count the people who must still approve this draft as it is."""
    given = _approvers(office, draft, tree_hash(draft))
    return max(0, office.config.city.approvals - len(given))


def publish(office: Office, draft: Path) -> Path:
    """Move a draft into ``releases/``; from then on it never changes.

    Its inputs are those it was built from, whatever has arrived since.

    Raises
    ------
    ReleaseError
        If the draft was not built and verified as it is, approvals are missing, or the
        number is taken.
    """
    digest = tree_hash(draft)
    built = _require_verified(office, draft, digest)
    missing = missing_approvals(office, draft)
    if missing > 0:
        raise ReleaseError(
            f"Entwurf {draft.name}: {missing} Freigaben fehlen (approvals in city.toml). "
            "Von anderen Personen mit atlas approve freigeben lassen."
        )
    target = office.releases_dir / draft.name
    if target.exists():
        raise ReleaseError(
            f"Release {draft.name}: gibt es schon. Ein Release wird nie überschrieben; "
            "den Stichtag neu bauen."
        )
    enter(office, draft)
    scratch = office.releases_dir / f".new-{draft.name}"  # releases/ may be another disk
    shutil.rmtree(scratch, ignore_errors=True)
    shutil.copytree(draft, scratch)
    move_in(scratch, target)
    append(
        office.log_path,
        "published",
        draft.name,
        {"hash": digest, "fingerprint": built[-1].details.get("fingerprint", "")},
    )
    shutil.rmtree(draft)
    return target


def verified_fingerprint(office: Office, draft: Path) -> str:
    """Fingerprint of what a verified, unchanged draft was built from; empty if it is none."""
    if not draft.is_dir():
        return ""
    about = _about(office, draft, tree_hash(draft))
    built = [one for one in about if one.what == "built"]
    is_verified = any(one.what == "verified" for one in about)
    return built[-1].details.get("fingerprint", "") if built and is_verified else ""


def published_fingerprint(office: Office, release_name: str) -> str:
    """Fingerprint under which a release was published; empty if the log does not know it."""
    found = [
        one.details.get("fingerprint", "")
        for one in events(office.log_path)
        if one.what == "published" and one.subject == release_name
    ]
    return found[-1] if found else ""


def _about(office: Office, draft: Path, digest: str) -> list[Event]:
    return [
        one
        for one in events(office.log_path)
        if one.subject == draft.name and one.details.get("hash") == digest
    ]


def _require_verified(office: Office, draft: Path, digest: str) -> list[Event]:
    """Events of building this very draft; the latest knows from what."""
    about = _about(office, draft, digest)
    built = [one for one in about if one.what == "built"]
    is_verified = any(one.what == "verified" for one in about)
    if not (draft.is_dir() and built and is_verified):
        raise ReleaseError(
            f"Entwurf {draft.name}: nicht so geprüft, wie er daliegt. Erwartet: ein mit "
            "atlas verify geprüfter, danach unveränderter Entwurf. Neu bauen und prüfen."
        )
    return built


def _approvers(office: Office, draft: Path, digest: str) -> set[str]:
    return {one.who for one in _about(office, draft, digest) if one.what == "approved"}
