"""One request and what stands behind it: who asks, of which city, what exists for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from starlette.requests import Request

from atlas.config import City
from atlas.exchange.display import read_open_data
from atlas.publication.access import Sight, sight_of
from atlas.publication.api.answers import is_html
from atlas.publication.api.documents import Told
from atlas.publication.api.faults import RequestError, not_found
from atlas.publication.api.layer import Layer
from atlas.publication.api.links import Site
from atlas.publication.api.shelf import Collection, Shelf, info_of


@dataclass(frozen=True)
class Asking:
    """A request to the interface of one city."""

    request: Request
    shelf: Shelf
    site: Site

    @property
    def sight(self) -> Sight:
        """What exists for whoever asks."""
        return sight_of(self.request.headers, self.shelf.city_dir.name)

    @property
    def asked(self) -> Mapping[str, str]:
        """Parameters of the address."""
        return self.request.query_params

    @cached_property
    def is_html(self) -> bool:
        """Whether a page is asked for."""
        return is_html(self.request)

    @cached_property
    def city(self) -> City:
        """The city of the newest release, with what portals may know.

        Raises
        ------
        RequestError
            If nothing is published.
        """
        refs = self.shelf.refs()
        if not refs:
            raise RequestError(404, "Noch ist kein Stand veröffentlicht.")
        city = info_of(refs[-1].path).config.city
        return city.model_copy(update={"open_data": read_open_data(self.shelf.city_dir)})

    @cached_property
    def collections(self) -> dict[str, Collection]:
        """Collections of features that exist for whoever asks."""
        return self.shelf.collections(self.sight)

    def told(self, collection: Collection) -> Told:
        """Find what a collection says of itself."""
        return Told(collection, self.shelf.glance(collection.ref, self.sight))

    def layer(self, told: Told) -> Layer:
        """Find the areas of a collection."""
        return self.shelf.layer(told.collection, self.sight)

    def named(self) -> Told:
        """Find the collection that the address names.

        Raises
        ------
        RequestError
            If it does not exist for whoever asks.
        """
        collection = self.collections.get(self.request.path_params["collection"])
        if collection is None:
            raise not_found()
        return self.told(collection)
