/*
 * The map as a picture for a council paper: SVG, or PNG at twice the size, with title, legend,
 * reference date and source. Drawn from what the map shows; nothing is fetched.
 */
(function () {
  "use strict";

  const WIDTH = 1200;
  const EDGE = 40;
  const MAP_HEIGHT_MAX = 1200;
  const PROJECTED_ZOOM = 14;
  const PNG_SCALE = 2;
  const LETTERS_PER_LINE = 150;
  const LINE = "#4a463f";
  const HATCH_LINE = "#8f8a80";
  const INK = "#24211c";
  const SANS = "'Source Sans 3','Segoe UI','Helvetica Neue',Arial,sans-serif";
  const SERIF = "'Source Serif 4',Georgia,serif";

  function escapeXml(text) {
    return String(text).replace(/[&<>"']/g, function (char) { return "&#" + char.charCodeAt(0) + ";"; });
  }

  function text(x, y, size, content, more) {
    return `<text x="${x}" y="${y}" font-size="${size}" ${more || ""}>${escapeXml(content)}</text>`;
  }

  /* Long sentences in lines of even length. */
  function wrapped(sentence) {
    const lines = [""];
    sentence.split(" ").forEach(function (word) {
      const last = lines.length - 1;
      const longer = lines[last] ? lines[last] + " " + word : word;
      if (longer.length > LETTERS_PER_LINE) lines.push(word);
      else lines[last] = longer;
    });
    return lines;
  }

  function hatches(looks) {
    const size = window.atlasMap.tile;
    return looks.map(function (look, index) {
      if (!look.hatch) return "";
      const strokes = (window.atlasMap.strokes[look.hatch] || []).map(function (line) {
        return `<line x1="${line[0]}" y1="${line[1]}" x2="${line[2]}" y2="${line[3]}"/>`;
      });
      const dots = look.hatch === "dots" ? '<circle cx="2" cy="2" r="1"/><circle cx="6" cy="6" r="1"/>' : "";
      return `<pattern id="h${index}" width="${size}" height="${size}" patternUnits="userSpaceOnUse">` +
        `<rect width="${size}" height="${size}" fill="${look.fill}"/>` +
        `<g stroke="${HATCH_LINE}">${strokes.join("")}</g><g fill="${HATCH_LINE}">${dots}</g></pattern>`;
    }).join("");
  }

  function fillOf(look, index) {
    return look.hatch ? `url(#h${index})` : look.fill;
  }

  /* From places on earth to pixels of the picture. */
  function frameOf(atlas) {
    const project = (place) => atlas.map.project(place, PROJECTED_ZOOM);
    const northWest = project(atlas.bounds.getNorthWest()), southEast = project(atlas.bounds.getSouthEast());
    const width = WIDTH - 2 * EDGE;
    const scale = Math.min(width / (southEast.x - northWest.x), MAP_HEIGHT_MAX / (southEast.y - northWest.y));
    const left = EDGE + (width - scale * (southEast.x - northWest.x)) / 2;
    return {
      height: scale * (southEast.y - northWest.y),
      degree: scale * (project([0, 1]).x - project([0, 0]).x),
      pixel: function (place, top) {
        const point = project(place);
        return [(point.x - northWest.x) * scale + left, (point.y - northWest.y) * scale + top];
      },
    };
  }

  function pathOf(layer, frame, top) {
    const rings = [];
    (function collect(places) {
      if (Array.isArray(places[0])) { places.forEach(collect); return; }
      const points = places.map((place) => frame.pixel(place, top).map((n) => n.toFixed(1)).join(" "));
      rings.push("M" + points.join("L") + "Z");
    })(layer.getLatLngs());
    return rings.join("");
  }

  function mapPart(atlas, frame, top) {
    const areas = [], labels = [];
    atlas.layers.forEach(function (layer) {
      const name = escapeXml(layer.feature.properties.name + ": " + layer.text);
      areas.push(`<path d="${pathOf(layer, frame, top)}" fill="${fillOf(layer.look, layer.entry)}"><title>${name}</title></path>`);
      if (layer.label && layer.spot.radius * frame.degree * 2 > 14 + 5 * (layer.label.length - 1)) {
        const point = frame.pixel(layer.spot.place, top);
        labels.push(text(point[0].toFixed(1), (point[1] + 5).toFixed(1), 14, layer.label, `fill="${layer.look.ink}"`));
      }
    });
    const outlines = Array.from(atlas.outlines.values(), (layer) => `<path d="${pathOf(layer, frame, top)}"/>`);
    return `<g stroke="${LINE}" stroke-width="0.6" fill-rule="evenodd">${areas.join("")}</g>` +
      `<g stroke="${LINE}" stroke-width="1.5" fill="none">${outlines.join("")}</g>` +
      `<g text-anchor="middle" font-weight="600">${labels.join("")}</g>`;
  }

  function legendPart(content, top) {
    const parts = [];
    let x = EDGE, y = top;
    content.picture.legend.forEach(function (label, index) {
      const width = 60 + 7.6 * label.length;
      if (x > EDGE && x + width > WIDTH - EDGE) { x = EDGE; y += 28; }
      const look = content.looks[index];
      parts.push(`<rect x="${x}" y="${y - 14}" width="26" height="18" fill="${fillOf(look, index)}" stroke="${LINE}"/>`);
      parts.push(text(x + 34, y, 15, label));
      x += width;
    });
    return { svg: parts.join(""), bottom: y + 14 };
  }

  function svgOf(atlas) {
    const content = atlas.content, picture = content.picture;
    const frame = frameOf(atlas), top = EDGE + 66;
    const legend = legendPart(content, top + frame.height + 46);
    const small = picture.lines.flatMap(wrapped).map((line, index) => text(EDGE, legend.bottom + 24 + 18 * index, 13, line));
    const height = Math.ceil(legend.bottom + 24 + 18 * small.length + EDGE / 2);
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
      `font-family="${SANS}" fill="${INK}" role="img" aria-label="${escapeXml(content.title)}">` +
      `<title>${escapeXml(picture.heading)}</title><defs>${hatches(content.looks)}</defs>` +
      `<rect width="100%" height="100%" fill="#ffffff"/>` +
      text(EDGE, EDGE + 22, 26, picture.heading, `font-family="${SERIF}" font-weight="600"`) +
      text(EDGE, EDGE + 48, 16, content.title) + mapPart(atlas, frame, top) + legend.svg + small.join("") + "</svg>";
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }

  function svgBlob(atlas) {
    return new Blob([svgOf(atlas)], { type: "image/svg+xml" });
  }

  function saveSvg(atlas) {
    save(svgBlob(atlas), atlas.content.picture.name + ".svg");
  }

  async function savePng(atlas) {
    const image = new Image();
    image.src = URL.createObjectURL(svgBlob(atlas));
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.width * PNG_SCALE;
    canvas.height = image.height * PNG_SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    canvas.toBlob(function (blob) { save(blob, atlas.content.picture.name + ".png"); }, "image/png");
  }

  window.atlasPicture = { saveSvg: saveSvg, savePng: savePng };
})();
