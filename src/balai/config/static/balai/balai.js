// Small helps on top of pages that are complete without script. No global names, no eval.
// Other rooms define their own custom elements in their own file; <balai-live> belongs to the inbox.

/** After a form came back with problems, the reader begins at their list. */
function goToProblems() {
  const summary = document.querySelector("[data-error-summary]");
  if (summary) summary.focus();
}

/** A menu closes when the reader goes elsewhere or presses Escape. */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.drop[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
      const hadFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (hadFocus && event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}

/** True where a single key must be left to the reader's typing. */
function isTyping(target) {
  const boxes = "[type=checkbox], [type=radio]";
  return target.closest(`input:not(${boxes}), textarea, select, [contenteditable]`) !== null;
}

/**
 * Keys: an element with data-key="k" is pressed or focused when the reader types k outside a field.
 * "?" opens the list of this page's keys. Modifier combinations are never taken.
 */
function pressKey(event) {
  if (document.documentElement.dataset.keys === "off") return;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input, textarea, select")) target.focus();
  else if (target.matches("details")) {
    target.open = !target.open;
    target.querySelector("summary").focus();
  } else target.click();
}

/** A form is sent once, however often its button is pressed. */
function sendOnce(event) {
  const form = event.target;
  if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 5000) event.preventDefault();
  else form.dataset.sent = String(Date.now());
}

// Whoever dictates, or whose fingers slip, turns single keys off (WCAG 2.1.4); kept in the browser.
document.documentElement.dataset.keys = localStorage.getItem("balai.keys") ?? "on";
goToProblems();
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", pressKey);
document.addEventListener("submit", (event) => {
  if (event.target.method === "post" && !event.target.hasAttribute("hx-post")) sendOnce(event);
});
document.body.addEventListener("htmx:afterSwap", goToProblems);

const RING_EVERY = 60_000;

/** <balai-bell data-address="/…/"> shows how many calls wait: looked at each minute, and at once
 * when something moved on the page. A page that nobody looks at asks nothing. */
class BalaiBell extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), RING_EVERY);
    document.body.addEventListener("balai:moved", this.moved = () => this.look());
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.body.removeEventListener("balai:moved", this.moved);
  }

  async look() {
    if (document.hidden) return;
    try {
      const answer = await fetch(this.dataset.address, { cache: "no-store", redirect: "error" });
      if (!answer.ok) return;
      const part = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const fresh = part.firstElementChild;
      const old = this.firstElementChild;
      if (fresh && old && fresh.textContent !== old.textContent) {
        const hadFocus = old === document.activeElement;
        old.replaceWith(fresh);
        if (hadFocus) fresh.focus({ preventScroll: true });
      }
    } catch {
      // The server is away for a moment; the next minute is soon enough.
    }
  }
}
customElements.define("balai-bell", BalaiBell);
