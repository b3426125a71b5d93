/* A block with data-move is dragged to another column or hour of its grid: with the mouse or a pen at once, with a
   finger that has rested on it for half a second; one that moves before scrolls. What is let go is posted as a pressed time is, to
   the address that the block names. Escape leaves all as it was. */
class Drag extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    for (const [name, act] of Object.entries({ pointerdown: "take", pointermove: "carry", pointerup: "drop", pointercancel: "leave" }))
      document.addEventListener(name, (event) => this[act](event));
    document.addEventListener("dragstart", (event) => { if (event.target.closest?.("[data-move]")) event.preventDefault(); });
    // A finger that carries a block does not scroll, and holding it opens no menu of the link.
    document.addEventListener("touchmove", (event) => { if (this.ghost) event.preventDefault(); }, { passive: false });
    document.addEventListener("contextmenu", (event) => { if (this.held?.isTouch) event.preventDefault(); });
    addEventListener("keydown", (event) => { if (event.key === "Escape" && this.ghost) { event.preventDefault(); this.leave(); } }, true);
    document.addEventListener("click", (event) => { if (this.dropped) event.preventDefault(); this.dropped = false; }, true);
  }

  take({ target, button, pointerType, clientX, clientY }) {
    const block = target.closest("[data-move]");
    this.dropped = false;
    if (!block || button) return;
    const [at, to] = ["at", "to"].map((word) => Number(block.className.match(new RegExp(`\\b${word}-(\\d+)`))[1]));
    const isTouch = pointerType === "touch";
    this.held = { block, at, length: to - at, x: clientX, y: clientY, grab: clientY - block.getBoundingClientRect().top, isTouch };
    if (isTouch) this.rest = setTimeout(() => { this.lift(block); this.put(block.parentElement, at); navigator.vibrate?.(15); }, 500);
  }

  carry({ clientX, clientY, buttons }) {
    const held = this.held;
    if (!held) return;
    if (!buttons) { this.leave(); return; }
    if (!this.ghost && Math.hypot(clientX - held.x, clientY - held.y) < 6) return;
    if (!this.ghost && held.isTouch) { this.leave(); return; }
    const column = document.elementsFromPoint(clientX, clientY).find((one) => one.matches(".chair[data-day]"));
    if (!column) return;
    const step = parseFloat(getComputedStyle(column).gridAutoRows);
    const at = Math.max(0, Math.round((clientY - held.grab - column.getBoundingClientRect().top) / step));
    this.lift(held.block);
    this.put(column, Math.min(at, 143 - held.length));
  }

  lift(block) {
    if (this.ghost) return;
    this.ghost = document.createElement("li");
    this.ghost.innerHTML = "<span></span><small></small>";
    this.ghost.firstChild.textContent = (block.querySelector("a, span") || block).textContent;
    block.classList.add("old");
  }

  put(column, at) {
    const top = column.parentElement.dataset.top.split(":").reduce((hours, minutes) => Number(hours) * 60 + Number(minutes));
    const clock = top + at * 5, two = (number) => String(number).padStart(2, "0");
    this.place = { column, at, hour: `${two(Math.floor(clock / 60))}:${two(clock % 60)}` };
    this.ghost.className = `slot held ghost at-${at} to-${at + this.held.length}`;
    this.ghost.lastChild.textContent = this.getAttribute("words").replace("{hour}", this.place.hour);
    if (this.ghost.parentElement !== column) column.append(this.ghost);
  }

  drop() {
    const { held, ghost, place } = this;
    clearTimeout(this.rest);
    if (!held || !ghost) { this.held = null; return; }
    this.dropped = true;
    if (place.at === held.at && place.column === held.block.parentElement) { this.leave(); return; }
    this.form.action = held.block.dataset.move;
    this.form.elements.slot.value = `${place.column.dataset.day}T${place.hour}|${place.column.dataset.chair}`;
    this.held = this.ghost = null; // what is drawn stays until the answer is there
    this.form.submit();
  }

  leave() {
    clearTimeout(this.rest);
    this.ghost?.remove();
    this.held?.block.classList.remove("old");
    this.held = this.ghost = null;
  }
}
customElements.define("glede-drag", Drag);
