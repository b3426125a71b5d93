/* Lists that refresh themselves keep what a person is doing: no swap under a field in use or an open menu,
   and the row with the keys stays the row with the keys. */
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, requestConfig } = event.detail;
  if (!requestConfig || requestConfig.verb !== "get" || !target || target.matches("[role=listbox]")) return;
  const active = document.activeElement;
  const writes = active && target.contains(active) && active.matches("input, textarea, select");
  if (writes || target.querySelector("details[open]")) event.preventDefault();
});

let kept = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target.querySelector && event.detail.target.querySelector("[data-row][aria-current]");
  kept = row && { id: row.id, had: row.contains(document.activeElement), top: event.detail.target.scrollTop };
});
document.addEventListener("htmx:afterSettle", () => {
  if (!kept) return;
  const row = document.getElementById(kept.id);
  if (row) {
    for (const other of row.parentElement.children) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    row.parentElement.scrollTop = kept.top;
    for (const one of row.parentElement.children) one.tabIndex = one === row ? 0 : -1;
    if (kept.had) row.focus({ preventScroll: true });
  }
  kept = null;
});
