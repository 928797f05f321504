"""One module per page; each has a function ``page``.

This table imports no page: the server needs the addresses before Streamlit runs, and a page
imports the map's component, which Streamlit must be running to take in.
"""

# Title, address, module.
PAGES = (
    ("Karte", "", "map"),
    ("Quartier", "quartier", "profile"),
    ("Vergleich", "vergleich", "comparison"),
    ("Entwicklung", "entwicklung", "development"),
    ("Planung", "planung", "planning"),
    ("Tabellen", "tabellen", "tables"),
    ("Datenstand", "datenstand", "data_state"),
    ("Methode", "methode", "method"),
)
# Pages that stand together; the map and the profile are doors of their own. See ``doors.js``.
DOORS = {
    "Vergleichen und planen": ("vergleich", "entwicklung", "planung"),
    "Daten und Methode": ("tabellen", "datenstand", "methode"),
}
PAGE_PATHS = tuple(path for _, path, _ in PAGES)
