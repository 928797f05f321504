"""What a provider signed: whether it is its own, for this server, now, and for this login."""

import time
from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from atlas.errors import AtlasError

# Signatures by a key pair alone: with a shared secret everybody who checks could also sign.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
_LEEWAY = 30
_LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_WITHIN = 150

Claims = dict[str, Any]


class NotSignedError(AtlasError):
    """A token is not the provider's, not for this server, not of now, or not of this login."""


def id_claims(token: str, keys: KeySet, expected: Mapping[str, str]) -> Claims:
    """Check an ID token and read it.

    Parameters
    ----------
    expected
        ``issuer``, ``client_id``; ``nonce`` and ``access_token`` where there are any.
    """
    found = _decoded(token, keys)
    options = {
        "iss": {"essential": True, "value": expected["issuer"]},
        "aud": {"essential": True, "value": expected["client_id"]},
        "sub": {"essential": True},
    }
    params = {
        key: expected[key] for key in ("client_id", "nonce", "access_token") if key in expected
    }
    claims = CodeIDToken(found.claims, found.header, options, params)
    try:
        claims.validate(leeway=_LEEWAY)
    except (JoseError, ValueError, TypeError):
        raise NotSignedError("Anmeldung: das Zeichen des Anbieters gilt hier nicht.") from None
    return dict(claims)


def logout_marks(token: str, keys: KeySet, issuer: str, client_id: str) -> tuple[str, str]:
    """Check a logout token (OpenID Connect Back-Channel Logout 1.0).

    Returns
    -------
    Subject and session at the provider; one of them may be empty.
    """
    claims = _decoded(token, keys).claims
    audience = claims.get("aud")
    audience = audience if isinstance(audience, list) else [audience]
    begun = claims.get("iat")
    is_ours = (
        claims.get("iss") == issuer
        and client_id in audience
        and isinstance(begun, int | float)
        and abs(time.time() - begun) <= _LOGOUT_WITHIN
        and "nonce" not in claims
        and _LOGOUT_EVENT in (claims.get("events") or {})
    )
    marks = (str(claims.get("sub") or ""), str(claims.get("sid") or ""))
    if not is_ours or not any(marks):
        raise NotSignedError("Abmeldung: das Zeichen des Anbieters gilt hier nicht.")
    return marks


def _decoded(token: str, keys: KeySet) -> jwt.Token:
    registry = jws.JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, keys, registry=registry)
    except (JoseError, ValueError, TypeError, KeyError):
        raise NotSignedError("Anmeldung: die Unterschrift des Anbieters fehlt.") from None
