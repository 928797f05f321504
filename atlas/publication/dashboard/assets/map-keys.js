/*
 * The map without a mouse: arrow keys go to the area beside, Enter chooses it. What it says is
 * shown as under the pointer, and read aloud. With Umschalt the arrow keys move the map.
 */
(function () {
  "use strict";

  const HINT = "Pfeiltasten gehen von Gebiet zu Gebiet, Enter wählt, Plus und Minus zoomen, Umschalt mit Pfeiltasten verschiebt die Karte.";
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /* The nearest area that lies more in the direction than across it; else, than behind. */
  function neighbour(map, layers, from, way) {
    const start = map.project(from, 0);
    let best = null;
    for (const layer of layers) {
      const offset = map.project(middleOf(layer), 0).subtract(start);
      const along = offset.x * way[0] + offset.y * way[1];
      const across = Math.abs(offset.x * way[1]) + Math.abs(offset.y * way[0]);
      if (along <= 0) continue;
      const cost = along + 2 * across + (across > along ? across * 100 : 0);
      if (!best || cost < best.cost) best = { layer: layer, cost: cost };
    }
    return best && best.layer;
  }

  function nearest(map, layers, from) {
    return layers.reduce(function (best, layer) {
      const isNearer = !best || map.distance(middleOf(layer), from) < map.distance(middleOf(best), from);
      return isNearer ? layer : best;
    }, null);
  }

  function middleOf(layer) {
    return layer.spot ? layer.spot.place : layer.getCenter();
  }

  class Keys {
    constructor(atlas) {
      this.atlas = atlas;
      this.map = atlas.map;
      const box = this.map.getContainer();
      this.voice = L.DomUtil.create("p", "atlas-spoken", box);
      this.voice.setAttribute("aria-live", "polite"); // the one status of the map is its base map's
      const hint = L.DomUtil.create("p", "atlas-spoken", box);
      hint.id = "atlas-keys-hint";
      hint.textContent = HINT;
      box.setAttribute("aria-describedby", hint.id);
      box.addEventListener("keydown", (event) => this._press(event), { capture: true });
      box.addEventListener("blur", () => this._leave());
    }

    _press(event) {
      const isPlain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
      if (event.target !== this.map.getContainer() || !isPlain) return;
      if (WAYS[event.key]) this._go(WAYS[event.key]);
      else if (event.key === "Enter" && this.at) this.atlas.choose(this.at);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }

    _go(way) {
      const layers = this.atlas.layers;
      const last = this.at && layers.get(String(this.at.feature.id));
      const from = last || layers.get(this.atlas.selected);
      const place = from ? middleOf(from) : this.map.getCenter();
      const shown = Array.from(layers.values()).filter((layer) => layer.isShown);
      // The first key finds an area, wherever it lies: of few shown ones none may lie that way.
      const next = neighbour(this.map, shown, place, way) || (!last && nearest(this.map, shown, place));
      if (next) this._show(next);
    }

    _show(layer) {
      this.at = layer;
      const middle = middleOf(layer);
      if (!this.map.getBounds().pad(-0.05).contains(middle)) this.map.panTo(middle, { animate: false });
      this.atlas.hover(layer);
      this.voice.textContent = new DOMParser().parseFromString(layer.tip.replace("<br>", ": "), "text/html").body.textContent;
    }

    _leave() {
      this.at = null;
      this.voice.textContent = "";
      this.atlas.unhover();
    }
  }

  window.atlasMapKeys = { add: function (atlas) { return new Keys(atlas); } };
})();
