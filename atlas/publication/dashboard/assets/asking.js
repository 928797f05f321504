/*
 * Heads of tables that sort and names that lead to a profile: what is pressed is told to the server.
 *
 * A link opened in another tab is a plain link; within the tab the page stays and only its part changes.
 */
(function () {
  "use strict";

  const FIELD = ".st-key-asking input";
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  // Where the keyboard was: the table that answers is a new one.
  let pressed = null;

  function ask(text) {
    const field = document.querySelector(FIELD);
    if (!field) return false;
    setValue.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    return true;
  }

  function tableOf(node) {
    return node.closest(".table");
  }

  document.addEventListener("click", function (event) {
    const asked = event.target.closest("[data-ask]");
    if (!asked || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!ask(asked.dataset.ask)) return;
    event.preventDefault();
    if (asked.localName !== "button") return;
    const table = tableOf(asked);
    pressed = {
      place: [...document.querySelectorAll(".table")].indexOf(table),
      column: asked.parentElement.cellIndex,
      left: table.scrollLeft,
      row: asked.closest("tbody") ? asked.closest("tr").dataset.row : "",
    };
  });

  function rowOf(table, key) {
    return table.querySelector(`tr[data-row="${CSS.escape(key)}"]`);
  }

  // What was marked last: its row is brought into view once.
  let shown = "";

  function showRow() {
    const mark = document.querySelector("[data-show-row]");
    const key = mark ? mark.dataset.showRow : "";
    if (key === shown) return;
    shown = key;
    for (const table of document.querySelectorAll(".st-key-blocks .table")) {
      const row = key && rowOf(table, key);
      if (row) table.scrollTop = row.offsetTop - table.clientHeight / 3;
    }
  }

  function goBack() {
    if (!pressed || (document.activeElement && document.activeElement !== document.body)) return;
    const table = document.querySelectorAll(".table")[pressed.place];
    const button = table && (pressed.row ? rowOf(table, pressed.row)
      : table.querySelector("thead tr").cells[pressed.column])?.querySelector("button");
    if (!button) return;
    table.scrollLeft = pressed.left;
    button.focus({ preventScroll: true });
    pressed = null;
  }

  new MutationObserver(showRow).observe(document.documentElement, { childList: true, subtree: true });
  new MutationObserver(goBack).observe(document.documentElement, { childList: true, subtree: true });
})();
