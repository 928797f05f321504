"""What the first bytes of a file say it is, whatever its name promises."""

from atlas.confidential.delivery.tables import unreadable

_HEAD = 4096
_UTF8_MARK = b"\xef\xbb\xbf"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP, PARQUET, OLE = "zip", "parquet", "ole"
_SIGNATURES = {
    b"PK\x03\x04": ZIP,
    b"PAR1": PARQUET,
    b"\xd0\xcf\x11\xe0": OLE,
    b"%PDF": "pdf",
    b"\x1f\x8b": "gzip",
}
_LABELS = {
    ZIP: "eine Excel-Datei oder ein ZIP-Archiv",
    PARQUET: "eine Parquet-Datei",
    OLE: "eine Excel-Datei im alten Format (.xls)",
    "pdf": "ein PDF",
    "gzip": "ein gepacktes Archiv",
    "html": "eine Webseite (HTML) oder XML, vermutlich eine Fehlerseite",
}
_NAMES = {"": "CSV", ZIP: "Excel (.xlsx)", PARQUET: "Parquet", OLE: "Excel (.xls)"}


def check_content(content: bytes, expected: str) -> None:
    """Refuse a file that is evidently something else.

    Parameters
    ----------
    expected
        ``ZIP``, ``PARQUET``, ``OLE`` or empty for text.

    Raises
    ------
    UnreadableError
        Naming what the file is and what was expected.
    """
    if not content.strip(b"\0 \t\r\n" + _UTF8_MARK):
        raise unreadable("empty_file", "Datei ist leer. Lieferung neu anfordern.")
    kind = _kind_of(content)
    is_locked = kind == OLE and _ENCRYPTED in content
    if kind == expected and not is_locked:
        return
    if is_locked:
        raise unreadable(
            "password", "Datei ist mit einem Kennwort geschützt. Ohne Kennwort neu speichern."
        )
    found = f"Inhalt ist {_LABELS[kind]}" if kind else "Inhalt passt nicht zur Dateiendung"
    raise unreadable(
        "wrong_content",
        f"{found}. Erwartet: {_NAMES[expected]}. Dateiendung prüfen oder Datei neu anfordern.",
    )


def _kind_of(content: bytes) -> str:
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    head = content[:_HEAD].removeprefix(_UTF8_MARK).lstrip()
    return "html" if head.startswith(b"<") else ""
