/*
 * Boundaries and what lies between them: each is fetched once by a page, whichever map asks.
 *
 * Every reference date has a map of its own, but the hash in a file's name says that the file
 * of another release is the same one. This stands in the page, not in a map: what a map that
 * is gone had asked for still arrives. Nobody changes what was fetched.
 */
(function () {
  "use strict";

  const files = new Map();

  /* City and name; the release between them is another one at each date. */
  function keyOf(url) {
    const parts = url.split("/");
    return parts.at(-3) + "/" + parts.at(-1);
  }

  window.atlasMapFiles = {
    fetch: function (url) {
      const key = keyOf(url);
      if (!files.has(key)) {
        const answer = fetch(url).then(function (response) {
          if (!response.ok) throw new Error("HTTP " + response.status);
          return response.json();
        });
        answer.catch(function () { files.delete(key); });
        files.set(key, answer);
      }
      return files.get(key);
    },
  };
})();
