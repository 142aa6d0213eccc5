// What an officer writes is kept by itself. <balai-draft> stands beside the answer form; the page is
// complete without it: "Keep as a draft" does the same.

const PAUSE = 1_200; // after the last key
const RETRY = 5_000;

class BalaiDraft extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById(this.dataset.form);
    this.isDirty = false;
    this.form.addEventListener("input", (event) => this.noteInput(event));
    // Whatever leaves by a button carries the text itself.
    this.form.addEventListener("submit", () => this.rest());
    window.addEventListener("online", this.again = () => this.isDirty && this.save());
    window.addEventListener("pagehide", this.leaving = () => this.isDirty && this.post(true));
  }

  disconnectedCallback() {
    this.rest();
    window.removeEventListener("online", this.again);
    window.removeEventListener("pagehide", this.leaving);
  }

  noteInput(event) {
    if (!["text", "asks_back"].includes(event.target.name)) return;
    this.isDirty = true;
    this.soon(PAUSE);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  rest() {
    clearTimeout(this.timer);
    this.isDirty = false;
  }

  post(isLast = false) {
    return fetch(this.dataset.address, {
      method: "POST",
      body: new FormData(this.form),
      headers: { "HX-Request": "true" },
      keepalive: isLast,
      redirect: "error",
    });
  }

  async save() {
    const text = this.form.elements.text.value;
    try {
      const answer = await this.post();
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
      const isOpen = this.querySelector("details")?.open ?? false;
      this.replaceChildren(...fresh.childNodes);
      if (isOpen) this.querySelector("details")?.setAttribute("open", "");
      if (this.form.elements.text.value === text) this.isDirty = false;
    } catch {
      // No network, or signed out elsewhere: the words stay in the page and are tried again.
      const words = document.createElement("p");
      words.className = "small strong";
      words.setAttribute("role", "status");
      words.textContent = this.dataset.unsaved;
      this.replaceChildren(words);
      this.soon(RETRY);
    }
  }
}
customElements.define("balai-draft", BalaiDraft);
