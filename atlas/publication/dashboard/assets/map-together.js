/*
 * Maps beside each other show the same place, and point at the same area: where one is moved or
 * pointed at, the others follow at once, and so does a list of areas beside the map.
 */
(function () {
  "use strict";

  const MAPS = 'iframe[title="streamlit_folium.st_folium"]';

  function others(atlas) {
    const maps = Array.from(parent.document.querySelectorAll(MAPS), function (frame) {
      const map = frame.contentWindow && frame.contentWindow.map;
      return map && map.atlas;
    });
    return maps.filter(function (one) { return one && one !== atlas; });
  }

  window.atlasMapTogether = {
    isAlone: function () { return parent.document.querySelectorAll(MAPS).length < 2; },
    add: function (atlas) {
      atlas.map.on("move", function () {
        if (atlas.isKeeping && atlas.bounds) others(atlas).forEach(function (one) { one.drift(atlas.place()); });
      });
    },
    follow: function (atlas, place) {
      others(atlas).forEach(function (one) { one.follow(place); });
    },
    point: function (atlas, id) {
      others(atlas).forEach(function (one) { one.point(one.layers.get(id) || null); });
      parent.atlasLinkedList.mark(id);
    },
  };
})();
