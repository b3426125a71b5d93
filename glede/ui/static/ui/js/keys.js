/* Letters, arrows and Enter on rows and pages. They act only where nothing is being written:
   never in a field, never in a dialog, never with Ctrl, Alt or Meta, and never when switched off. */
const FIELD = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]"; // where somebody writes

class Keys extends HTMLElement {
  connectedCallback() {
    this.leader = 0;
    addEventListener("keydown", (event) => this.press(event));
    document.addEventListener("focusin", (event) => this.follow(event.target.closest("[data-row]")));
    for (const row of document.querySelectorAll("[data-row]")) row.tabIndex = row.matches("[aria-current]") ? 0 : -1;
    const first = document.querySelector("[data-focus]");
    if (first) first.focus(); // an address with a # takes it away again while the page comes in
    if (first) addEventListener("load", () => { if (document.activeElement === document.body) first.focus(); });
  }

  get row() {
    const active = document.activeElement;
    if (active && active !== document.body && !active.matches("main")) return active.closest("[data-row]");
    return document.querySelector("[data-row][aria-current]");
  }

  press(event) {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest(FIELD) || document.querySelector("dialog[open]")) return;
    if (key === "ArrowDown" || key === "ArrowUp") this.move(event, key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter") this.enter(event);
    else if (key === "Escape") this.leave(event);
    else if (key.length > 1) this.act(event, this.control(key));
    else if (document.documentElement.dataset.keys !== "off") this.letter(event, key.toLowerCase());
  }

  letter(event, key) {
    const leads = event.timeStamp - this.leader < 1500 && this.leader > 0;
    this.leader = key === "g" && !leads ? event.timeStamp : 0;
    const found = leads ? document.querySelector(`[data-go="${CSS.escape(key)}"]`) : this.control(key);
    if (this.act(event, found)) this.leader = 0;
  }

  act(event, found) {
    if (!found) return false;
    event.preventDefault();
    found[found.matches(FIELD) ? "focus" : "click"]();
    return true;
  }

  control(key) {
    const name = `[data-key="${CSS.escape(key)}"]`;
    const shown = (one) => !one.disabled && !one.closest("[data-row], details:not([open]) > :not(summary)");
    return (this.row && this.row.querySelector(name)) || [...document.querySelectorAll(name)].find(shown);
  }

  enter(event) {
    if (!event.target.matches("[data-row], body, main")) return;
    this.act(event, this.row && (this.row.querySelector(".verb") || this.row.querySelector("a, button")));
  }

  leave(event) {
    const open = event.target.closest("details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); } else this.act(event, document.querySelector("[data-leave], [data-key=Escape]"));
  }

  move(event, by) {
    const rows = [...document.querySelectorAll("[data-row]")];
    const next = rows[Math.min(rows.length - 1, Math.max(0, rows.indexOf(this.row) + by))];
    if (!next || event.target.closest("details[open], input")) return;
    event.preventDefault();
    next.focus(); // and follow() with it
  }

  follow(row) {
    if (!row) return;
    for (const other of document.querySelectorAll("[data-row][aria-current]")) {
      if (other !== row) { other.removeAttribute("aria-current"); other.tabIndex = -1; }
    }
    row.setAttribute("aria-current", "true");
    row.tabIndex = 0;
  }
}
customElements.define("glede-keys", Keys);
