"""What readers handed in waits for a person of the office, who takes it or refuses it.

A proposal may name a file, but never point to another one; until it is taken it is no delivery,
and it never lies in the inbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from atlas.confidential.aside import plain_text, put_aside, why_aside
from atlas.confidential.delivery import claimed_date, expected_name, recognise
from atlas.confidential.desk import Desk
from atlas.confidential.log import user
from atlas.confidential.originals import keep_original
from atlas.confidential.receive import HeldError, Receipt, receive
from atlas.confidential.taking import StillWrittenError
from atlas.config import Layout
from atlas.errors import AtlasError, DeliveryError, GeographyError
from atlas.exchange import proposals, requests
from atlas.exchange.datastate import RefusedEntry
from atlas.exchange.proposals import Proposal
from atlas.home import files_in


@dataclass(frozen=True)
class Waiting:
    """A file that the office may take; its name says source and date."""

    path: Path
    note: Proposal
    layout: Layout
    day: date | None

    @property
    def uploader(self) -> str:
        """Who handed it in, and whether a login vouched for that."""
        how = "geprüft" if self.note.is_verified else "nicht geprüft"
        return f"{plain_text(self.note.uploader)} ({how})"


def waiting(desk: Desk) -> list[Waiting]:
    """Every proposal that the office may take, by name."""
    found = (_look_at(desk, path) for path in proposals.proposed_files(_folder(desk)))
    return [one for one in found if isinstance(one, Waiting)]


def sort_out(desk: Desk) -> tuple[DeliveryError, ...]:
    """Take the request for a run away, and put aside what can never be a delivery.

    Returns
    -------
        One German sentence per file that was put aside now.
    """
    requests.take_request(desk.home.requests)
    refused = []
    for path in files_in(desk.home.requests):
        name = f"Datei {path.name} in requests/"
        sentence = f"{name}: gehört nicht hierher. Auf der Seite Datenstand abgeben."
        put_aside(desk, path, sentence)
        refused.append(DeliveryError(sentence))
    for path in proposals.proposed_files(_folder(desk)):
        if isinstance(found := _look_at(desk, path), str):
            _put_aside(desk, path, found)
            refused.append(DeliveryError(found))
    return tuple(refused)


def accept(desk: Desk, name: str, reason: str) -> Receipt:
    """Take a proposal as a delivery: its checks decide as for every other.

    Parameters
    ----------
    reason
        Why warnings are accepted; empty: they are not, and the proposal goes on waiting.

    Raises
    ------
    DeliveryError
        If whoever takes it has handed it in, another file for its source and date waits, or
        it is no delivery; then it is put aside with that sentence.
    """
    one = _find(desk, name)
    _require_another_person(one)
    _require_no_rival(one, waiting(desk))
    try:
        receipt = receive(desk, one.path, one.layout, None, reason)
    except (HeldError, StillWrittenError, GeographyError):
        raise
    except DeliveryError as error:
        _put_aside(desk, one.path, str(error))
        raise
    details = {"uploader": one.uploader}
    details |= {f"as {done.reference_date}": str(done.number) for done in receipt.accepted}
    desk.log("taken", f"{one.layout.id} {name}", details)
    (desk.home.refused / name).unlink(missing_ok=True)  # an earlier try, now put right
    requests.request_run(
        desk.home.requests
    )  # before it is gone: whoever follows it sees no gap
    if keep_original(desk, one.path, receipt):
        proposals.remove_proposal(one.path)
    return receipt


def refuse(desk: Desk, name: str, reason: str) -> None:
    """Put a proposal aside; the page Datenstand tells the reason."""
    one = _find(desk, name)
    desk.log("refused", f"{one.layout.id} {name}", {"uploader": one.uploader, "reason": reason})
    _put_aside(desk, one.path, f"Lieferung {name}: von der Statistikstelle abgelehnt. {reason}")


def refused_uploads(desk: Desk) -> list[RefusedEntry]:
    """List what was put aside and still lies there, by name."""
    if not desk.home.refused.is_dir():
        return []
    return [
        RefusedEntry(
            name=path.name,
            since=proposals.handed_in_at(path),
            sentence=why_aside(desk, path) or _refusal(desk, path),
        )
        for path in files_in(desk.home.refused)
    ]


def _folder(desk: Desk) -> Path:
    return desk.home.proposals(desk.config.city.id)


def _put_aside(desk: Desk, path: Path, sentence: str) -> None:
    put_aside(desk, path, sentence)
    proposals.remove_proposal(path)


def _find(desk: Desk, name: str) -> Waiting:
    found = [one for one in waiting(desk) if one.path.name == name]
    if not found:
        raise DeliveryError(
            f"Vorschlag {name}: wartet nicht. Erwartet: ein Name, den atlas proposals nennt."
        )
    return found[0]


def _look_at(desk: Desk, path: Path) -> Waiting | str:
    """Give a proposal that may be taken, or the sentence why it never can be."""
    if refusal := _refusal(desk, path):
        return refusal
    layout = recognise(path, desk.config.deliveries.layouts)
    note = proposals.read_note(path)
    if layout is None or note is None or note.city != desk.config.city.id:
        return (
            f"Lieferung {path.name}: ohne gültigen Vermerk, wer sie abgegeben hat. Erwartet: "
            "abgegeben auf der Seite Datenstand. Dort noch einmal abgeben."
        )
    try:
        return Waiting(path, note, layout, claimed_date(path, layout))
    except DeliveryError as error:
        return str(error)


def _refusal(desk: Desk, path: Path) -> str:
    """Why this file is no delivery that readers may hand in; empty if it is one."""
    try:
        proposals.checked_name(path.name)
        layout = recognise(path, desk.config.deliveries.layouts)
    except AtlasError as error:
        return str(error)
    if path.stat().st_size > proposals.MAX_BYTES:
        return (
            f"Lieferung {path.name}: zu groß für diesen Weg. Erwartet: höchstens "
            f"{proposals.MAX_BYTES >> 20} MB. Der Statistikstelle auf anderem Weg geben."
        )
    if layout is not None and layout.source in desk.config.city.uploads:
        return ""
    expected = f"Erwartet: {_expected(desk)}."
    if layout is not None:
        return (
            f"Lieferung {path.name}: {layout.label} wird auf diesem Weg nicht angenommen. "
            f"{expected} Datei der Statistikstelle auf dem vereinbarten Weg geben."
        )
    return (
        f"Lieferung {path.name}: nicht erkannt, der Dateiname passt zu keiner Lieferung, die "
        f"hier angenommen wird. {expected} Datei umbenennen und noch einmal abgeben."
    )


def _expected(desk: Desk) -> str:
    names = [
        f"{expected_name(layout)} ({layout.label})"
        for layout in desk.config.deliveries.layouts
        if layout.file and layout.source in desk.config.city.uploads
    ]
    return " oder ".join(names) or "keine Datei (uploads in city.toml ist leer)"


def _require_another_person(one: Waiting) -> None:
    names = {_account(one.note.uploader), _account(user())}
    if len(names) == 1:
        raise DeliveryError(
            f"Vorschlag {one.path.name}: wer abgegeben hat, kann nicht selbst annehmen. "
            "Erwartet: eine andere Person der Statistikstelle."
        )


def _account(name: str) -> str:
    """Give what a login, an address of e-mail and an account of this machine share."""
    return name.casefold().partition("@")[0].rpartition("\\")[2].strip()


def _require_no_rival(one: Waiting, every: Sequence[Waiting]) -> None:
    same = (one.layout.source, one.day)
    rivals = [
        other.path.name
        for other in every
        if (other.layout.source, other.day) == same and other.path != one.path
    ]
    if rivals:
        raise DeliveryError(
            f"Vorschlag {one.path.name}: für dieselbe Quelle und denselben Stichtag wartet "
            f"auch {rivals[0]}. Erwartet: einer. Den anderen zuerst ablehnen."
        )
