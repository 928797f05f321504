"""What a role may see of a city, and that nothing else is sent: the one room that decides."""

from atlas.publication.access.guard import Guard
from atlas.publication.access.sight import Sight, sight_of

__all__ = ["Guard", "Sight", "sight_of"]
