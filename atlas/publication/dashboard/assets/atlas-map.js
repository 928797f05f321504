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
  // Border of an area that is left out.
  const LEFT_OUT_LINE = "#b9b4a9";
  const HATCH_LINE = "#8f8a80";
  // Where nobody lives there is nothing to see: quieter than any value.
  const QUIET_HATCH_LINE = "#ddd9d0";
  const QUIET = "lines";
  const LIGHT = "#ffffff";
  const TILE = 8;
  const LABEL_FONT_PX = 13;
  // Areas are wider than the circle inside them, by which their room is measured.
  const LABEL_ROOM = 0.85;
  const LINES_FROM_ZOOM = 13.5;
  const MANY = 1000;
  const VIEW_KEY = "sozialatlas-ausschnitt";
  const HINT_MS = 1400;
  const NEAREST_ZOOM = 19;
  const FIT_PADDING = [14, 14];
  // Share of the map that shows areas at least, however near one goes.
  const SEEN_OF_CITY = 0.05;
  const HOVER_AGAIN_MS = 40;

  /* ---- what comes over the wire -------------------------------------------------------- */

  /* The page keeps files for the maps of all dates. */
  function fetchFile(url) {
    return parent.atlasMapFiles.fetch(new URL(url, document.baseURI).href);
  }

  async function unpack(text) {
    const bytes = Uint8Array.from(atob(text), function (char) { return char.charCodeAt(0); });
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const whole = new Uint8Array(await new Response(plain).arrayBuffer());
    const end = whole.indexOf(0);
    const content = JSON.parse(new TextDecoder().decode(whole.subarray(0, end)));
    content.classes = Array.from(content.classes, function (digit) { return parseInt(digit, 36); });
    content.texts = inOrderOfAreas(writtenTexts(content.texts, whole.subarray(end + 1)), content.classes);
    return content;
  }

  /* Texts come as few templates and the bytes of their numbers, first all highest ones. */
  function writtenTexts(texts, planes) {
    const count = texts.which.length;
    return texts.which.map(function (which, at) {
      let number = 0;
      for (let place = at; place < planes.length; place += count) number = number * 256 + planes[place];
      return writtenText(texts.templates[which], number);
    });
  }

  /* A zero stands for the number; the digit behind it says how many decimals it has. */
  function writtenText(template, number) {
    const parts = template.split("\u0000");
    if (parts.length < 2) return template;
    const decimals = Number(parts[1][0]);
    const digits = String(number).padStart(decimals + 1, "0");
    const split = digits.length - decimals;
    const whole = digits.slice(0, split).replace(/\B(?=(\d{3})+$)/g, ".");
    return parts[0] + whole + (decimals ? "," + digits.slice(split) : "") + parts[1].slice(1);
  }

  /* Texts come in the order of their classes, as they deflate best. */
  function inOrderOfAreas(texts, classes) {
    const places = Array.from(classes.keys()).sort(function (a, b) { return classes[a] - classes[b] || a - b; });
    const sorted = [];
    places.forEach(function (place, rank) { sorted[place] = texts[rank]; });
    return sorted;
  }

  /* Whether the area at a place in the file is shown; without a mask each is. */
  function maskOf(text) {
    const bytes = Uint8Array.from(atob(text), function (char) { return char.charCodeAt(0); });
    return function (place) { return !text || Boolean((bytes[place >> 3] >> (7 - (place & 7))) & 1); };
  }

  function escapeHtml(text) {
    return text.replace(/[&<>"']/g, function (char) { return "&#" + char.charCodeAt(0) + ";"; });
  }

  /* ---- how an area looks --------------------------------------------------------------- */

  const HALF = TILE / 2;
  const STROKES = {
    diagonal: [[-2, TILE + 2, TILE + 2, -2], [-2, 2, 2, -2], [TILE - 2, TILE + 2, TILE + 2, TILE - 2]],
    lines: [[0, HALF, TILE, HALF]],
  };

  function hatchTile(look) {
    const scale = 2;
    const tile = document.createElement("canvas");
    tile.width = tile.height = TILE * scale;
    const pen = tile.getContext("2d");
    pen.scale(scale, scale);
    pen.fillStyle = look.fill;
    pen.fillRect(0, 0, TILE, TILE);
    pen.strokeStyle = pen.fillStyle = look.hatch === QUIET ? QUIET_HATCH_LINE : HATCH_LINE;
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
      // Between two dark areas a dark border would not be seen.
      const line = layer.look && layer.look.ink === LIGHT ? LIGHT : LINE;
      if (layer.isShown === false) layer.options.color = LEFT_OUT_LINE;
      else layer.options.color = isFar ? layer.options.fillColor : line;
      L.Canvas.prototype._fillStroke.call(this, pen, layer);
    },

    /* Leaflet leaves out moves that follow fast on another; the last one counts. */
    _onMouseMove: function (event) {
      const hover = L.Canvas.prototype._onMouseMove.bind(this, event);
      hover();
      clearTimeout(this._hoverAgain);
      this._hoverAgain = setTimeout(hover, HOVER_AGAIN_MS);
    },

    _handleMouseOut: function (event) {
      clearTimeout(this._hoverAgain);
      L.Canvas.prototype._handleMouseOut.call(this, event);
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
      const written = [];
      for (let order = this._drawFirst; order; order = order.next) {
        const layer = order.layer;
        if (!layer.label) continue;
        const width = pen.measureText(layer.label).width;
        if (layer.spot.radius * degree * 2 <= Math.max(LABEL_ROOM * width, LABEL_FONT_PX)) continue;
        const point = this._map.latLngToLayerPoint(layer.spot.place);
        const half = L.point(width, LABEL_FONT_PX).divideBy(2);
        const box = L.bounds(point.subtract(half), point.add(half));
        if (written.some((other) => other.overlaps(box))) continue;
        written.push(box);
        this._writeLabel(pen, layer, point);
      }
      pen.restore();
    },

    _writeLabel: function (pen, layer, point) {
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

  /* Outer rings of an area, as places. */
  function ringsOf(layer) {
    const parts = layer.getLatLngs();
    return L.LineUtil.isFlat(parts[0]) ? [parts[0]] : parts.map(function (rings) { return rings[0]; });
  }

  function pixelsOf(points) {
    return Math.abs(ringArea(points.map(function (point) { return [point.x, point.y]; })));
  }

  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, inertia: false });
    const panBy = L.Map.prototype.panBy;
    L.Map.include({ panBy: function (offset, options) { return panBy.call(this, offset, Object.assign({}, options, { animate: false })); } });
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
      this._focusInPlace();
      this._fitOnPaper();
      window.atlasMapKeys.add(this);
      map.setMaxZoom(NEAREST_ZOOM);
      map.on("moveend", this._keepMovedView, this);
      map.on("movestart zoomstart", this.unhover, this);
      new ResizeObserver(() => this._takeSize()).observe(map.getContainer());
      window.atlasMapTogether.add(this);
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

    /* Leaflet takes the focus when the button goes down. Would the page then scroll the map into
       view, the button went up over another area than the one meant. */
    _focusInPlace() {
      const box = this.map.getContainer();
      box.focus = function () { HTMLElement.prototype.focus.call(box, { preventScroll: true }); };
      // The frame of the focus is for whoever uses the keyboard.
      const byPointer = (is) => () => box.classList.toggle("is-by-pointer", is);
      box.addEventListener("pointerdown", byPointer(true), { capture: true });
      window.addEventListener("keydown", byPointer(false), { capture: true });
    }

    /* No script runs between the layout for paper and its picture: the map takes the size that it
       will have there before, or half of the city would be cut off. */
    _fitOnPaper() {
      const turn = (is) => () => {
        const isAlone = window.atlasMapTogether.isAlone();
        this.map.getContainer().classList.toggle("is-on-paper", is);
        this.map.getContainer().classList.toggle("is-one-of-several", is && !isAlone);
        this._takeSize();
      };
      window.addEventListener("beforeprint", turn(true));
      window.addEventListener("afterprint", turn(false));
    }

    /* A tap is answered where the finger is: on a phone the panel lies below the fold. */
    _answer(layer) {
      if (!this.answer) {
        this.answer = L.DomUtil.create("p", "atlas-answer", this.map.getContainer());
        this.answer.setAttribute("aria-hidden", "true");
        // Nobody chooses what the answer covers.
        L.DomEvent.disableClickPropagation(this.answer);
      }
      this.answer.innerHTML = layer ? layer.tip : "";
      this.answer.classList.toggle("is-beside", !window.atlasMapTogether.isAlone());
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
          fetchFile(message.geometry),
          message.outline ? fetchFile(message.outline) : null,
        ]);
        if (turn !== this.turn) return;
        this._build(message, areas, outlines);
        this._fill(content, maskOf(message.shown), window.atlasBaseMap.show(this.map, message.tiles));
        this.selected = message.selected;
        this._mark(message.selected, message.focus);
        this._focus(message.focus);
        window.atlasContext.show(this, message.context);
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
        this.unhover();
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
        this.outlines.forEach((layer) => this._line(layer, LIGHT, 3.4, 0.6).addTo(this.outlineGroup));
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
        .on("mouseover", () => this.hover(layer))
        .on("mousemove", (event) => this._follow(layer, event.latlng))
        .on("mouseout", () => this.unhover())
        .on("click", () => this.choose(layer));
    }

    /* What moved under a pointer that stood still, and what was clicked, has no tooltip until the
       pointer moves. */
    _follow(layer, place) {
      if (this.hovered !== layer || !this.map.hasLayer(this.tooltip)) this.hover(layer);
      this.tooltip.setLatLng(place);
    }

    /* Show what an area says: where the pointer is, or the keyboard; in maps beside it too. */
    hover(layer) {
      this.point(layer);
      window.atlasMapTogether.point(this, String(layer.feature.id));
    }

    unhover() {
      if (this.hovered) window.atlasMapTogether.point(this, "");
      this.point(null);
    }

    point(layer) {
      this.hovered = layer;
      this.hoverGroup.clearLayers();
      if (!layer) { this.tooltip.remove(); return; }
      this._line(layer, LIGHT, 5).addTo(this.hoverGroup);
      this._line(layer, HOVER, 2).addTo(this.hoverGroup);
      this.tooltip.setContent(layer.tip).setLatLng(layer.getCenter()).addTo(this.map);
    }

    _line(layer, color, weight, opacity = 1) {
      return L.polygon(layer.getLatLngs(), { renderer: this.frame, interactive: false, fill: false, color: color, weight: weight, opacity: opacity, smoothFactor: 0.7 });
    }

    choose(layer) {
      this.clicks += 1;
      this._answer(layer);
      window.Streamlit.setComponentValue({ id: String(layer.feature.id), click: this.clicks });
    }

    _fill(content, isShown, opacity) {
      const fills = content.looks.map((look) => (look.hatch ? hatchTile(look) : look.fill));
      let position = 0;
      this.layers.forEach((layer) => {
        const index = content.classes[position];
        const text = content.texts[position] || content.looks[index].text;
        layer.look = content.looks[index];
        layer.entry = index;
        layer.isShown = isShown(position);
        layer.label = (layer.isShown && content.labels[position]) || "";
        layer.tip = this._tip(layer.feature, text);
        if (layer.label && !layer.spot) layer.spot = labelSpot(layer.feature.geometry, layer.getBounds());
        layer.setStyle({ fillColor: fills[index], fillOpacity: layer.isShown ? opacity : 0 });
        position += 1;
      });
      if (this.hovered) this.tooltip.setContent(this.hovered.tip);
    }

    _tip(feature, text) {
      const name = feature.properties.name;
      const title = name && name !== feature.id ? feature.id + " " + name : String(feature.id);
      return "<strong>" + escapeHtml(title) + "</strong><br>" + escapeHtml(text);
    }

    /* The chosen area, and around a chosen block the Quartier that the panel speaks of. */
    _mark(selected, focus) {
      this.markGroup.clearLayers();
      this._answer(this.layers.get(selected));
      const find = (id) => this.layers.get(id) || this.outlines.get(id);
      const marked = new Set([find(focus), find(selected)].filter(Boolean));
      marked.forEach((layer) => this._line(layer, LIGHT, 6).addTo(this.markGroup));
      marked.forEach((layer) => this._line(layer, HOVER, 3).addTo(this.markGroup));
    }

    /* ---- what part of the city is seen: all of it, one area, or what the reader moved to ---- */

    _firstView() {
      this.bounds = L.featureGroup(Array.from(this.layers.values())).getBounds();
      const last = this._lastView();
      this.focused = last ? last.focused : undefined;
      this.moved = last && last.center ? last : null;
      this._show();
    }

    /* A frame that is being put in or taken out has no size: what is seen then says nothing. */
    _hasSize() {
      const box = this.map.getContainer();
      return box.clientWidth > 0 && box.clientHeight > 0;
    }

    _takeSize() {
      if (!this._hasSize()) return;
      this._withoutKeeping(() => this.map.invalidateSize({ pan: false }));
      this._show();
    }

    showAll() {
      this.follow(null);
      this._remember();
      window.atlasMapTogether.follow(this, null);
    }

    /* Show a place that somebody moved to here or in a map beside; null: the whole city. */
    follow(place) {
      this.moved = place;
      this.focusBounds = null;
      this._show();
    }

    /* Go along while the map beside glides; where it comes to rest, ``follow`` is exact. */
    drift(place) {
      if (!this._hasSize() || place.zoom !== this.map.getZoom()) return;
      const offset = this.map.latLngToContainerPoint(place.center).subtract(this.map.getSize().divideBy(2));
      this._withoutKeeping(() => this.map.panBy(offset, { animate: false }));
    }

    /* What was moved to outlives the map; without a place it is the whole city. */
    _remember() {
      const view = Object.assign({ city: this.options.city, focused: this.focused }, this.moved);
      sessionStorage.setItem(VIEW_KEY, JSON.stringify(view));
    }

    _focus(id) {
      if (id === this.focused) return;
      this.focused = id;
      const layer = this.layers.get(id) || this.outlines.get(id);
      if (!layer) return;
      this.moved = null;
      this.focusBounds = layer.getBounds().pad(0.35);
      sessionStorage.removeItem(VIEW_KEY);
      this._show();
    }

    _show() {
      if (!this.bounds || !this._hasSize()) return;
      this._withoutKeeping(() => {
        this._limit();
        // Without reset a near place is reached by whole pixels, and a little beside what was left.
        if (this.moved) this.map.setView(this.moved.center, this.moved.zoom, { reset: true });
        else this.map.fitBounds(this.focusBounds || this.bounds, { padding: FIT_PADDING, animate: false });
      });
      if (!this._isOnPaper()) this._stayInCity();
    }

    /* How far away and how far to the side one may go, by the size of the frame. */
    _limit() {
      const options = this.map.options;
      options.minZoom = 0;
      options.minZoom = this.map.getBoundsZoom(this.bounds) - 1;
      // Paper has another height and shows the same place nevertheless.
      options.maxBounds = this._isOnPaper() ? null : this._room();
      options.maxBoundsViscosity = 1;
    }

    _isOnPaper() {
      return this.map.getContainer().classList.contains("is-on-paper");
    }

    _room() {
      return this.bounds.pad(0.3);
    }

    _withoutKeeping(move) {
      this.isKeeping = false;
      move();
      this.isKeeping = true;
    }

    _keepMovedView() {
      if (!this.bounds || !this.isKeeping || !this._hasSize()) return;
      this._stayInCity();
      this.moved = this.place();
      this._remember();
      window.atlasMapTogether.follow(this, this.moved);
    }

    place() {
      return { center: this.map.getCenter(), zoom: this.map.getZoom() };
    }

    _lastView() {
      const view = JSON.parse(sessionStorage.getItem(VIEW_KEY) || "null");
      const isUsable = view && view.city === this.options.city && (!view.center || this._room().contains(view.center));
      return isUsable ? view : null;
    }

    /* A city is no rectangle: from near, one may stand beside it and see nothing. */
    _stayInCity() {
      const map = this.map;
      this._withoutKeeping(() => {
        // A frame larger than the city can be dragged past all limits.
        map.panInsideBounds(this._room(), { animate: false });
        const isFar = map.getZoom() <= map.getBoundsZoom(this.bounds);
        if (isFar || this._isCityInView()) return;
        map.setView(this._nearestTo(map.getCenter()), map.getZoom(), { animate: false });
      });
    }

    _isCityInView() {
      const map = this.map;
      const seen = L.bounds([0, 0], map.getSize());
      const places = map.getBounds();
      let missing = SEEN_OF_CITY * map.getSize().x * map.getSize().y;
      return Array.from(this.layers.values()).some((layer) => {
        if (!places.intersects(layer.getBounds())) return false;
        for (const ring of ringsOf(layer)) {
          const points = ring.map((place) => map.latLngToContainerPoint(place));
          missing -= pixelsOf(L.PolyUtil.clipPolygon(points, seen));
        }
        return missing <= 0;
      });
    }

    _nearestTo(center) {
      let best = null;
      let least = Infinity;
      for (const layer of this.layers.values()) {
        for (const place of ringsOf(layer).flat()) {
          const far = this.map.distance(center, place);
          if (far < least) { least = far; best = place; }
        }
      }
      return best;
    }
  }

  window.atlasMap = {
    fetchFile: fetchFile,
    labelSpot: labelSpot,
    outerRing: outerRing,
    mount: function (map, options) { map.atlas = new AtlasMap(map, options); },
    paint: function (map, message) { map.atlas.paint(message); },
  };
})();
