/* Light, letters and keys change at once; the cookie follows. A new language needs the page anew. */
class Look extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector("form");
    form.addEventListener("submit", async (event) => {
      const { name, value } = event.submitter || {};
      if (!name || name === "language") return;
      event.preventDefault();
      document.documentElement.dataset[name] = value;
      for (const one of form.querySelectorAll(`[name="${name}"]`)) one.setAttribute("aria-pressed", String(one.value === value));
      const body = new FormData(form);
      body.set(name, value);
      await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
    });
  }
}
customElements.define("glede-look", Look);
