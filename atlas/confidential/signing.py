"""Signatures of approvals: who holds a configured private key, and nobody else, approves.

Keys are the OpenSSH ones (``ssh-keygen -t ed25519``); the private key never enters the home
directory.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    load_ssh_private_key,
    load_ssh_public_key,
)

from atlas.errors import ReleaseError


def sign(message: str, key_path: Path, passphrase: str = "") -> str:
    """Sign a message with a private key.

    Raises
    ------
    ReleaseError
        If the file is no Ed25519 key, or the passphrase does not open it.
    """
    try:
        key = load_ssh_private_key(key_path.read_bytes(), passphrase.encode() or None)
    except (OSError, TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise ReleaseError(_unusable(key_path)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ReleaseError(_unusable(key_path))
    return base64.b64encode(key.sign(message.encode())).decode()


def is_encrypted(key_path: Path) -> bool:
    """Whether a private key opens with a passphrase alone."""
    try:
        load_ssh_private_key(key_path.read_bytes(), None)
    except TypeError:  # what cryptography raises where a password is missing
        return True
    except (OSError, ValueError, UnsupportedAlgorithm):  # whoever signs is told so
        return False
    return False


def signer(message: str, signature: str, approvers: Mapping[str, str]) -> str | None:
    """Name whose key made a signature, if anybody's."""
    try:
        given = base64.b64decode(signature, validate=True)
    except binascii.Error:
        return None
    return next((name for name, key in approvers.items() if _is_by(key, message, given)), None)


def _is_by(public_key: str, message: str, signature: bytes) -> bool:
    key = load_ssh_public_key(public_key.encode())
    if not isinstance(key, Ed25519PublicKey):
        return False
    try:
        key.verify(signature, message.encode())
    except InvalidSignature:
        return False
    return True


def _unusable(key_path: Path) -> str:
    return (
        f"Schlüssel {key_path.name}: lässt sich nicht öffnen. Erwartet: ein privater Schlüssel "
        "von ssh-keygen -t ed25519 und sein Kennwort. Datei und Kennwort prüfen."
    )
