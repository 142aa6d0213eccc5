// The inbox's small helps on top of pages that are complete without script: rows and messages that
// move by themselves, the counter under the answer, the keys j, k and Ctrl+Enter.

const POLL_EVERY = 15_000;
const STREAM = "/live/inbox/";
const TOKEN = /(name="csrfmiddlewaretoken" value=")[^"]*"/g;

/** What the server said of an element, without the token that differs in every answer. */
function said(element) {
  return element.outerHTML.replace(TOKEN, '$1"');
}

/** Elements as the server last gave them: what it says again is left as the reader has it. */
const known = new WeakMap();

function remember(root) {
  for (const element of root.querySelectorAll("[data-live], [data-keyed], [data-keyed] > [id]")) {
    known.set(element, said(element));
  }
}

/** True where somebody types, or has typed something that a new part would throw away. */
function isInUse(element) {
  const typed = (field) => field.value !== field.defaultValue && field.type !== "hidden";
  return (
    [...element.querySelectorAll("textarea, input")].some(typed) ||
    (element.contains(document.activeElement) &&
      document.activeElement.matches("input:not(.pick), textarea, select"))
  );
}

/** Put a new element in the place of an old one; open folds and the focus stay. */
function replace(old, fresh) {
  const opened = [...old.querySelectorAll("details")].map((fold) => fold.open);
  const hadFocus = old.contains(document.activeElement);
  const focusable = document.activeElement?.matches(".pick") ? ".pick" : "a, button, summary";
  const wasTicked = old.querySelector(".pick:checked") !== null;
  const box = fresh.querySelector(".pick");
  if (box) box.checked = wasTicked;
  const folds = [...fresh.querySelectorAll("details")];
  if (folds.length === opened.length) folds.forEach((fold, i) => (fold.open ||= opened[i]));
  if (old.matches("details") && fresh.matches("details")) fresh.open = old.open;
  known.set(fresh, known.get(fresh) ?? said(fresh));
  old.replaceWith(fresh);
  if (hadFocus) (fresh.querySelector(focusable) ?? fresh).focus({ preventScroll: true });
}

/** Make the children of a keyed list those of the new one; unchanged ones are not touched. */
function mergeList(old, fresh) {
  const mine = new Map([...old.children].map((child) => [child.id, child]));
  let place = old.firstElementChild;
  for (const child of [...fresh.children]) {
    let here = mine.get(child.id);
    mine.delete(child.id);
    const words = said(child);
    if (!here) {
      here = child;
      known.set(here, words);
      here.classList.add("is-arrived");
      old.insertBefore(here, place);
    } else {
      if (here !== place) old.insertBefore(here, place);
      if (known.get(here) !== words && !isInUse(here)) {
        known.set(child, words);
        replace(here, child);
        here = child;
      }
    }
    place = here.nextElementSibling;
  }
  for (const gone of mine.values()) if (!isInUse(gone)) gone.remove();
}

/** Bring a part that the server gave into the page. True when something changed. */
function merge(host, part) {
  let changed = false;
  for (const fresh of part.querySelectorAll("[id]")) {
    if (!fresh.matches("[data-live], [data-keyed]") && fresh.parentElement?.closest("[id]")) continue;
    const old = host.querySelector(`#${CSS.escape(fresh.id)}`);
    const words = said(fresh);
    if (!old || known.get(old) === words) continue;
    const lists = [old, fresh].map((e) => (e.matches("[data-keyed]") ? e : e.querySelector("[data-keyed]")));
    if (lists[0] && lists[1]) {
      mergeList(lists[0], lists[1]);
      known.set(old, words);
      changed = true;
    } else if (!isInUse(old)) {
      known.set(fresh, words);
      replace(old, fresh);
      changed = true;
    }
  }
  return changed;
}

/**
 * <balai-live data-part="/…/"> keeps what stands in it as the server has it. It hears from the
 * stream what moved, and asks for the part a moment later, once, however much moved meanwhile;
 * where there is no stream it asks every fifteen seconds, which costs nothing while nothing moved.
 */
class BalaiLive extends HTMLElement {
  connectedCallback() {
    this.etag = "";
    remember(this);
    this.voice = document.createElement("p");
    this.voice.className = "visually-hidden";
    this.voice.setAttribute("role", "status");
    this.append(this.voice);
    this.listen();
    this.timer = setInterval(() => this.poll(), POLL_EVERY);
    document.addEventListener("visibilitychange", this.seen = () => document.hidden || this.soon(0));
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    clearTimeout(this.waiting);
    document.removeEventListener("visibilitychange", this.seen);
    this.stream?.close();
  }

  listen() {
    this.stream = new EventSource(STREAM);
    this.stream.addEventListener("moved", (event) => {
      const ids = JSON.parse(event.data);
      const mine = Number(this.dataset.conversation);
      if (!mine || ids.includes(mine)) this.soon();
    });
    // After a break the stream tells nothing of what was missed: look once.
    let wasBroken = false;
    this.stream.addEventListener("open", () => wasBroken && this.soon());
    this.stream.addEventListener("error", () => (wasBroken = true));
  }

  poll() {
    if (this.stream.readyState !== EventSource.OPEN && !document.hidden) this.soon(0);
  }

