"""What a release says of an area, to hold a map against it."""

from functools import cache
from pathlib import Path

from atlas.publication.seen import Seen, see
from atlas.publication.views.items import NEED, item_of, themes
from atlas.release import open_release
from atlas.terms import NEED_LEVEL, Kind
from tests.browser.map_land import Extent
from tests.browser.sight import german


class Facts:
    """A release as it is published; ``title`` is what the map says that it shows."""

    def __init__(self, home: Path, extent: Extent, title: str) -> None:
        self.theme, group, *_ = title.split(" · ")
        seen = _seen(str(home / "releases" / extent.city / extent.release))
        self.seen = next(
            one
            for key in seen.groups
            for one in (seen.through(key),)
            if one.group_short == group
        )
        self.drawn = Kind(extent.name.split(".")[0])

    def kind_called(self, plural: str) -> Kind:
        """Kind of areas that readers know by this name."""
        return next(one for one in self.seen.kinds if self.seen.plural(one) == plural)

    def holder(self, area_id: str, kind: Kind) -> str:
        """Key of the area of a kind in which a drawn area lies."""
        found = self.seen.holder(kind, self.seen.area(self.drawn, area_id))
        assert found is not None
        return found.id

    def told(self, area_id: str) -> str:
        """What the tooltip of an area has to say; empty where nothing is published."""
        theme = next(one.id for one in themes(self.seen) if one.label == self.theme)
        if theme == NEED:
            quartier = self.holder(area_id, Kind.QUARTIER)
            level = self.seen.value(self.seen.area(Kind.QUARTIER, quartier), NEED_LEVEL)
            return "" if level is None else f"Stufe {level:.0f}"
        area = self.seen.find(self.drawn, area_id)
        value = None if area is None else self.seen.value(area, theme)
        return "" if value is None else german(value, item_of(self.seen.config, theme).digits)


@cache
def _seen(path: str) -> Seen:
    return see(open_release(Path(path)))
