/*
 * What Streamlit's page leaves to be mended: English texts, bad names, a menu that stays open.
 *
 * Texts are replaced only where they are whole the ones listed; everything else is left alone.
 */
(function () {
  "use strict";

  const TEXTS = new Map([
    ["Skip to main content", "Zum Inhalt springen"],
    ["No results", "Kein Treffer"],
    ["Choose an option", "Bitte wählen"],
    ["Upload", "Datei wählen"],
    ["Drag and drop a file here", "Datei hier ablegen"],
    ["Press Enter to apply", "Mit Enter übernehmen"],
    ["Press Enter to submit form", "Mit Enter abschicken"],
    ["Press ⌘+Enter to apply", "Mit ⌘ + Enter übernehmen"],
    ["Press Ctrl+Enter to apply", "Mit Strg + Enter übernehmen"],
    ["Press ⌘+Enter to submit form", "Mit ⌘ + Enter abschicken"],
    ["Press Ctrl+Enter to submit form", "Mit Strg + Enter abschicken"],
    ["Connection error", "Keine Verbindung"],
    ["streamlit run yourscript.py", "atlas dashboard"],
    ["Running...", "Lädt …"],
    ["Download failed", "Herunterladen gescheitert"],
  ]);
  const NAMES = new Map([
    ["App pages", "Seiten"],
    ["Sidebar", "Seitenleiste"],
    ["Expand sidebar", "Seiten zeigen"],
    ["Collapse sidebar", "Seiten verbergen"],
    ["Open", "Auswahl öffnen"],
    ["Add files", "Andere Datei wählen"],
    ["Clear value", "Auswahl löschen"],
    ["Clear all", "Alle abwählen"],
    ["Clear entry", "Eingabe löschen"],
    ["Close", "Schließen"],
    ["Dismiss", "Schließen"],
    ["file upload", "Datei der Lieferung wählen"],
    ["Link to heading", "Verweis auf diese Überschrift"],
    ["Selected values", "Gewählt"],
  ]);
  const OPEN_LISTS = new Set(["stSelectboxVirtualDropdown", "stMultiSelectDropdown"]);
  const UNREACHABLE = "Der Atlas antwortet nicht. Die Seite verbindet sich von selbst wieder, sobald er läuft; "
    + "eine begonnene Bewertung bleibt stehen.";
  const PATTERNS = [
    [/^Is Streamlit still running\?.*$/, UNREACHABLE],
    [/^Streamlit server is not responding\..*$/, UNREACHABLE],
    [/^Cancel upload of (.+)$/, "Hochladen von $1 abbrechen"],
    [/^Add: (.+)$/, "„$1“ suchen"],
    [/^Remove (.+)$/, "$1 entfernen"],
    [/^(\d+) options? available\.$/, "Zur Auswahl: $1."],
    [/^Entered group (.+), with (\d+) options?\. (.+)$/, "Gruppe $1, zur Auswahl: $2. $3"],
    [/^(.+), selected$/, "$1, gewählt"],
    [/^Help for (.+)$/, "Hinweis zu „$1“"],
    [
      /^You can only select up to (\d+) options?\. Remove an option first\.$/,
      "Mehr als $1 gehen nicht. Bitte zuerst etwas abwählen.",
    ],
  ];

  function germanOf(known, text) {
    const pattern = PATTERNS.find(([english]) => english.test(text));
    return pattern ? text.replace(pattern[0], pattern[1]) : known.get(text);
  }

  function nameRegion(node, name) {
    if (node.getAttribute("role") === "region") return;
    node.setAttribute("role", "region");
    node.setAttribute("aria-label", name);
  }

  function mend(node) {
    if (node.nodeType === Node.TEXT_NODE) {
      const german = germanOf(TEXTS, node.nodeValue.trim());
      if (german) node.nodeValue = german;
      return;
    }
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const name = germanOf(NAMES, node.getAttribute("aria-label") || "");
    if (name) node.setAttribute("aria-label", name);
    const hint = TEXTS.get(node.getAttribute("placeholder"));
    if (hint) node.setAttribute("placeholder", hint);
    // Open lists and hints hang on the page outside of every landmark.
    if (OPEN_LISTS.has(node.dataset.testid)) nameRegion(node, "Auswahl");
    if (node.parentElement?.id === "stFloatingOverlayPortal") nameRegion(node, "Hinweis");
    // A named region is no presentation: browsers would drop its name.
    if (node.dataset.testid === "stFileUploaderDropzone") node.removeAttribute("role");
    // The rectangle in a chart is a picture without a name; what it chooses stands beside it.
    if (node.matches(".brush_brush, .brush_brush_bg")) node.setAttribute("aria-hidden", "true");
    node.childNodes.forEach(mend);
  }

  // On a phone the list of pages lies over the page that was chosen from it.
  document.addEventListener("click", function (event) {
    if (window.innerWidth >= 768 || !event.target.closest('[data-testid="stSidebarNavLink"]')) return;
    const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
    if (close) setTimeout(function () { close.click(); });
  });

  const observer = new MutationObserver(function (records) {
    records.forEach(function (record) {
      record.addedNodes.forEach(mend);
      if (record.type !== "childList") mend(record.target);
    });
  });
  observer.observe(document.documentElement, {
    attributeFilter: ["aria-label", "placeholder", "role"],
    characterData: true,
    childList: true,
    subtree: true,
  });
})();
