/*
 * „Link kopieren“: the address of what is shown, with the release that it was copied from.
 *
 * Without a secure context (a house without certificate) browsers have no clipboard for scripts; then the
 * text is copied as if by hand.
 */
(function () {
  "use strict";

  function addressFor(release) {
    const address = new URL(location.href);
    address.searchParams.set("stichtag", release.slice(0, 10));
    address.searchParams.set("stand", release);
    return address.href;
  }

  function copyByHand(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.setAttribute("readonly", "");
    field.className = "copied-text";
    document.body.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    return isCopied ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  function copy(text) {
    if (!navigator.clipboard) return copyByHand(text);
    return navigator.clipboard.writeText(text).catch(function () { return copyByHand(text); });
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = addressFor(button.dataset.copy);
    const told = button.parentElement.querySelector('[role="status"]');
    copy(text).then(
      function () { told.textContent = "Kopiert."; button.focus(); },
      function () { told.textContent = text; },
    );
  });
})();
