/* The line to the house: when it drops, a banner says so, nothing is pressed into the void, and a worker of the browser
   shows the last Today again. What it shows lies on this machine while somebody is signed in, twelve hours at most. */
const PAGES = "glede-pages", FILES = "glede-files", MOST = 4;
const SINCE = "line-lost-at";
const root = document.documentElement;

class Line extends HTMLElement {
  connectedCallback() {
    this.banner = this.querySelector(".banner");
    if (performance.getEntriesByType("navigation")[0]?.serverTiming?.some((one) => one.name === "kept")) this.lose();
    document.addEventListener("glede:line", ({ detail }) => (detail.up ? this.find() : this.lose()));
    document.addEventListener("glede:out", () => { if ("caches" in window) caches.delete(PAGES); });
    document.addEventListener("glede:brought", ({ detail }) => this.keep(detail));
    addEventListener("submit", (event) => this.hold(event), true);
    addEventListener("pagehide", () => { this.leaves = true; }); // what is broken off then is no line that drops
    addEventListener("pageshow", () => { this.leaves = false; });
    if (navigator.serviceWorker) this.begin();
  }

  lose() {
    if (root.dataset.line || this.leaves) return;
    root.dataset.line = "lost";
    const since = Number(sessionStorage.getItem(SINCE)) || Date.now();
    sessionStorage.setItem(SINCE, since);
    this.say("lost", new Date(since).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  }

  find() {
    sessionStorage.removeItem(SINCE);
    if (!root.dataset.line) return;
    delete root.dataset.line;
    this.banner.hidden = true;
  }

  say(which, clock) {
    this.banner.hidden = false;
    this.banner.querySelector("b").textContent = this.banner.dataset[which].replace("{clock}", clock);
  }

  hold(event) {
    if (!root.dataset.line || event.target.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.say("held", "");
  }

  async begin() {
    try {
      await navigator.serviceWorker.register(this.getAttribute("worker"), { scope: "/" });
      await navigator.serviceWorker.ready;
      if (location.pathname !== "/" || root.dataset.line) return;
      const files = [...document.querySelectorAll("link[href], script[src]")].map((one) => one.href || one.src);
      await (await caches.open(FILES)).addAll(files);
      const page = await fetch(location.href, { headers: { "HX-Request": "true" }, redirect: "manual" });
      await this.keep(page);
    } catch { /* a browser that may not keep anything shows its own page when the line drops */ }
  }

  async keep(page) {
    if (location.pathname !== "/" || !page.ok || !("caches" in window)) return;
    const headers = new Headers(page.headers);
    for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name); // the body is unpacked
    headers.set("Kept-At", Date.now());
    headers.set("Server-Timing", "kept");
    const kept = new Response(await page.blob(), { headers }), pages = await caches.open(PAGES);
    await pages.put(location.href, kept); // takes the place of the one before
    for (const old of (await pages.keys()).slice(0, -MOST)) await pages.delete(old, { ignoreVary: true });
  }
}
customElements.define("glede-line", Line);
