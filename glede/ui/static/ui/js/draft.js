/* What is being written goes to the house within two seconds where an address is given; this machine keeps it until then. */
class Draft extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    if (!this.field || !this.getAttribute("url")) return;
    this.field.addEventListener("input", () => this.changed());
    const form = this.field.form;
    if (form) form.addEventListener("submit", () => { clearTimeout(this.timer); this.dirty = false; });
    addEventListener("pagehide", () => this.save(true));
  }

  changed() {
    this.dirty = true;
    if (!this.timer) this.timer = setTimeout(() => this.save(false), 1500);
  }

  async save(leaving) {
    clearTimeout(this.timer);
    this.timer = 0;
    if (!this.dirty || !this.field.form) return;
    this.dirty = false;
    const form = this.field.form, words = this.field.value, body = new FormData(form);
    const answer = await fetch(this.getAttribute("url"), { method: "POST", body, keepalive: leaving }).catch(() => ({ ok: false }));
    if (!answer.ok) { this.dirty = true; return; }
    if (this.field.value === words) form.dispatchEvent(new Event("glede:saved", { bubbles: true }));
    const saved = form.querySelector("[data-saved]");
    if (saved) saved.textContent = `${saved.dataset.words} ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  }
}
customElements.define("glede-draft", Draft);
