/*
 * Names of streets on the map: from near, where there is room beside the other names. They are
 * fetched when a reader first comes near enough.
 */
(function () {
  "use strict";

  const FROM_ZOOM = 15.75;
  const NAME_PX = 11.5;
  const LINE_PX = 13;
  const FONT = "500 " + NAME_PX + "px 'Source Sans', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
  const INK = "#14120f";
  const HALO = "#ffffff";

  class StreetNames {
    constructor(map, redraw) {
      this.map = map;
      this.redraw = redraw;
      this.rows = [];
      this.written = [];
    }

    show(url) {
      if (this.url === url) return;
      this.url = url;
      this.rows = null;
    }

    /* A name that cannot be fetched is missing; the map is there without it. */
    async _fetch(url) {
      this.rows = [];
      try {
        const told = await window.atlasMap.fetchFile(url);
        if (url !== this.url) return;
        this.rows = told.streets;
        this.redraw();
      } catch (error) {
        this.map.getContainer().dataset.streets = "failed";
      }
    }

    /* Write what has room; `taken` are boxes of other names, `write` draws text with a halo. */
    paint(pen, taken, write) {
      this.written = [];
      if (!this.url || this.map.getZoom() < FROM_ZOOM) return;
      if (!this.rows) this._fetch(this.url);
      const seen = this.map.getBounds();
      pen.font = FONT;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      for (const [name, , x, y] of this.rows) {
        if (!seen.contains([y, x])) continue;
        const spot = this.map.latLngToLayerPoint([y, x]);
        const half = pen.measureText(name).width / 2 + 3;
        const box = [spot.x - half, spot.y - LINE_PX / 2, spot.x + half, spot.y + LINE_PX / 2];
        if (taken.some((one) => one[0] < box[2] && box[0] < one[2] && one[1] < box[3] && box[1] < one[3])) continue;
        taken.push(box);
        this.written.push(name);
        write(name, spot.x, spot.y, INK, HALO, 2.6);
      }
    }
  }

  window.atlasStreetNames = { on: function (map, redraw) { return new StreetNames(map, redraw); } };
})();
