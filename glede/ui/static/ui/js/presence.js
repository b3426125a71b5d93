/* Who has the same open: told to the others every few seconds, shown on their row and over their card. */
const EVERY = 6000, WRITES = 10000;
const open = new URLSearchParams(location.search).get("open");
const fresh = document.querySelector("glede-fresh[presence]");
const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
let wrote = -WRITES, wroteSaid = false;

const say = () => {
  if (document.hidden) return;
  wroteSaid = performance.now() - wrote < WRITES;
  const body = new URLSearchParams({ open, writes: wroteSaid ? "1" : "" });
  fetch(fresh.getAttribute("presence"), { method: "POST", body, headers, redirect: "manual" }).catch(() => {});
};

if (open && fresh && document.getElementById("card")) {
  say();
  setInterval(say, EVERY);
  document.addEventListener("input", (event) => {
    if (!event.target.closest("#card")) return;
    wrote = performance.now();
    if (!wroteSaid) say();
  });
}

const show = (where, words) => {
  const shown = document.createElement("span");
  shown.className = "present";
  shown.setAttribute("role", "status");
  shown.textContent = words;
  where.prepend(shown, " ");
};

document.addEventListener("glede:who", ({ detail }) => {
  for (const old of document.querySelectorAll(".present")) old.remove();
  for (const { id, words } of detail || []) {
    const meta = document.querySelector(`#row-promise-${CSS.escape(id)} .meta`), card = document.getElementById("card");
    if (meta) show(meta, words);
    if (card && id === open) show(card, words);
  }
});
