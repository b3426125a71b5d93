/* What was pressed: did it come in? The house knows a form by its command; one without is taken for in where the page
   after it came straight from the house. What came in is let go, the rest is offered. */
const from = document.querySelector("glede-kept");
let waits = performance.getEntriesByType("navigation")[0]?.type !== "navigate";

const pressed = () => Object.entries(localStorage)
  .filter(([key]) => key.startsWith(`kept:${from.getAttribute("me")}:`))
  .map(([key, words]) => [key, JSON.parse(words)])
  .filter(([, one]) => one.sent);

const check = async () => {
  const sent = pressed(), waited = waits, isLost = Boolean(document.documentElement.dataset.line);
  waits = sent.length > 0 && isLost;
  if (!sent.length || isLost) return;
  const asked = sent.map(([, one]) => `command=${one.command}`).join("&");
  const answer = await fetch(`${from.getAttribute("url")}?${asked}`, { redirect: "manual" }).catch(() => null);
  if (!answer || !answer.ok) return;
  const done = answer.status === 204 ? [] : (await answer.json()).done || [];
  for (const [key, one] of sent) {
    if (one.command ? done.includes(one.command) : !waited) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ at: one.at, fields: one.fields }));
  }
  if (waited && done.length) location.reload(); // what stands here was sent already
  else document.dispatchEvent(new Event("glede:unsent"));
};

if (from) {
  document.addEventListener("glede:line", ({ detail }) => { if (detail.up && waits) check(); });
  check();
}
