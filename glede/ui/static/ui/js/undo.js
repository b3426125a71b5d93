/* The undo bar stays its ten seconds, its ring loses one segment each second, and it waits while it is looked at. */
class Undo extends HTMLElement {
  connectedCallback() {
    this.left = Number(this.getAttribute("seconds")) || 10;
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  tick() {
    if (this.matches(":hover, :focus-within") || document.hidden) return;
    this.left -= 1;
    const ring = this.querySelector(".ring path");
    if (ring) {
      const parts = ring.getAttribute("d").split("M").filter(Boolean);
      ring.setAttribute("d", parts.slice(1).map((part) => `M${part}`).join(""));
    }
    if (this.left <= 0) this.remove();
  }
}
customElements.define("glede-undo", Undo);
