"""What persons of the office decide, from the command line and at the desk alike.

Each decision has the office for itself and is told to the readers afterwards. Of many who
decide the same at once one does it; the others hear that it is done.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from atlas.confidential import approvals, proposals, reject, withdraw
from atlas.confidential.aside import put_aside
from atlas.confidential.custody import require_own_releases
from atlas.confidential.datastate import refresh_datastate
from atlas.confidential.day import look
from atlas.confidential.desk import Desk, only_one
from atlas.confidential.originals import keep_original
from atlas.confidential.publish import publish
from atlas.confidential.receive import Receipt, layout_of, receive
from atlas.errors import DeliveryError
from atlas.exchange.requests import request_run


@contextmanager
def changing(desk: Desk) -> Iterator[None]:
    """Let one decision change the office alone; afterwards readers learn what is there now."""
    with only_one(desk):
        require_own_releases(desk, look(desk))
        try:
            yield
        finally:
            refresh_datastate(desk, look(desk))


def accept_file(
    desk: Desk, path: Path, layout_id: str | None, claimed: date | None, reason: str
) -> Receipt:
    """Take a file as a delivery.

    Parameters
    ----------
    reason
        Why warnings are accepted; empty: they are not.

    Raises
    ------
    DeliveryError
        If the file cannot be accepted, or no longer lies there.
    """
    with changing(desk):
        chosen = layout_of(desk, path, layout_id)
        if not chosen.table and not path.exists():
            raise DeliveryError(
                f"Datei {path.name}: liegt nicht mehr da. Erwartet: eine Datei, die noch "
                "niemand angenommen oder abgelehnt hat. Mit atlas log nachsehen."
            )
        receipt = receive(desk, path, chosen, claimed, reason)
        if path.resolve().parent == desk.home.inbox:
            keep_original(desk, path, receipt)
    return receipt


def refuse_file(desk: Desk, name: str, reason: str) -> None:
    """Put a file of the inbox aside, as it came; the log says why.

    Raises
    ------
    DeliveryError
        If it does not lie in the inbox, or nobody says why.
    """
    path = desk.home.inbox / name
    with changing(desk):
        if path.parent != desk.home.inbox or not path.is_file() or path.is_symlink():
            raise DeliveryError(
                f"Datei {name}: liegt nicht im Eingang. Erwartet: der Name einer Datei, die "
                "dort wartet."
            )
        if not reason.strip():
            raise DeliveryError(
                f"Datei {name}: Begründung fehlt. Erwartet: ein Satz für die Quelle. Mit "
                "--reason angeben."
            )
        text = " ".join(reason.split())
        sentence = f"Lieferung {name}: von der Statistikstelle abgelehnt. {text}"
        put_aside(desk, path, sentence, {"reason": text})


def accept_proposal(desk: Desk, name: str, reason: str) -> Receipt:
    """Take what a reader handed in; see ``proposals.accept``."""
    with changing(desk):
        return proposals.accept(desk, name, reason)


def refuse_proposal(desk: Desk, name: str, reason: str) -> None:
    """Put aside what a reader handed in; see ``proposals.refuse``."""
    with changing(desk):
        proposals.refuse(desk, name, reason)


def take_back(desk: Desk, name: str, reason: str) -> reject.TakenBack:
    """Take a delivery back; what rested on it is withdrawn, and a run is asked for."""
    with changing(desk):
        done = reject.reject_delivery(desk, name, reason)
    if done.withdrawn:
        request_run(desk.home.requests)
    return done


def withdraw_release(desk: Desk, name: str, reason: str) -> str:
    """Take a release out of force and ask for a run; give the name of the one that follows."""
    with changing(desk):
        follower = withdraw.withdraw(desk, name, reason)
    request_run(desk.home.requests)
    return follower


def approve_draft(
    desk: Desk, name: str, key: Path | None = None, passphrase: str = "", seen: str = ""
) -> int:
    """Approve a draft; see ``approvals.approve``."""
    with only_one(desk):
        return approvals.approve(desk, desk.drafts_dir / name, key, passphrase, seen)


def decline_draft(desk: Desk, name: str, reason: str) -> None:
    """Stop a draft until somebody lifts that."""
    with only_one(desk):
        approvals.decline(desk, desk.drafts_dir / name, reason)


def lift_draft(desk: Desk, name: str, reason: str) -> None:
    """Let a draft that was stopped be approved again."""
    with only_one(desk):
        approvals.lift(desk, desk.drafts_dir / name, reason)


def publish_drafts(desk: Desk, drafts: Sequence[Path]) -> Iterator[Path]:
    """Publish drafts that everybody has approved who must, one after another."""
    with changing(desk):
        for draft in drafts:
            yield publish(desk, draft)


def publish_draft(desk: Desk, name: str) -> Path:
    """Publish one draft by its name."""
    (path,) = publish_drafts(desk, [desk.drafts_dir / name])
    return path
