"""What every paper says of its release: which it is, and where its figures come from."""

from atlas.publication.seen import Seen
from atlas.publication.views.notes import credit_lines, release_notes
from atlas.publication.views.remarks import symbols_of


def running_of(seen: Seen) -> str:
    """Line at the foot of every sheet: city, date, state, release."""
    notes = release_notes(seen)
    told = (notes.title, f"Stand {notes.day}", notes.state, *notes.badges)
    return " · ".join((*told, f"Veröffentlichung {notes.name}"))


def sources_of(seen: Seen, *others: Seen) -> str:
    """Say what the symbols mean and where the figures come from, in one paragraph.

    Parameters
    ----------
    others
        Further releases whose figures stand on the same paper.
    """
    symbols = "; ".join(f"{symbol} {words}" for symbol, words in symbols_of(seen))
    signs = f"Zeichen: {symbols}. " if symbols else ""
    # The licence, which is the last of each, stays behind all sources.
    every = [line for one in (seen, *others) for line in credit_lines(one)]
    told = reversed(dict.fromkeys(reversed(every)))
    return f"{signs}Quellen: {'; '.join(told)}."
