/* What others change comes in by itself: a small question every second, and the page again only when the
   answer is another. Parts marked data-fresh are filled anew, never under a hand: not while something in them is
   written, opened or marked. A hidden tab asks nothing. */
const EVERY = 1000, GROWS_OLD = 20000;

class Fresh extends HTMLElement {
  connectedCallback() {
    this.version = this.seq = "";
    this.brought = performance.now();
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.ask(); });
    for (const name of ["online", "offline"]) addEventListener(name, () => this.ask());
    this.ask();
  }

  disconnectedCallback() { clearTimeout(this.timer); }

  async ask() {
    clearTimeout(this.timer);
    if (document.hidden || this.asking) return;
    this.asking = true;
    const began = performance.now();
    try {
      const answer = await this.fetch(`${this.getAttribute("url")}?v=${encodeURIComponent(this.version)}`);
      this.tell("line", { up: true });
      if (answer.status === 200) this.hear(await answer.json());
      if (this.stale || performance.now() - this.brought > GROWS_OLD) await this.bring();
    } catch { this.tell("line", { up: false }); }
    this.asking = false;
    this.timer = setTimeout(() => this.ask(), Math.max(EVERY, 4 * (performance.now() - began))); // a slow house is asked less
  }

  async fetch(url) {
    const headers = { "HX-Request": "true" };
    const answer = await fetch(url, { headers, redirect: "manual", signal: AbortSignal.timeout(8000) });
    if (answer.type === "opaqueredirect") { this.tell("out", {}); location.reload(); }
    if (answer.status >= 500) throw new Error(answer.status);
    return answer;
  }

  hear({ v, seq, who }) {
    this.stale ||= this.seq !== "" && seq !== this.seq;
    [this.version, this.seq, this.who] = [v, seq, who];
    this.tell("who", who);
  }

  async bring() {
    const parts = [...document.querySelectorAll("[data-fresh]")];
    this.stale = parts.some(inUse);
    if (!parts.some((part) => !inUse(part))) return;
    const answer = await this.fetch(location.href);
    if (!answer.ok) return;
    const kept = answer.clone();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const other = page.getElementById(part.id);
      if (other && !inUse(part)) part.dispatchEvent(new CustomEvent("glede:fill", { detail: other })); else this.stale = true;
    }
    this.brought = performance.now();
    this.tell("brought", kept);
    this.tell("who", this.who);
  }

  tell(name, detail) { document.dispatchEvent(new CustomEvent(`glede:${name}`, { detail })); }
}

const inUse = (part) => {
  const active = document.activeElement, marked = getSelection();
  const writes = part.contains(active) && active.matches("input, textarea, select");
  return writes || part.querySelector("details[open], dialog[open], .ghost") || (!marked.isCollapsed && part.contains(marked.anchorNode));
};

customElements.define("glede-fresh", Fresh);
