"""A mail that says what has appeared and where it lies; never a figure of it."""

import hashlib
import os
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from atlas.config import Mail
from atlas.errors import AtlasError

PASSWORD_VARIABLE = "ATLAS_MAIL_PASSWORD"
_PATIENCE_S = 60
_AGAIN = (
    "Diese Nachricht kommt vielleicht zum zweiten Mal: Der erste Versand brach ab, ehe "
    "aufgeschrieben war, dass sie angekommen ist."
)


@contextmanager
def post_office(mail: Mail) -> Iterator[smtplib.SMTP]:
    """Open the mail server of the house.

    Raises
    ------
    AtlasError
        If it is not reached, or refuses the login or a letter.
    """
    try:
        kind = smtplib.SMTP_SSL if mail.security == "tls" else smtplib.SMTP
        with kind(mail.host, mail.port, timeout=_PATIENCE_S) as server:
            if mail.security == "starttls":
                server.starttls()
            if mail.user:
                server.login(mail.user, os.environ.get(PASSWORD_VARIABLE, ""))
            yield server
    except smtplib.SMTPException as error:
        raise AtlasError(
            f"Versand: der Postausgang {mail.host} hat abgelehnt ({type(error).__name__}). "
            f"Erwartet: Absender und Anmeldung, die er kennt. subscriptions.toml und "
            f"{PASSWORD_VARIABLE} prüfen."
        ) from None
    except OSError:
        raise AtlasError(
            f"Versand: der Postausgang {mail.host}, Anschluss {mail.port}, ist nicht zu "
            "erreichen. Erwartet: ein Rechner, der antwortet. subscriptions.toml prüfen."
        ) from None


def letter(
    mail: Mail, to: tuple[str, ...], told: tuple[str, tuple[str, ...]], *, is_again: bool
) -> EmailMessage:
    """Write the mail on one paper; the same paper has the same number, however often it goes.

    Parameters
    ----------
    told
        Title with date, and where the files lie.
    is_again
        Whether it may have arrived before.
    """
    title, links = told
    message = EmailMessage()
    message["Subject"] = f"{'Wiederholung: ' if is_again else ''}{title}"
    message["From"], message["To"] = mail.sender, ", ".join(to)
    named = hashlib.sha256("\n".join((title, *to, *links)).encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{named}@{mail.sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = [f"{title} ist erschienen:", "", *links, *(["", _AGAIN] if is_again else [])]
    message.set_content("\n".join(lines) + "\n")
    return message
