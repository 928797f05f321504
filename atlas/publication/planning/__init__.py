"""What planners write down: its database, who wrote, and what is kept under a name.

Kept beside the releases and never in one. Knows no page and no number of a release.
"""

from atlas.publication.planning.author import MAX_AUTHOR, Author
from atlas.publication.planning.database import MAX_TITLE, open_store, store_url
from atlas.publication.planning.kept import Kept, Shelf, all_kept, keep, keep_new

__all__ = [
    "MAX_AUTHOR",
    "MAX_TITLE",
    "Author",
    "Kept",
    "Shelf",
    "all_kept",
    "keep",
    "keep_new",
    "open_store",
    "store_url",
]
