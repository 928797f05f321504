/*
 * The list of blocks beside their map: what is pointed at in one is marked in the other at once.
 */
(function () {
  "use strict";

  const ROOM = ".st-key-blocks-room";
  const ROWS = `${ROOM} tr[data-row]`;
  const MARK = "is-pointed";

  function atlas() {
    const frame = document.querySelector(`${ROOM} iframe`);
    const map = frame && frame.contentWindow && frame.contentWindow.map;
    return map && map.atlas;
  }

  function mark(id) {
    for (const row of document.querySelectorAll(`${ROWS}.${MARK}`)) row.classList.remove(MARK);
    const row = id && document.querySelector(`${ROOM} tr[data-row="${CSS.escape(id)}"]`);
    if (!row) return;
    row.classList.add(MARK);
    const list = row.closest(".table");
    const top = row.offsetTop, bottom = top + row.offsetHeight;
    // Only the list moves, and only as far as it must; its head stays above.
    const head = list.querySelector("thead").offsetHeight;
    if (top - head < list.scrollTop) list.scrollTop = top - head;
    else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
  }

  let pointed = null;

  /* Follow the pointer, and the keyboard on the buttons of the rows. */
  function follow(event) {
    const row = event.target.closest ? event.target.closest(ROWS) : null;
    if (row === pointed) return;
    pointed = row;
    const map = atlas();
    if (map) map.point((row && map.layers.get(row.dataset.row)) || null);
  }

  document.addEventListener("pointerover", follow);
  document.addEventListener("focusin", follow);
  window.atlasLinkedList = { mark: mark };
})();