  /** Ask once in a moment; a thousand pages do not ask in the same instant. */
  soon(jitter = 300 + Math.random() * 1200) {
    this.waiting ??= setTimeout(() => this.ask(), jitter);
  }

  async ask() {
    try {
      const headers = { "HX-Request": "true", ...(this.etag && { "If-None-Match": this.etag }) };
      const address = this.dataset.part + location.search;
      const answer = await fetch(address, { headers, cache: "no-store", redirect: "error" });
      if (answer.status === 200) this.take(await answer.text(), answer.headers.get("ETag") ?? "");
    } catch {
      // The server is away for a moment; the next look is soon enough.
    } finally {
      this.waiting = undefined;
    }
  }

  take(text, etag) {
    this.etag = etag;
    const part = new DOMParser().parseFromString(text, "text/html").body;
    if (!merge(this, part)) return;
    this.voice.textContent = "";
    requestAnimationFrame(() => (this.voice.textContent = this.dataset.says));
    if (this.dataset.conversation) noteSeen(this);
    document.body.dispatchEvent(new CustomEvent("balai:moved"));
  }
}

const PRESENT_EVERY = 15_000;

/**
 * <balai-present data-address="/…/"> says that the reader is here, and whether an answer is being
 * written, and shows who else is. Nothing of what is written is sent.
 */
class BalaiPresent extends HTMLElement {
  connectedCallback() {
    this.said = undefined;
    this.timer = setInterval(() => this.say(), PRESENT_EVERY);
    document.addEventListener("input", this.typed = () => this.isWriting() !== this.said && this.say());
    this.say();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    document.removeEventListener("input", this.typed);
  }

  isWriting() {
    return Boolean(document.querySelector('#answer textarea[name="text"]')?.value.trim());
  }

  async say() {
    if (document.hidden) return;
    this.said = this.isWriting();
    const body = new FormData(this.querySelector("form"));
    body.set("writing", this.said ? "1" : "");
    try {
      const answer = await fetch(this.dataset.address, { method: "POST", body, redirect: "error" });
      if (answer.ok) this.show(await answer.text());
    } catch {
      // The server is away for a moment; the next time is soon enough.
    }
  }

  /** A screen reader is told when it changed, and only then. */
  show(text) {
    const part = new DOMParser().parseFromString(text, "text/html").body;
    const place = this.querySelector("[role=status]");
    const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
    if (words(part) !== words(place)) place.replaceChildren(...part.childNodes);
  }
}

/** The answer form says which message its writer has seen last. */
function noteSeen(host) {
  const last = [...host.querySelectorAll("#thread .said")].at(-1);
  const field = host.querySelector('#answer input[name="after"]');
  if (last && field) field.value = field.defaultValue = last.id.slice(1);
}

/** How long the network thinks a text is. */
function lengthOf(text, countedIn) {
  if (countedIn === "graphemes" && Intl.Segmenter) {
    return [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].length;
  }
  return [...text].length;
}

function count(counter) {
  const field = document.getElementById(counter.dataset.for);
  const left = Number(counter.dataset.limit) - lengthOf(field.value, counter.dataset.countedIn);
  const words = left < 0 ? counter.dataset.over : counter.dataset.left;
  counter.textContent = words.replace("{n}", Math.abs(left).toLocaleString(document.documentElement.lang));
  counter.classList.toggle("is-over", left < 0);
}

for (const counter of document.querySelectorAll("[data-counter]")) {
  document.getElementById(counter.dataset.for).addEventListener("input", () => count(counter));
  count(counter);
}

/** How long an answer can still be called off. */
function tick() {
  for (const place of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((Date.parse(place.dataset.until) - Date.now()) / 1000);
    if (left > 0) place.textContent = ` (${left})`;
    else place.closest("form").remove();
  }
}
setInterval(tick, 1000);
tick();

/** j and k walk through the rows, x ticks one; Ctrl+Enter sends what is being written. */
function walk(event) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form");
    const button = form?.querySelector("[data-submit-key]");
    if (button) form.requestSubmit(button);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k", "x"].includes(event.key)) return;
  if (event.target.closest?.("input:not(.pick), textarea, select")) return;
  if (document.documentElement.dataset.keys === "off") return;
  const row = document.activeElement.closest("#rows .row");
  if (event.key === "x") {
    row?.querySelector(".pick")?.click();
    return;
  }
  const rows = [...document.querySelectorAll("#rows .row-title")];
  const here = rows.indexOf(row?.querySelector(".row-title"));
  const next = rows[event.key === "j" ? here + 1 : Math.max(0, here - 1)];
  next?.focus();
}
document.addEventListener("keydown", walk);
/** <balai-keys> holds the switch that turns single keys off, and on again. */
class BalaiKeys extends HTMLElement {
  connectedCallback() {
    const box = this.querySelector("input");
    box.checked = document.documentElement.dataset.keys !== "off";
    box.addEventListener("change", () => {
      const said = box.checked ? "on" : "off";
      document.documentElement.dataset.keys = said;
      localStorage.setItem("balai.keys", said);
    });
    this.hidden = false;
  }
}
customElements.define("balai-keys", BalaiKeys);
customElements.define("balai-live", BalaiLive);
customElements.define("balai-present", BalaiPresent);
