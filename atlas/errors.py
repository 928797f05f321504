"""The errors that a user can cause, each with the exit code of the command line.

Knows nothing else. A message is one German sentence: where, what, what was expected, what to
do. It never holds a value of a delivery.
"""

import errno
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "kein Speicherplatz mehr",
    errno.EDQUOT: "kein Speicherplatz mehr",
    errno.EROFS: "keine Schreibrechte",
    errno.EACCES: "keine Schreibrechte",
    errno.EPERM: "keine Schreibrechte",
}


class AtlasError(Exception):
    """Any error that the user of the atlas can mend."""

    exit_code = 1


class ConfigError(AtlasError):
    """A configuration file is not what the models say."""

    exit_code = 10


class DeliveryError(AtlasError):
    """A delivery is not what its layout says."""

    exit_code = 11


class GeographyError(AtlasError):
    """Boundaries, keys or nesting of areas are broken."""

    exit_code = 12


class ProtectionError(AtlasError):
    """Something would disclose a count."""

    exit_code = 13


class ReleaseError(AtlasError):
    """A release is missing, changed or cannot be written."""

    exit_code = 14


class DamageError(AtlasError):
    """A file of the office is no longer what was written, or a later program wrote it."""

    exit_code = 15


def trace_of(error: BaseException) -> tuple[str, ...]:
    """Kind of an error and the places it came through; its own text may hold a value."""
    places = traceback.extract_tb(error.__traceback__)
    lines = (f"{Path(one.filename).name}:{one.lineno} {one.name}" for one in places)
    return (type(error).__name__, *lines)


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
            "es noch einmal versuchen."
        ) from None
