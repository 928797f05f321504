/*
 * The city around the areas: rivers, railway, roads and parks as quiet lines, points that the
 * reader switched on, one marked place, names of areas where they fit. Drawn on a canvas of its
 * own above the areas, which takes no click: whatever is drawn, the area under it is chosen.
 */
(function () {
  "use strict";

  const PAPER = "#ffffff";
  const INK = "#24211c";
  const FONT = "'Source Sans', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
  // Casing and line of each kind of line: colours and widths in pixels.
  const LINES = {
    water: { casing: ["rgb(255 255 255 / 65%)", 3.6], line: ["#5f8fa6", 2] },
    roads: { casing: ["rgb(74 70 63 / 45%)", 2.6], line: ["rgb(255 255 255 / 90%)", 1.5] },
    railway: { casing: ["#57534b", 2.2], line: [PAPER, 1.1], dash: [6, 6] },
  };
  const WATER_FILL = "rgb(146 182 198 / 70%)";
  const GREEN = "rgb(74 116 70 / 55%)";
  const GREEN_RIM = "rgb(98 148 92 / 26%)";
  const GREEN_RIM_PX = 8;
  const ORDER = ["green", "water", "roads", "railway"];
  const SIGNS = {
    schools: { fill: "#1d4a73", trace: square },
    kitas: { fill: "#8a5a00", trace: circle },
    youth_centres: { fill: "#2c6240", trace: triangle },
    advice_centres: { fill: "#6a2d66", trace: diamond },
    places: { fill: "#3d3a34", trace: cross },
  };
  const SIGN_PX = 4.6;
  // From afar everything is drawn finer: there is much of it on few pixels.
  const NEAR_ZOOM = 13;
  const FINER = 0.66;
  const REACH_PX = 10;
  const NAME_PX = 11;
  const LINE_PX = 12;
  const NUMBER_PX = 13;
  const NUMBER_ROOM = 0.85;
  // Names of larger areas: size and spacing, smaller where the first does not fit.
  const LARGE_NAMES = [[13, 1.6], [11, 0.8], [10, 0]];
  // Names of larger areas lead from afar; from near those of the areas themselves do.
  const AREAS_ARE_LARGE_PX = 95;
  const GRID = [22, 14];
  const MOST_CORNERS = 160;
  const PLACE_ZOOM = 14.5;
  const PLACE_KEY = "sozialatlas-ort";

  function escapeHtml(text) {
    return text.replace(/[&<>"']/g, function (char) { return "&#" + char.charCodeAt(0) + ";"; });
  }

  /* ---- signs: told apart by their shape, in grey too ------------------------------------ */

  function square(pen, x, y, r) { pen.rect(x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r); }
  function circle(pen, x, y, r) { pen.moveTo(x + r, y); pen.arc(x, y, r, 0, 2 * Math.PI); }
  function polygon(pen, x, y, r, corners) {
    corners.forEach(function (corner, at) {
      pen[at ? "lineTo" : "moveTo"](x + r * corner[0], y + r * corner[1]);
    });
    pen.closePath();
  }
  function triangle(pen, x, y, r) { polygon(pen, x, y, 1.25 * r, [[0, -0.95], [1, 0.75], [-1, 0.75]]); }
  function diamond(pen, x, y, r) { polygon(pen, x, y, 1.3 * r, [[0, -1], [1, 0], [0, 1], [-1, 0]]); }
  function cross(pen, x, y, r) {
    const a = 0.38, b = 1.1;
    polygon(pen, x, y, r, [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]]);
  }

  /* ---- shapes in pixels of zoom 0, measured from the middle of the city ------------------ */

  function tracePath(path, places, flat, isClosed) {
    places.forEach(function (place, at) {
      const point = flat(place);
      path[at ? "lineTo" : "moveTo"](point.x, point.y);
    });
    if (isClosed) path.closePath();
  }

  function traceShape(paths, geometry, flat) {
    if (geometry.type === "LineString") tracePath(paths.lines, geometry.coordinates, flat, false);
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
    polygons.forEach(function (rings) {
      rings.forEach(function (ring) { tracePath(paths.areas, ring, flat, true); });
    });
  }

  const ContextCanvas = L.Canvas.extend({
    _draw: function () { if (this._map) this.options.paint(this._ctx, this._bounds); },
  });

  class MapContext {
    constructor(atlas) {
      this.atlas = atlas;
      this.map = atlas.map;
      this.paths = new Map();
      this.points = [];
      this.wanted = { layers: [], place: null, names: false };
      const pane = this.map.createPane("context");
      pane.style.zIndex = 450;
      pane.style.pointerEvents = "none";
      this.canvas = new ContextCanvas({ pane: "context", padding: 0.2, paint: (pen, bounds) => this._paint(pen, bounds) });
      this.canvas.addTo(this.map);
      this.streets = window.atlasStreetNames.on(this.map, () => this.canvas._redraw());
      const box = this.map.getContainer();
      box.addEventListener("mousemove", (event) => this._point(event));
      box.addEventListener("click", (event) => this._tap(event));
    }

    async show(wanted) {
      this.wanted = wanted;
      this.streets.show(wanted.streets);
      if (!this.middle) this.middle = this.map.project(this.atlas.bounds.getCenter(), 0);
      const turn = (this.turn = (this.turn || 0) + 1);
      const box = this.map.getContainer();
      try {
        const shapes = wanted.url ? await window.atlasMap.fetchFile(wanted.url) : { features: [] };
        if (turn !== this.turn) return;
        if (this.url !== wanted.url) this._take(shapes.features, wanted.url);
        box.dataset.context = "drawn";
      } catch (error) {
        box.dataset.context = "failed"; // the areas and their values are there without it
      }
      this._goTo(wanted.place);
      this.canvas._redraw();
    }

    _take(features, url) {
      this.url = url;
      const flat = (place) => this.map.project([place[1], place[0]], 0).subtract(this.middle);
      this.paths.clear();
      this.points = [];
      for (const feature of features) {
        const told = feature.properties;
        if (feature.geometry.type === "Point") {
          this.points.push({ layer: told.layer, name: told.name || "", note: told.note || "", at: flat(feature.geometry.coordinates) });
          continue;
        }
        if (!this.paths.has(told.layer)) this.paths.set(told.layer, { lines: new Path2D(), areas: new Path2D() });
        traceShape(this.paths.get(told.layer), feature.geometry, flat);
      }
    }

    /* Go to a place once; afterwards the reader moves as he likes. */
    _goTo(place) {
      const key = place ? place.name + "/" + place.at.join("/") : "";
      const known = sessionStorage.getItem(PLACE_KEY) || "";
      if (key === known) return;
      sessionStorage.setItem(PLACE_KEY, key);
      if (place) this.map.setView([place.at[1], place.at[0]], Math.max(this.map.getZoom(), PLACE_ZOOM), { animate: false });
    }

    /* ---- painting -------------------------------------------------------------------------- */

    _scene() {
      const scale = this.map.getZoomScale(this.map.getZoom(), 0);
      const shift = this.middle.multiplyBy(scale).subtract(this.map.getPixelOrigin());
      return { scale: scale, shift: shift };
    }

    _paint(pen, bounds) {
      if (!this.middle) return;
      const scene = this._scene();
      pen.save();
      pen.lineJoin = pen.lineCap = "round";
      const on = this.wanted.layers;
      ORDER.forEach((shows) => on.filter((layer) => layer.shows === shows).forEach((layer) => this._paintLayer(pen, layer, scene)));
      const numbers = this._writeNumbers(pen, bounds);
      if (this.wanted.names) this._paintNames(pen, bounds, numbers);
      this.streets.paint(pen, numbers, (...told) => this._write(pen, ...told));
      this._paintPoints(pen, on, scene, bounds);
      if (this.wanted.place) this._paintPlace(pen);
      pen.restore();
    }

    _paintLayer(pen, layer, scene) {
      const paths = this.paths.get(layer.id);
      if (!paths) return;
      const onPage = new DOMMatrix([scene.scale, 0, 0, scene.scale, scene.shift.x, scene.shift.y]);
      const lines = new Path2D(), areas = new Path2D();
      lines.addPath(paths.lines, onPage);
      areas.addPath(paths.areas, onPage);
      if (layer.shows === "green") { this._paintGreen(pen, areas); return; }
      const style = LINES[layer.shows];
      if (layer.shows === "water") {
        pen.fillStyle = WATER_FILL;
        pen.fill(areas, "evenodd");
      }
      this._stroke(pen, lines, style.casing);
      if (style.dash) { pen.setLineDash(style.dash); pen.lineCap = "butt"; }
      this._stroke(pen, lines, style.line);
      pen.setLineDash([]);
      pen.lineCap = "round";
    }

    _isFar() {
      return this.map.getZoom() < NEAR_ZOOM;
    }

    _stroke(pen, path, style) {
      pen.strokeStyle = style[0];
      pen.lineWidth = style[1] * (this._isFar() ? FINER : 1);
      pen.stroke(path);
    }

    /* A rim inside the border and no fill: a fill would change the colours of the data. */
    _paintGreen(pen, areas) {
      pen.save();
      pen.clip(areas, "evenodd");
      this._stroke(pen, areas, [GREEN_RIM, GREEN_RIM_PX]);
      pen.restore();
      this._stroke(pen, areas, [GREEN, 0.9]);
    }

    _paintPoints(pen, on, scene, bounds) {
      const shown = new Map(on.map((layer) => [layer.id, layer.shows]));
      const size = SIGN_PX * (this._isFar() ? FINER : 1);
      this.seen = [];
      for (const point of this.points) {
        if (!shown.has(point.layer)) continue;
        const spot = point.at.multiplyBy(scene.scale).add(scene.shift);
        if (!bounds.contains(spot)) continue;
        const sign = SIGNS[shown.get(point.layer)];
        this.seen.push({ point: point, x: spot.x, y: spot.y });
        pen.beginPath();
        sign.trace(pen, spot.x, spot.y, size);
        pen.lineWidth = size / 2;
        pen.strokeStyle = PAPER;
        pen.stroke();
        pen.fillStyle = sign.fill;
        pen.fill();
      }
    }

    _paintPlace(pen) {
      const place = this.wanted.place;
      const spot = this.map.latLngToLayerPoint([place.at[1], place.at[0]]);
      [[PAPER, 6], [INK, 2.4]].forEach((style) => {
        pen.strokeStyle = style[0];
        pen.lineWidth = style[1];
        pen.beginPath();
        pen.arc(spot.x, spot.y, 10, 0, 2 * Math.PI);
        pen.stroke();
      });
      pen.font = "600 13px " + FONT;
      pen.textAlign = "center";
      pen.textBaseline = "alphabetic";
      this._write(pen, place.name, spot.x, spot.y - 17, INK, PAPER, 4);
    }

    _write(pen, text, x, y, ink, halo, width) {
      pen.strokeStyle = halo;
      pen.lineWidth = width;
      pen.lineJoin = "round";
      pen.strokeText(text, x, y);
      pen.fillStyle = ink;
      pen.fillText(text, x, y);
    }

    /* ---- names: of larger areas from afar, of the areas from near, where there is room ------ */

    _paintNames(pen, bounds, taken) {
      const areas = this._named(this.atlas.layers, bounds);
      const larger = this._named(this.atlas.outlines, bounds);
      const widths = areas.map((one) => one.box.max.x - one.box.min.x).sort((a, b) => a - b);
      const areLarge = widths.length && widths[widths.length >> 1] > AREAS_ARE_LARGE_PX;
      // Blocks have no names: then their Quartiere are the areas with a name.
      if (areas.length && larger.length && !areLarge) larger.forEach((one) => this._writeLarge(pen, one, taken));
      else (areas.length ? areas : larger).forEach((one) => this._writeName(pen, one, taken));
    }

    _named(layers, bounds) {
      const found = [];
      for (const layer of layers.values()) {
        const name = layer.feature.properties.name;
        if (!name || name === String(layer.feature.id) || name === layer.label) continue;
        const box = this._boxOf(layer);
        if (bounds.intersects(box)) found.push({ layer: layer, name: name, box: box });
      }
      return found;
    }

    _boxOf(layer) {
      const edges = layer.getBounds();
      return L.bounds(this.map.latLngToLayerPoint(edges.getNorthWest()), this.map.latLngToLayerPoint(edges.getSouthEast()));
    }

    /* Figures of the areas once more, where the map writes them: no river may cross a number. */
    _writeNumbers(pen, bounds) {
      const degree = this.map.project([0, 1]).x - this.map.project([0, 0]).x;
      const boxes = [];
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.font = "600 " + NUMBER_PX + "px 'Segoe UI', 'Helvetica Neue', Arial, sans-serif";
      for (let order = this.atlas.canvas._drawFirst; order; order = order.next) {
        const layer = order.layer;
        if (!layer.label) continue;
        const width = pen.measureText(layer.label).width;
        if (layer.spot.radius * degree * 2 <= Math.max(NUMBER_ROOM * width, NUMBER_PX)) continue;
        const spot = this.map.latLngToLayerPoint(layer.spot.place);
        const box = boxAround(spot.x, spot.y, width, NUMBER_PX);
        if (boxes.some((other) => overlap(box, other))) continue;
        boxes.push(box);
        if (bounds.contains(spot)) this._write(pen, layer.label, spot.x, spot.y, layer.look.ink, layer.look.fill, 3);
      }
      return boxes;
    }

    _ring(layer) {
      if (!layer.nameRing) {
        const ring = window.atlasMap.outerRing(layer.feature.geometry);
        const step = Math.ceil(ring.length / MOST_CORNERS);
        layer.nameRing = ring.filter((_, at) => at % step === 0).map((place) => L.latLng(place[1], place[0]));
      }
      return layer.nameRing.map((place) => this.map.latLngToLayerPoint(place));
    }

    _spot(layer) {
      if (!layer.nameSpot) layer.nameSpot = layer.spot || window.atlasMap.labelSpot(layer.feature.geometry, layer.getBounds());
      return this.map.latLngToLayerPoint(layer.nameSpot.place);
    }

    _writeName(pen, one, taken) {
      if (one.box.max.x - one.box.min.x < 3 * NAME_PX) return;
      pen.font = "500 " + NAME_PX + "px " + FONT;
      pen.letterSpacing = "0px";
      const spot = this._spot(one.layer);
      const ring = this._ring(one.layer);
      const off = one.layer.label ? LINE_PX + 3 : 0;
      for (const lines of linesOf(one.name)) {
        const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 4;
        const height = lines.length * LINE_PX;
        for (const y of off ? [spot.y + off + (height - LINE_PX) / 2, spot.y - off - (height - LINE_PX) / 2] : [spot.y]) {
          const box = boxAround(spot.x, y, width, height);
          if (taken.some((other) => overlap(box, other)) || !isInside(box, ring)) continue;
          taken.push(box);
          const look = one.layer.look || { ink: INK, fill: PAPER };
          this._writeLines(pen, lines, { x: spot.x, y: y }, LINE_PX, [look.ink, look.fill, 2.6]);
          return;
        }
      }
    }

    _writeLarge(pen, one, taken) {
      const name = one.name.toLocaleUpperCase("de");
      for (const [size, spacing] of LARGE_NAMES) {
        pen.font = "600 " + size + "px " + FONT;
        pen.letterSpacing = spacing + "px";
        for (const lines of linesOf(name)) {
          const width = Math.max(...lines.map((line) => pen.measureText(line).width)) + 6;
          const height = lines.length * (size + 2) + 2;
          const place = this._freePlace(one, width, height, taken);
          if (!place) continue;
          taken.push(boxAround(place.x, place.y, width, height));
          this._writeLines(pen, lines, place, size + 2, ["rgb(36 33 28 / 90%)", "rgb(255 255 255 / 80%)", 3.2]);
          pen.letterSpacing = "0px";
          return;
        }
      }
      pen.letterSpacing = "0px";
    }

    _writeLines(pen, lines, middle, height, style) {
      lines.forEach((line, at) => {
        this._write(pen, line, middle.x, middle.y + (at - (lines.length - 1) / 2) * height, ...style);
      });
    }

    /* The free place inside that is nearest to the roomiest point. */
    _freePlace(one, width, height, taken) {
      const spot = this._spot(one.layer);
      const ring = this._ring(one.layer);
      const size = one.box.getSize();
      let best = null;
      for (let i = 0; i <= GRID[0]; i++) {
        for (let j = 0; j <= GRID[1]; j++) {
          const x = one.box.min.x + (i / GRID[0]) * size.x, y = one.box.min.y + (j / GRID[1]) * size.y;
          const cost = (x - spot.x) ** 2 + (y - spot.y) ** 2;
          if (best && best.cost <= cost) continue;
          const box = boxAround(x, y, width, height);
          if (taken.some((other) => overlap(box, other))) continue;
          if (!isIn(x, y, ring) || !isIn(x - 0.4 * width, y, ring) || !isIn(x + 0.4 * width, y, ring)) continue;
          best = { x: x, y: y, cost: cost };
        }
      }
      return best;
    }

    /* ---- what a point says ------------------------------------------------------------------- */

    _nearest(event) {
      const at = this.map.containerPointToLayerPoint(this.map.mouseEventToContainerPoint(event));
      let best = null;
      for (const one of this.seen || []) {
        const far = Math.hypot(one.x - at.x, one.y - at.y);
        if (far <= REACH_PX && (!best || far < best.far)) best = { point: one.point, far: far };
      }
      return best && best.point;
    }

    _point(event) {
      const point = this._nearest(event);
      const hovered = this.atlas.hovered;
      if (!hovered || (!point && !this.told)) { this.told = null; return; }
      const tip = hovered.tip + (point ? this._tip(point) : "");
      if (this.told !== tip) this.atlas.tooltip.setContent(tip);
      this.told = point ? tip : null;
    }

    /* After the area has answered, so that what a finger meets is said as well. */
    _tap(event) {
      const point = this._nearest(event);
      if (point && this.atlas.answer) this.atlas.answer.innerHTML += this._tip(point);
    }

    _tip(point) {
      const label = this.wanted.layers.find((layer) => layer.id === point.layer).label;
      return "<br>" + [point.name || label, point.note].filter(Boolean).map(escapeHtml).join(" · ");
    }
  }

  function boxAround(x, y, width, height) {
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }

  function overlap(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  function isIn(x, y, ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const a = ring[i], b = ring[j];
      if ((a.y > y) !== (b.y > y) && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
    }
    return inside;
  }

  function isInside(box, ring) {
    const middle = (box[0] + box[2]) / 2;
    return [box[0], middle, box[2]].every((x) => isIn(x, box[1], ring) && isIn(x, box[3], ring));
  }

  /* A name in one line, or in two where it has a place to break. */
  function linesOf(name) {
    const breaks = Array.from(name.matchAll(/[-\/ ]/g), (match) => match.index + 1);
    const middle = breaks.sort((a, b) => Math.abs(a - name.length / 2) - Math.abs(b - name.length / 2))[0];
    return middle ? [[name], [name.slice(0, middle).trim(), name.slice(middle).trim()]] : [[name]];
  }

  window.atlasContext = {
    /* Show what is wanted around the areas, or nothing. */
    show: function (atlas, wanted) {
      if (!wanted && !atlas.context) return;
      if (!atlas.context) atlas.context = new MapContext(atlas);
      atlas.context.show(wanted || { layers: [], place: null, names: false });
    },
  };
})();
