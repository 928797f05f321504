"""One module per page; each has a function ``page``."""

# Title, address, module.
PAGES = (
    ("Eingang", "", "inbox"),
    ("Protokoll", "protokoll", "log"),
)
PAGE_PATHS = tuple(path for _, path, _ in PAGES)
