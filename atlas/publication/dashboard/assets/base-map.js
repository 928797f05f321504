/*
 * Tiles of a base map under the areas, while the reader wants them. The only code that asks
 * another server; the policy of the map's document lets it ask the configured one alone.
 */
(function () {
  "use strict";

  const OPAQUE = 1;
  // Streets shine through, colours of neighbouring classes still differ.
  const TRANSLUCENT = 0.7;
  const FAILED = "Die Hintergrundkarte ist zurzeit nicht erreichbar.";

  function plain(text) {
    const holder = document.createElement("span");
    holder.textContent = text;
    return holder.innerHTML;
  }

  class BaseMap {
    constructor(map, tiles) {
      this.map = map;
      this.url = tiles.url;
      this.credit = L.control.attribution({ prefix: false }).addTo(map);
      this.layer = L.tileLayer(tiles.url, {
        attribution: plain(tiles.credit),
        maxNativeZoom: tiles.max_zoom,
        // No limit: the areas may be seen from nearer than there are tiles.
        maxZoom: Infinity,
      });
      this.layer.on("tileerror", this._tell, this).on("tileload", this._hush, this).addTo(map);
    }

    _tell() {
      if (this.note) return;
      this.note = L.DomUtil.create("p", "atlas-no-tiles", this.map.getContainer());
      this.note.setAttribute("role", "status");
      this.note.textContent = FAILED;
    }

    _hush() {
      if (this.note) this.note.remove();
      this.note = null;
    }

    remove() {
      this.layer.off().remove();
      this.credit.remove();
      this.map.attributionControl = null;
      this._hush();
    }
  }

  window.atlasBaseMap = {
    /* Show the tiles that are wanted, or none; return how opaque areas are to be. */
    show: function (map, wanted) {
      const shown = map.atlasTiles;
      if (shown && (!wanted || wanted.url !== shown.url)) {
        shown.remove();
        map.atlasTiles = null;
      }
      if (wanted && !map.atlasTiles) map.atlasTiles = new BaseMap(map, wanted);
      return wanted ? TRANSLUCENT : OPAQUE;
    },
  };
})();
