/* What is typed is kept on this machine until the house has it: for each form, under the colleague who types. It is
   offered again when the form comes back, let go when the house says that it came in, and thrown away at sign-out. */
const STANDS = 72 * 3600 * 1000, MOST = 100000;
const FIELDS = "textarea, input:not([type]), input[type=text], input[type=tel], input[type=email], input[type=date]";
const SECRET = "input[type=password], input[autocomplete=one-time-code], [data-unkept]";
const clockOf = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

class Kept extends HTMLElement {
  connectedCallback() {
    this.mine = `kept:${this.getAttribute("me")}:`;
    this.clear();
    addEventListener("input", (event) => this.write(event.target));
    addEventListener("submit", (event) => this.sent(event), true);
    addEventListener("glede:saved", (event) => this.drop(event.target));
    document.addEventListener("glede:unsent", () => this.offerAll());
    this.offerAll();
  }

  key(form) { return `${this.mine}${new URL(form.getAttribute("action") || "", location).pathname}#${form.id}`; }
  read(form) { return JSON.parse(localStorage.getItem(this.key(form)) || "null"); }
  put(form, entry) { localStorage.setItem(this.key(form), JSON.stringify(entry)); }
  drop(form) { localStorage.removeItem(this.key(form)); }

  clear() { // of others, and what is too old
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith("kept:")) continue;
      const { at } = JSON.parse(localStorage.getItem(key));
      if (!key.startsWith(this.mine) || Date.now() - at > STANDS) localStorage.removeItem(key);
    }
  }

  write(field) {
    const form = field.form;
    if (!form || form.method !== "post" || !field.matches(FIELDS) || form.querySelector(SECRET)) return;
    const fields = {};
    for (const one of form.elements) if (one.name && one.matches(FIELDS)) fields[one.name] = one.value;
    const entry = { at: Date.now(), fields };
    if (!Object.values(fields).some((words) => words.trim())) this.drop(form);
    else if (JSON.stringify(entry).length < MOST) this.put(form, entry);
  }

  sent(event) {
    const entry = event.target.method === "post" && !event.defaultPrevented && this.read(event.target);
    if (entry) this.put(event.target, { ...entry, sent: true, command: (event.target.elements.command || {}).value || "" });
  }

  offerAll() { for (const form of document.forms) this.offer(form); }

  offer(form) {
    const entry = form.method === "post" && this.read(form);
    if (!entry || (entry.sent && !lost())) return;
    let filled = false;
    for (const [name, words] of Object.entries(entry.fields)) {
      const field = form.elements[name];
      if (!field || !("value" in field) || field.value === words) continue;
      field.value = words;
      filled = true;
    }
    if (filled) this.note(form, entry.at);
  }

  note(form, at) {
    const note = Object.assign(document.createElement("p"), { className: "kept-note small", role: "status" });
    const away = Object.assign(document.createElement("button"), { type: "button", className: "verb bare", textContent: this.getAttribute("away") });
    away.addEventListener("click", () => { this.drop(form); form.reset(); note.remove(); });
    note.append(`${this.getAttribute("words").replace("{clock}", clockOf(at))} `, away);
    form.prepend(note);
  }
}

const lost = () => document.documentElement.dataset.line === "lost";
customElements.define("glede-kept", Kept);
