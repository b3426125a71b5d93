/* What is being written keeps itself: at once in this tab, within two seconds on the server where an address is given. */
class Draft extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    if (!this.field) return;
    this.key = `draft:${location.pathname}:${this.field.id}`;
    const kept = sessionStorage.getItem(this.key);
    if (kept && !this.field.value) this.field.value = kept;
    this.field.addEventListener("input", () => this.changed());
    const form = this.field.form;
    if (form) form.addEventListener("submit", () => { clearTimeout(this.timer); this.dirty = false; sessionStorage.removeItem(this.key); });
    addEventListener("pagehide", () => this.save(true));
  }

  changed() {
    sessionStorage.setItem(this.key, this.field.value);
    this.dirty = true;
    if (!this.timer) this.timer = setTimeout(() => this.save(false), 1500);
  }

  async save(leaving) {
    clearTimeout(this.timer);
    this.timer = 0;
    const url = this.getAttribute("url");
    if (!url || !this.dirty || !this.field.form) return;
    this.dirty = false;
    const body = new FormData(this.field.form);
    const answer = await fetch(url, { method: "POST", body, keepalive: leaving }).catch(() => ({ ok: false }));
    if (!answer.ok) { this.dirty = true; return; }
    const saved = this.field.form.querySelector("[data-saved]");
    if (saved) saved.textContent = `${saved.dataset.words} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  }
}
customElements.define("glede-draft", Draft);
