/*
 * Who is signed in may change while a page is open: the session ends, a role is taken, somebody signs out in
 * another window. Then the page is drawn anew, as whoever is there now may see it. A look is no use: it does
 * not put off the end of the session.
 */
(function () {
  "use strict";

  const EVERY_MS = 15000;
  let known = null;

  function rootOf(link) {
    return new URL(link.href).pathname.replace(/\/(anmelden|abmelden)$/, "");
  }

  async function look() {
    const link = document.querySelector(".signing a");
    if (!link) return;
    try {
      const answer = await fetch(`${rootOf(link)}/anmelden/stand`, { cache: "no-store" });
      if (!answer.ok) return;
      const now = (await answer.json()).stand;
      if (known !== null && now !== known) location.reload();
      known = now;
    } catch {
      // the server is away; Streamlit says so
    }
  }

  setInterval(look, EVERY_MS);
  new MutationObserver(function (_, observer) {
    if (!document.querySelector(".signing a")) return;
    observer.disconnect();
    look();
  }).observe(document, { childList: true, subtree: true });
})();
