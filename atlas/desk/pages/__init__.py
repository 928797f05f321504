"""One module per page; each has a function ``page``."""

# Title, address, module.
PAGES = (
    ("Eingang", "", "inbox"),
    ("Lauf", "lauf", "run"),
    ("Freigabe", "freigabe", "approval"),
    ("Anfragen", "anfragen", "requests"),
    ("Quellen", "quellen", "sources"),
    ("Geheimhaltung", "geheimhaltung", "protection"),
    ("Protokoll", "protokoll", "log"),
    ("Neue Stadt", "neue-stadt", "founding"),
)
PAGE_PATHS = tuple(path for _, path, _ in PAGES)
