/* Shows the last Today while there is no line. It keeps nothing by itself: pages put there what they were given. */
const KEPT = 12 * 3600 * 1000, DOWN = [502, 503, 504];
const ALIKE = { ignoreVary: true };
const OURS = /^\/(static|ui)\//, OTHERS = /^\/(accounts|t|u|hooks|join)\//;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const old = async () => {
  const pages = await caches.open("glede-pages");
  for (const request of await pages.keys()) {
    const page = await pages.match(request, ALIKE);
    if (Date.now() - Number(page.headers.get("Kept-At")) > KEPT) await pages.delete(request, ALIKE);
  }
  return pages;
};

const last = async (request) => {
  if (request.method !== "GET") return Response.redirect(request.referrer || "/", 303);
  const pages = await old();
  const exact = await pages.match(request.url, ALIKE);
  if (exact) return exact;
  const any = (await pages.keys()).pop();
  if (!any) return Response.error();
  return new URL(request.url).pathname === "/" ? pages.match(any, ALIKE) : Response.redirect(any.url, 302);
};

const page = async (request) => {
  try {
    const answer = await fetch(request);
    return DOWN.includes(answer.status) ? await last(request) : answer;
  } catch { return last(request); }
};

const file = async (request) => {
  try { return await fetch(request); } catch { return (await caches.match(request, ALIKE)) || Response.error(); }
};

self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin || OTHERS.test(url.pathname)) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (request.method === "GET" && OURS.test(url.pathname)) event.respondWith(file(request));
});
