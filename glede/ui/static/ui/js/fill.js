/* A part is filled anew and nobody notices: what had the keys or the focus has it still, and stays where it was seen. */
const CONTROLS = "a[href], button, summary";

const fill = (part, other) => {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  const home = active && active.closest("[id]"), place = home && [...home.querySelectorAll(CONTROLS)].indexOf(active);
  const current = part.querySelector("[data-row][aria-current]"), height = current && current.getBoundingClientRect().top;
  const queue = part.querySelector(".queue"), top = queue && queue.scrollTop;
  part.replaceChildren(...other.childNodes);
  const row = current && document.getElementById(current.id);
  if (part.querySelector(".queue")) part.querySelector(".queue").scrollTop = top || 0;
  if (row) part.scrollTop += row.getBoundingClientRect().top - height;
  for (const one of part.querySelectorAll("[data-row]")) {
    if (row) one.toggleAttribute("aria-current", one === row);
    if (one === row) one.setAttribute("aria-current", "true");
    one.tabIndex = one.matches("[aria-current]") ? 0 : -1;
  }
  const there = home && document.getElementById(home.id);
  if (there) (there.querySelectorAll(CONTROLS)[place] || there).focus({ preventScroll: true });
  if (window.htmx) window.htmx.process(part);
};
addEventListener("glede:fill", (event) => fill(event.target, event.detail), true);
