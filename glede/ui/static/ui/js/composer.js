/* Ctrl Enter sends; a tool with data-insert puts its words where the cursor stands; a text counts its characters. */
class Composer extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector("textarea");
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.form.requestSubmit(); }
      if (event.key === "Escape") this.field.blur();
    });
    this.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-insert], [data-insert-from]");
      if (!tool) return;
      event.preventDefault();
      if (tool.dataset.insert) this.insert(tool.dataset.insert);
      else fetch(tool.dataset.insertFrom).then((answer) => (answer.ok ? answer.text() : "")).then((words) => words && this.insert(words));
    });
    this.form.addEventListener("submit", (event) => {
      if (this.sent) event.preventDefault();
      this.sent = true;
    });
    addEventListener("pageshow", () => { this.sent = false; });
    this.field.addEventListener("input", () => this.count());
    this.count();
  }

  insert(words) {
    const { value, selectionStart: from, selectionEnd: to } = this.field;
    const gap = from && !/\s$/.test(value.slice(0, from)) ? " " : "";
    this.field.setRangeText(gap + words, from, to, "end");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.focus();
  }

  count() {
    const shown = this.querySelector("[data-count][data-limit]");
    if (shown) shown.textContent = `${[...this.field.value].length} ${shown.dataset.words} ${shown.dataset.limit}`;
  }
}
customElements.define("glede-composer", Composer);
