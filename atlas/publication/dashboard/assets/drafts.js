/*
 * An assessment that is not saved yet outlives a restart of the server and a reload.
 *
 * It is kept in this tab alone, and only until it is saved.
 */
(function () {
  "use strict";

  const FIELD = '[class*="st-key-assessment-"] textarea';
  const SAVED = "Die Bewertung ist gespeichert.";
  const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  let sent = null;

  function keyOf(field) {
    const names = field.closest('[class*="st-key-assessment-"]').classList;
    return [...names].find((name) => name.startsWith("st-key-assessment-"));
  }

  function restore(field) {
    const text = sessionStorage.getItem(keyOf(field));
    if (text === null || text === field.value) return;
    setValue.call(field, text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const fold = field.closest("details");
    if (fold && !fold.open) fold.querySelector("summary").click();
  }

  // Before anybody else: what follows a key stroke would be undone by an older draft.
  document.addEventListener("input", function (event) {
    if (event.isTrusted && event.target.matches(FIELD)) {
      sessionStorage.setItem(keyOf(event.target), event.target.value);
    }
  }, true);

  document.addEventListener("click", function (event) {
    const form = event.target.closest('[data-testid="stForm"]');
    const field = form && event.target.closest("button") && form.querySelector(FIELD);
    if (field) sent = keyOf(field);
  });

  new MutationObserver(function (records) {
    const isSaved = records.some((record) =>
      [...record.addedNodes].some((node) => (node.textContent || "").includes(SAVED)));
    if (sent && isSaved) {
      sessionStorage.removeItem(sent);
      sent = null;
    }
    document.querySelectorAll(FIELD).forEach(restore);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
