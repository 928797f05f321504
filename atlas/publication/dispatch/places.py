"""Where files are put: a folder or WebDAV. Whatever is repeated takes its own place."""

import base64
import os
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from atlas.errors import AtlasError
from atlas.home import share_file

PASSWORD_VARIABLE = "ATLAS_WEBDAV_PASSWORD"
_PATIENCE_S = 60


def put_in_folder(folder: Path, name: str, content: bytes) -> None:
    """Let a file appear whole in a folder, as readable as the folder is.

    Raises
    ------
    AtlasError
        If the folder is not there, or refuses.
    """
    if not folder.is_dir():
        raise AtlasError(
            f"Versand: {folder} ist kein Ordner. Erwartet: ein Ordner, den es gibt, auch ein "
            "eingehängtes Netzlaufwerk. subscriptions.toml oder das Laufwerk prüfen."
        )
    try:
        share_file(folder / name, content)
    except OSError:
        raise AtlasError(
            f"Versand: in {folder} lässt sich nichts schreiben. Erwartet: freier Platz und "
            "ausreichende Rechte. Danach noch einmal versuchen."
        ) from None


def put_on_webdav(folder: str, user: str, name: str, content: bytes) -> None:
    """Put a file into a WebDAV folder; what has its name there is replaced.

    Raises
    ------
    AtlasError
        If the server is not reached, or refuses.
    """
    request = urllib.request.Request(
        f"{folder.rstrip('/')}/{quote(name)}", data=content, method="PUT"
    )
    request.add_header("Content-Type", "application/octet-stream")
    if user:
        pair = f"{user}:{os.environ.get(PASSWORD_VARIABLE, '')}".encode()
        request.add_header("Authorization", f"Basic {base64.b64encode(pair).decode()}")
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_S):
            pass
    except urllib.error.HTTPError as error:
        raise AtlasError(
            f"Versand: der WebDAV-Ordner nimmt {name} nicht an (Antwort {error.code}). "
            "Erwartet: ein Ordner, in den geschrieben werden darf. subscriptions.toml und "
            f"{PASSWORD_VARIABLE} prüfen."
        ) from None
    except (OSError, ValueError):
        raise AtlasError(
            f"Versand: der WebDAV-Ordner für {name} ist nicht zu erreichen. Erwartet: ein "
            "Rechner, der antwortet. Adresse in subscriptions.toml und Netz prüfen."
        ) from None
