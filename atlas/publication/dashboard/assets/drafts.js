/*
 * An assessment that is not saved yet outlives a restart of the server, a reload, the end of the login, and
 * a version that somebody else saved meanwhile.
 *
 * It is kept in this tab alone, for whoever wrote it, and only until it is saved or somebody signs out.
 */
(function () {
  "use strict";

  const PREFIX = "st-key-";
  const OWN = /^st-key-(?:measures-|review-)?assessment-/;
  const FIELD = ["assessment-", "measures-assessment-"]
    .map((key) => `[class*="${PREFIX}${key}"] textarea`)
    .concat(`[class*="${PREFIX}review-assessment-"] input`).join(", ");
  const SAVED = "Die Bewertung ist gespeichert.";
  const NEWER = "Noch nicht gespeichert. Inzwischen gibt es eine neue Fassung, sie steht oben: "
    + "bitte abgleichen und dann speichern.";
  const ENDED = "Ihre Anmeldung ist beendet. Was Sie begonnen haben, steht nach dem Anmelden wieder im Formular. ";
  // A form that was sent draws the next one before it says that it is saved.
  const ANSWERED_MS = 5000;
  let sent = null;

  function nameOf(field) {
    return [...field.closest('[class*="assessment-"]').classList].find((name) => OWN.test(name));
  }

  // The key ends with the revision; a draft belongs to the place.
  function placeOf(field) {
    return nameOf(field).replace(/-\d+$/, "");
  }

  function writerOf(field) {
    const notes = [...field.closest('[data-testid="stForm"]').querySelectorAll(".note")];
    return notes.map((note) => note.textContent).find((text) => text.startsWith("Angemeldet als ")) || "";
  }

  function keptFor(field) {
    const kept = JSON.parse(sessionStorage.getItem(placeOf(field)) || "null");
    return kept && kept.writer === writerOf(field) ? kept : null;
  }

  function say(where, text) {
    if (where.querySelector(".draft-note")) return;
    const note = document.createElement("span");
    note.className = "draft-note";
    note.setAttribute("role", "status");
    note.textContent = text;
    where.prepend(note);
  }

  function restore(field) {
    const kept = keptFor(field);
    if (!kept || kept.text === field.value || (sent && placeOf(field).endsWith(sent))) return;
    const type = field.localName === "textarea" ? HTMLTextAreaElement : HTMLInputElement;
    Object.getOwnPropertyDescriptor(type.prototype, "value").set.call(field, kept.text);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    const fold = field.closest("details");
    if (fold && !fold.open) fold.querySelector("summary").click();
    if (kept.name !== nameOf(field)) say(field.closest('[class*="assessment-"]'), NEWER);
  }

  function restoreAll() {
    document.querySelectorAll(FIELD).forEach(restore);
  }

  function forget(place) {
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX) && key.endsWith(place))
      .forEach((key) => sessionStorage.removeItem(key));
    document.querySelectorAll(".draft-note").forEach((note) => note.remove());
  }

  function tellOfEnd() {
    const line = document.querySelector(".signing");
    if (!line || !line.querySelector('a[href*="/anmelden"]')) return;
    const drafts = Object.keys(sessionStorage).filter((key) => OWN.test(key));
    if (drafts.some((key) => JSON.parse(sessionStorage.getItem(key)).writer)) say(line, ENDED);
  }

  // Before anybody else: what follows a key stroke would be undone by an older draft.
  document.addEventListener("input", function (event) {
    const field = event.target;
    if (!event.isTrusted || !field.matches(FIELD)) return;
    const kept = { name: nameOf(field), text: field.value, writer: writerOf(field) };
    sessionStorage.setItem(placeOf(field), JSON.stringify(kept));
  }, true);

  document.addEventListener("click", function (event) {
    const form = event.target.closest('[data-testid="stForm"]');
    const field = form && event.target.closest("button") && form.querySelector(FIELD);
    if (!field) return;
    sent = placeOf(field).slice(PREFIX.length);
    setTimeout(function () { sent = null; restoreAll(); }, ANSWERED_MS);
  });

  new MutationObserver(function (records) {
    const isSaved = records.some((record) =>
      [...record.addedNodes].some((node) => (node.textContent || "").includes(SAVED)));
    if (sent && isSaved) {
      forget(sent);
      sent = null;
    }
    restoreAll();
    tellOfEnd();
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
