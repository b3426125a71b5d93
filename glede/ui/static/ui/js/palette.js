/* Ctrl K or Cmd K: one question, arrows through the answers, Enter opens. Without it the link leads to the same search. */
class Palette extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); this.open(); }
    });
    for (const opener of document.querySelectorAll("[data-palette]")) {
      opener.addEventListener("click", (event) => { event.preventDefault(); this.open(); });
    }
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.go(); });
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.list.addEventListener("htmx:afterSwap", () => this.select(0));
  }

  open() {
    if (this.dialog.open || document.querySelector("dialog[open]")) return;
    this.dialog.showModal();
    this.input.select();
    this.input.dispatchEvent(new Event("palette-open"));
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }

  press(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const now = this.options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    this.select(now + by);
  }

  select(place) {
    const options = this.options;
    const index = Math.min(options.length - 1, Math.max(0, place));
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === index)));
    if (!options[index]) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[index].id);
    options[index].scrollIntoView({ block: "nearest" });
  }

  go() {
    const chosen = this.list.querySelector("[aria-selected=true]");
    if (chosen) chosen.click();
    else this.querySelector("form").submit();
  }
}
customElements.define("glede-palette", Palette);
