"""Four eyes proved by keys: one account can give its approval once, whatever it is called."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from atlas.confidential.approvals import approve, missing_approvals
from atlas.confidential.desk import Desk
from atlas.confidential.log import events
from atlas.confidential.publish import publish
from atlas.confidential.run import run
from atlas.confidential.signing import is_encrypted, sign, signer
from atlas.errors import ReleaseError
from tests.town_office import make_office, make_small, put_small

_PLAIN = NoEncryption()


def _write(key: Any, path: Path, how: KeySerializationEncryption = _PLAIN) -> str:
    """Write a private key as ssh-keygen does; give the public line."""
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, how))
    public = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return f"{public.decode()} {path.name}@amt"


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, str]:
    """Public keys of two people; the private ones lie in files of their names."""
    return {
        name: _write(Ed25519PrivateKey.generate(), tmp_path / name)
        for name in ("berta", "clara")
    }


@pytest.fixture
def office(keys: dict[str, str], tmp_path: Path) -> Desk:
    def change(tables: dict[str, Any]) -> None:
        make_small(tables)
        tables["city"] |= {"approvals": 2, "approvers": keys}

    office = make_office(tmp_path / "office", change)
    put_small(office)
    run(office, "")
    return office


@pytest.fixture(autouse=True)
def approver(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATLAS_USER", "approver")


def test_two_keys_give_two_approvals(office: Desk, tmp_path: Path) -> None:
    draft = office.drafts_dir / "2023-12-31.1"
    assert approve(office, draft, tmp_path / "berta") == 1
    assert approve(office, draft, tmp_path / "berta") == 1
    with pytest.raises(ReleaseError, match="1 Freigaben fehlen"):
        publish(office, draft)
    assert approve(office, draft, tmp_path / "clara") == 0
    published = publish(office, draft)
    files = [path for path in published.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"berta" in path.read_bytes()]


def test_another_name_of_the_account_is_no_approval(
    office: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = office.drafts_dir / "2023-12-31.1"
    for name in ("berta", "clara"):
        monkeypatch.setenv("ATLAS_USER", name)
        with pytest.raises(ReleaseError, match="ohne Schlüssel einer freigebenden Person"):
            approve(office, draft)
    assert missing_approvals(office, draft) == 2
    assert not [event for event in events(office.log_path) if event.what == "approved"]


def test_a_strange_key_is_no_approval(office: Desk, tmp_path: Path) -> None:
    _write(Ed25519PrivateKey.generate(), tmp_path / "dora")
    with pytest.raises(ReleaseError, match="ohne Schlüssel einer freigebenden Person"):
        approve(office, office.drafts_dir / "2023-12-31.1", tmp_path / "dora")


def test_an_approval_that_somebody_wrote_into_the_log_does_not_count(office: Desk) -> None:
    draft = office.drafts_dir / "2023-12-31.1"
    built = next(one for one in events(office.log_path) if one.what == "built")
    forged = {"hash": built.details["hash"], "signed_by": "berta", "signature": "AAAA"}
    office.log("approved", draft.name, forged)
    assert missing_approvals(office, draft) == 2


def test_a_signature_is_one_of_a_message(keys: dict[str, str], tmp_path: Path) -> None:
    signature = sign("one", tmp_path / "berta")
    assert signer("one", signature, keys) == "berta"
    assert signer("other", signature, keys) is None
    assert signer("one", "no base64", keys) is None


def test_an_encrypted_key_wants_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "emma"
    public = _write(Ed25519PrivateKey.generate(), path, BestAvailableEncryption(b"geheim"))
    assert is_encrypted(path)
    for passphrase in ("", "falsch"):
        with pytest.raises(ReleaseError, match="lässt sich nicht öffnen"):
            sign("one", path, passphrase)
    assert signer("one", sign("one", path, "geheim"), {"emma": public}) == "emma"


def test_only_an_encrypted_key_asks_for_a_passphrase(
    keys: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "text").write_text("nothing")
    assert not [name for name in (*keys, "text", "absent") if is_encrypted(tmp_path / name)]


def test_what_is_no_key_is_said(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("nothing")
    _write(generate_private_key(65537, 2048), tmp_path / "rsa")
    for name in ("text", "rsa", "absent"):
        with pytest.raises(ReleaseError, match=f"Schlüssel {name}: lässt sich nicht öffnen"):
            sign("one", tmp_path / name)
