/*
 * The map of the atlas on Leaflet: boundaries are fetched once by their content-hashed address,
 * after that every interaction sends class numbers, texts and the chosen area only.
 *
 * Knows no indicator and no level: it fills areas as it is told. Nothing is fetched from
 * anywhere but the server that served this file; tiles of a base map are base-map.js alone.
 */
(function () {
  "use strict";

  const LINE = "#4a463f";
  const HOVER = "#14120f";
  const HATCH_LINE = "#8f8a80";
  const TILE = 8;
  const LABEL_FONT_PX = 13;
  // Areas are wider than the circle inside them, by which their room is measured.
  const LABEL_ROOM = 0.65;
  const LINES_FROM_ZOOM = 13.5;
  const MANY = 1000;
  const VIEW_KEY = "sozialatlas-ausschnitt";
  const HINT_MS = 1400;

  const geometries = new Map();

  /* ---- what comes over the wire -------------------------------------------------------- */

  function fetchGeometry(url) {
    if (!geometries.has(url)) {
      const answer = fetch(url).then(function (response) {
        if (!response.ok) throw new Error("HTTP " + response.status);
        return response.json();
      });
      answer.catch(function () { geometries.delete(url); });
      geometries.set(url, answer);
    }
    return geometries.get(url);
  }

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), function (char) { return char.charCodeAt(0); });
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const content = await new Response(plain).json();
    content.classes = Array.from(content.classes, function (digit) { return parseInt(digit, 36); });
    content.texts = inOrderOfAreas(content.texts, content.classes);
    return content;
  }

  /* Texts come in the order of their classes, as they deflate best. */
  function inOrderOfAreas(texts, classes) {
    const places = Array.from(classes.keys()).sort(function (a, b) { return classes[a] - classes[b] || a - b; });
    const sorted = [];
    places.forEach(function (place, rank) { sorted[place] = texts[rank]; });
    return sorted;
  }

  function escapeHtml(text) {
    return text.replace(/[&<>"']/g, function (char) { return "&#" + char.charCodeAt(0) + ";"; });
  }

  /* ---- how an area looks --------------------------------------------------------------- */

  const HALF = TILE / 2;
  const STROKES = {
    diagonal: [[-2, TILE + 2, TILE + 2, -2], [-2, 2, 2, -2], [TILE - 2, TILE + 2, TILE + 2, TILE - 2]],
    backward: [[-2, -2, TILE + 2, TILE + 2], [-2, TILE - 2, 2, TILE + 2], [TILE - 2, -2, TILE + 2, 2]],
    cross: [[0, 0, TILE, TILE], [0, TILE, TILE, 0]],
    lines: [[0, HALF, TILE, HALF]],
    columns: [[HALF, 0, HALF, TILE]],
    grid: [[0, HALF, TILE, HALF], [HALF, 0, HALF, TILE]],
  };

  function hatchTile(look) {
    const scale = 2;
    const tile = document.createElement("canvas");
    tile.width = tile.height = TILE * scale;
    const pen = tile.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = look.fill;
    pen.fillRect(0, 0, TILE, TILE);
    pen.strokeStyle = pen.fillStyle = HATCH_LINE;
    pen.lineWidth = 1;
    if (look.hatch === "dots") {
      [[2, 2], [6, 6]].forEach(function (dot) {
        pen.beginPath();
        pen.arc(dot[0], dot[1], 1, 0, 2 * Math.PI);
        pen.fill();
      });
    } else {
      STROKES[look.hatch].forEach(function (line) {
        pen.beginPath();
        pen.moveTo(line[0], line[1]);
        pen.lineTo(line[2], line[3]);
        pen.stroke();
      });
    }
    const pattern = pen.createPattern(tile, "repeat");
    pattern.setTransform(new DOMMatrix().scale(1 / scale));
    return pattern;
  }

  /* Canvas that writes a label into every area that has room for it. From afar the borders of
     many small areas would cover their colours, so they are drawn only from near. */
  const LabelCanvas = L.Canvas.extend({
    _fillStroke: function (pen, layer) {
      const isFar = this.options.isMany && this._map.getZoom() < LINES_FROM_ZOOM;
      layer.options.color = isFar ? layer.options.fillColor : LINE;
      L.Canvas.prototype._fillStroke.call(this, pen, layer);
    },

    _draw: function () {
      L.Canvas.prototype._draw.call(this);
      if (!this._map) return;
      const pen = this._ctx;
      const degree = this._map.project([0, 1]).x - this._map.project([0, 0]).x;
      pen.save();
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.lineJoin = "round";
      pen.lineWidth = 3;
      pen.font = "600 " + LABEL_FONT_PX + "px 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
      for (let order = this._drawFirst; order; order = order.next) {
        const layer = order.layer;
        const needed = layer.label && Math.max(LABEL_ROOM * pen.measureText(layer.label).width, LABEL_FONT_PX);
        if (layer.label && layer.spot.radius * degree * 2 > needed) {
          this._writeLabel(pen, layer);
        }
      }
      pen.restore();
    },

    _writeLabel: function (pen, layer) {
      const point = this._map.latLngToLayerPoint(layer.spot.place);
      if (!this._bounds.contains(point)) return;
      pen.strokeStyle = layer.look.fill;
      pen.fillStyle = layer.look.ink;
      pen.strokeText(layer.label, point.x, point.y);
      pen.fillText(layer.label, point.x, point.y);
    },
  });

  /* ---- where a label stands: the roomiest point, by three grids, each finer ------------- */

  function outerRing(geometry) {
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.map(function (rings) { return rings[0]; }).reduce(function (best, ring) {
      return Math.abs(ringArea(ring)) > Math.abs(ringArea(best)) ? ring : best;
    });
  }

  function ringArea(ring) {
    let twice = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    }
    return twice / 2;
  }

  /* Distance to the ring, negative outside; x is shrunk so that both axes count alike. */
  function room(x, y, ring, shrink) {
    let inside = false;
    let nearest = Infinity;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const ax = ring[i][0] * shrink, ay = ring[i][1];
      const bx = ring[j][0] * shrink, by = ring[j][1];
      if ((ay > y) !== (by > y) && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      const dx = bx - ax, dy = by - ay;
      const along = dx || dy ? ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy) : 0;
      const t = Math.max(0, Math.min(1, along));
      nearest = Math.min(nearest, (x - ax - t * dx) ** 2 + (y - ay - t * dy) ** 2);
    }
    return (inside ? 1 : -1) * Math.sqrt(nearest);
  }

  function labelSpot(geometry, bounds) {
    const ring = outerRing(geometry);
    const shrink = Math.cos((bounds.getCenter().lat * Math.PI) / 180);
    let box = [bounds.getWest() * shrink, bounds.getSouth(), bounds.getEast() * shrink, bounds.getNorth()];
    let best = { room: -Infinity };
    for (const steps of [14, 6, 6]) {
      const stepX = (box[2] - box[0]) / steps, stepY = (box[3] - box[1]) / steps;
      for (let i = 0; i <= steps; i++) {
        for (let j = 0; j <= steps; j++) {
          const x = box[0] + i * stepX, y = box[1] + j * stepY;
          const here = room(x, y, ring, shrink);
          if (here > best.room) best = { x: x, y: y, room: here };
        }
      }
      box = [best.x - stepX, best.y - stepY, best.x + stepX, best.y + stepY];
    }
    return { place: L.latLng(best.y, best.x / shrink), radius: Math.max(0, best.room / shrink) };
  }

  /* ---- one map -------------------------------------------------------------------------- */

  class AtlasMap {
    constructor(map, options) {
      this.map = map;
      this.options = options;
      this.layers = new Map();
      this.outlines = new Map();
      this.turn = 0;
      this.clicks = 0;
      this.canvas = new LabelCanvas({ padding: 0.2 });
      this.frame = L.svg({ padding: 0.2 });
      this.areaGroup = L.layerGroup().addTo(map);
      this.outlineGroup = L.layerGroup().addTo(map);
      this.markGroup = L.layerGroup().addTo(map);
      this.hoverGroup = L.layerGroup().addTo(map);
      this.tooltip = L.tooltip({ sticky: true, direction: "top", offset: [0, -8], className: "atlas-tip" });
      this._addControls();
      map.on("moveend", this._rememberView, this);
      map.on("dragend keydown", () => { this.isMoved = true; });
      map.on("zoomend", () => { this.isMoved = this.isMoved || !this.isFitting; });
      map.on("resize", this._fitAgain, this);
      new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(map.getContainer());
    }

    _addControls() {
      const map = this.map;
      L.control.zoom({ zoomInTitle: "Vergrößern", zoomOutTitle: "Verkleinern" }).addTo(map);
      const home = L.control({ position: "topleft" });
      home.onAdd = () => {
        const bar = L.DomUtil.create("div", "leaflet-bar");
        const button = L.DomUtil.create("a", "atlas-home", bar);
        button.href = "#";
        button.title = "Ganze Stadt";
        button.setAttribute("role", "button");
        button.setAttribute("aria-label", "Ganze Stadt");
        button.textContent = "⤢";
        L.DomEvent.on(button, "click", L.DomEvent.stop).on(button, "click", this.showAll, this);
        return bar;
      };
      home.addTo(map);
      L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
      if (window.frameElement) window.frameElement.setAttribute("aria-label", "Karte");
      map.getContainer().setAttribute("role", "region");
      // folium forbids readers to enlarge the page.
      document.querySelectorAll('meta[content*="user-scalable"]').forEach((tag) => tag.remove());
      this._zoomByWheelWithCtrl();
    }

    /* The page scrolls under the mouse wheel; the map zooms with Strg, as on every intranet map. */
    _zoomByWheelWithCtrl() {
      const box = this.map.getContainer();
      const hint = L.DomUtil.create("div", "atlas-hint", box);
      hint.textContent = "Strg + Mausrad zoomt die Karte";
      let timer = 0;
      box.addEventListener("wheel", (event) => {
        const zooms = event.ctrlKey || event.metaKey;
        this.map.scrollWheelZoom[zooms ? "enable" : "disable"]();
        if (zooms) { event.preventDefault(); return; }
        hint.classList.add("is-shown");
        clearTimeout(timer);
        timer = setTimeout(function () { hint.classList.remove("is-shown"); }, HINT_MS);
      }, { capture: true, passive: false });
    }

    /* A message overtaken by a newer one draws nothing: the map never mixes two states. */
    async paint(message) {
      const turn = ++this.turn;
      const box = this.map.getContainer();
      box.dataset.state = "loading";
      try {
        const [content, areas, outlines] = await Promise.all([
          unpack(message.content),
          fetchGeometry(message.geometry),
          message.outline ? fetchGeometry(message.outline) : null,
        ]);
        if (turn !== this.turn) return;
        this._build(message, areas, outlines);
        this._fill(content, window.atlasBaseMap.show(this.map, message.tiles));
        this._mark(message.selected);
        this._focus(message.focus);
        box.dataset.state = "drawn";
        box.setAttribute("aria-label", content.title);
      } catch (error) {
        if (turn !== this.turn) return;
        box.dataset.state = "failed";
        this._fail();
      }
    }

    _fail() {
      const note = L.DomUtil.create("p", "atlas-failed", this.map.getContainer());
      note.setAttribute("role", "alert");
      note.textContent = "Die Grenzen konnten nicht geladen werden. Bitte die Seite neu laden.";
    }

    _build(message, areas, outlines) {
      if (this.geometry !== message.geometry) {
        this.geometry = message.geometry;
        this.spots = false;
        this.areaGroup.clearLayers();
        this.layers = this._polygons(areas, { renderer: this.canvas, interactive: true, color: LINE, weight: 0.6, opacity: 0.8, fillOpacity: 1, bubblingMouseEvents: false });
        this.canvas.options.isMany = areas.features.length > MANY;
        this.layers.forEach((layer) => this._listen(layer).addTo(this.areaGroup));
      }
      if (this.outline !== message.outline) {
        this.outline = message.outline;
        this.outlineGroup.clearLayers();
        const style = { renderer: this.frame, interactive: false, fill: false, color: LINE, weight: 1.4, opacity: 0.9 };
        this.outlines = outlines ? this._polygons(outlines, style) : new Map();
        this.outlines.forEach((layer) => layer.addTo(this.outlineGroup));
      }
      if (!this.bounds) this._firstView();
    }

    _polygons(collection, style) {
      const polygons = new Map();
      for (const feature of collection.features) {
        const depth = feature.geometry.type === "Polygon" ? 1 : 2;
        const places = L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates, depth);
        const layer = L.polygon(places, Object.assign({ smoothFactor: 0.7 }, style));
        layer.feature = feature;
        polygons.set(String(feature.id), layer);
      }
      return polygons;
    }

    _listen(layer) {
      return layer
        .on("mouseover", () => this._hover(layer))
        .on("mousemove", (event) => this.tooltip.setLatLng(event.latlng))
        .on("mouseout", () => this._unhover())
        .on("click", () => this._send(String(layer.feature.id)));
    }

    _hover(layer) {
      this.hoverGroup.clearLayers();
      this._line(layer, HOVER, 2).addTo(this.hoverGroup);
      this.tooltip.setContent(layer.tip).setLatLng(layer.getCenter()).addTo(this.map);
    }

    _unhover() {
      this.hoverGroup.clearLayers();
      this.tooltip.remove();
    }

    _line(layer, color, weight) {
      return L.polygon(layer.getLatLngs(), { renderer: this.frame, interactive: false, fill: false, color: color, weight: weight, smoothFactor: 0.7 });
    }

    _send(id) {
      this.clicks += 1;
      window.Streamlit.setComponentValue({ id: id, click: this.clicks });
    }

    _fill(content, opacity) {
      const fills = content.looks.map((look) => (look.hatch ? hatchTile(look) : look.fill));
      let position = 0;
      this.layers.forEach((layer) => {
        const index = content.classes[position];
        const text = content.texts[position] || content.looks[index].text;
        layer.look = content.looks[index];
        layer.entry = index;
        layer.label = content.labels[position] || "";
        layer.tip = this._tip(layer.feature, text);
        if (layer.label && !layer.spot) layer.spot = labelSpot(layer.feature.geometry, layer.getBounds());
        layer.setStyle({ fillColor: fills[index], fillOpacity: opacity });
        position += 1;
      });
    }

    _tip(feature, text) {
      const name = feature.properties.name;
      const title = name && name !== feature.id ? feature.id + " " + name : String(feature.id);
      return "<strong>" + escapeHtml(title) + "</strong><br>" + escapeHtml(text);
    }

    _mark(selected) {
      this.markGroup.clearLayers();
      const layer = this.layers.get(selected) || this.outlines.get(selected);
      if (!layer) return;
      this._line(layer, "#ffffff", 6).addTo(this.markGroup);
      this._line(layer, HOVER, 3).addTo(this.markGroup);
    }

    /* ---- what part of the city is seen ---- */

    _firstView() {
      this.bounds = L.featureGroup(Array.from(this.layers.values())).getBounds();
      this.map.setMaxBounds(this.bounds.pad(0.6));
      const last = this._lastView();
      this.isMoved = Boolean(last);
      if (last) this.map.setView(last.center, last.zoom, { animate: false });
      else this.showAll();
    }

    /* The frame gets its height after the map; whoever has moved the map keeps the extract. */
    _fitAgain() {
      if (!this.bounds || this.isMoved) return;
      if (this.focusBounds) this._fit(this.focusBounds);
      else this.showAll();
    }

    showAll() {
      this.focusBounds = null;
      this._fit(this.bounds);
      this.isMoved = false;
      sessionStorage.removeItem(VIEW_KEY);
    }

    /* A frame that is being put in or taken out has no size, and Leaflet no answer to that. */
    _fit(bounds) {
      const size = this.map.getSize();
      if (!size.x || !size.y) return;
      this.isFitting = true;
      this.map.options.minZoom = 0;
      this.map.fitBounds(bounds, { padding: [14, 14], animate: false });
      this.map.setMinZoom(this.map.getBoundsZoom(this.bounds) - 1);
      this.isFitting = false;
    }

    _focus(id) {
      if (id === this.focused) return;
      this.focused = id;
      const layer = this.layers.get(id) || this.outlines.get(id);
      if (!layer) return;
      this.focusBounds = layer.getBounds().pad(0.35);
      this.isMoved = false;
      this._fit(this.focusBounds);
    }

    _rememberView() {
      if (!this.isMoved) return;
      const view = { city: this.options.city, center: this.map.getCenter(), zoom: this.map.getZoom() };
      sessionStorage.setItem(VIEW_KEY, JSON.stringify(view));
    }

    _lastView() {
      const view = JSON.parse(sessionStorage.getItem(VIEW_KEY) || "null");
      return view && view.city === this.options.city ? view : null;
    }
  }

  window.atlasMap = {
    mount: function (map, options) { map.atlas = new AtlasMap(map, options); },
    paint: function (map, message) { map.atlas.paint(message); },
  };
})();
