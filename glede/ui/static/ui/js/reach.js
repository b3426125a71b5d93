/* A link to a form on this page, or the summary of one, opens it and puts the cursor in. */
function reach(from) {
  const place = from && (from.matches("summary") ? from.parentElement : document.getElementById(from.hash.slice(1)));
  if (!place || !place.matches("details, form")) return;
  if (from.hash) place.open = true;
  setTimeout(() => {
    const field = place.querySelector("input:not([type=hidden]), select, textarea");
    if (field && (place.open || place.matches("form"))) field.focus();
  });
}
document.addEventListener("click", (event) => reach(event.target.closest('a[href^="#"], summary[data-key]')));
