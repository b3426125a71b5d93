/* Two letters name a colleague: where they fit one alone, the name is written out and the cursor goes on. */
class Hand extends HTMLElement {
  connectedCallback() {
    const [to, note] = ["to", "note"].map((name) => this.querySelector(`input[name=${name}]`));
    const names = [...this.querySelectorAll("option")].map((option) => option.value);
    if (!to || !note) return;
    to.addEventListener("input", (event) => {
      const begun = to.value.trim().toLowerCase();
      if (begun.length < 2 || !String(event.inputType).startsWith("insert")) return;
      const meant = names.filter((name) => name.toLowerCase().split(/[\s-]+/).some((word) => word.startsWith(begun)));
      if (meant.length !== 1) return;
      [to.value] = meant;
      note.focus();
    });
  }
}
customElements.define("glede-hand", Hand);
