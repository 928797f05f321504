/*
 * The pages stand behind four doors: each link says behind which, a thin line and a label show where one begins.
 *
 * The links themselves stay as they are: one click, one address each.
 */
(function () {
  "use strict";

  const DOORS = new Map([
    ["vergleich", "Vergleichen und planen"],
    ["entwicklung", "Vergleichen und planen"],
    ["planung", "Vergleichen und planen"],
    ["tabellen", "Daten und Methode"],
    ["datenstand", "Daten und Methode"],
    ["methode", "Daten und Methode"],
  ]);
  const LINKS = '[data-testid="stTopNavLink"], [data-testid="stSidebarNavLink"]';
  const ENTRY = ".rc-overflow-item, li";

  function doorOf(link) {
    return DOORS.get(new URL(link.href).pathname.split("/").pop()) || "";
  }

  function set(node, name, value) {
    if (node && node.getAttribute(name) !== value) node.setAttribute(name, value);
  }

  function mark() {
    document.querySelectorAll('nav[aria-label="Seiten"]').forEach(function (nav) {
      let last = null;
      nav.querySelectorAll(LINKS).forEach(function (link) {
        const door = doorOf(link);
        if (door) set(link, "aria-description", door);
        // Of a page that is a door itself its own name says everything.
        if (last !== null && (door !== last || !door)) set(link.closest(ENTRY), "data-door", door);
        last = door;
      });
    });
  }

  new MutationObserver(mark).observe(document.documentElement, { childList: true, subtree: true });
})();
