"""What the operating system refuses: a full disk, a directory without rights."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from atlas.errors import ConfigError

_REASONS = {
    errno.ENOSPC: "kein Speicherplatz mehr",
    errno.EDQUOT: "kein Speicherplatz mehr",
    errno.EROFS: "keine Schreibrechte",
    errno.EACCES: "keine Schreibrechte",
    errno.EPERM: "keine Schreibrechte",
}


@contextmanager
def mended_by_the_operator() -> Iterator[None]:
    """Turn a full or locked disk into a sentence; any other error stays what it is.

    Raises
    ------
    ConfigError
        Where space or rights are missing.
    """
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0)
        if reason is None:
            raise
        raise ConfigError(
            f"Arbeitsverzeichnis: {reason}. Erwartet: freier Platz und ein Ordner mit "
            "Schreibrecht. Was veröffentlicht ist, bleibt; Platz oder Rechte schaffen und "
            "den Befehl noch einmal geben."
        ) from None
