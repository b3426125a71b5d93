/* A sheet opens from any control that names it; Esc and a press beside it close it, and a menu too. */
class Sheet extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    if (this.querySelector(".errors")) this.dialog.showModal();
  }
}
customElements.define("glede-sheet", Sheet);

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".me[open], .more-verbs[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
  const link = event.target.closest("a[href^='#']");
  const place = link && document.getElementById(link.hash.slice(1));
  if (place && place.matches("details, form")) {
    if (place.matches("details")) place.open = true;
    const field = place.querySelector("textarea, input:not([type=hidden]), select");
    if (field) { event.preventDefault(); field.focus(); }
  }
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog || !dialog.showModal || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
});
