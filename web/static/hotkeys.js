// Single keys for what carries data-hotkey: a field gets the focus, a fold opens, anything else is pressed.
// They can be switched off (WCAG 2.2, 2.1.4), and never count while somebody types.

const OFF = "textback-keys-off";
const shown = (one) => one.getClientRects().length > 0 && one.getAttribute("aria-disabled") !== "true";

function off() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat || off()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) {
    if (event.key === "Escape") leave(event.target);
    return;
  }
  if (event.key === "Escape" && event.target.closest("details.fold[open]")) return leave(event.target);
  const one = [...document.querySelectorAll("[data-hotkey]")].find((each) => each.dataset.hotkey === event.key && shown(each));
  if (!one) return;
  event.preventDefault();
  if (one.matches("input, textarea, select")) one.focus();
  else if (one.matches("summary")) {
    one.parentElement.open = true;
    (one.parentElement.querySelector("input:not([type=hidden]), select, textarea, button") ?? one).focus();
    one.scrollIntoView({ block: "nearest" });
  } else one.click();
});

// Out of a field, so that single keys count again: the fold around it closes, and what has the focus then can be seen.
function leave(field) {
  const fold = field.closest("details.fold[open]");
  const section = field.closest("section");
  const heads = [section, section?.previousElementSibling, document].map((part) => part?.querySelector("h1[tabindex], h2[tabindex]"));
  const home = fold?.querySelector("summary") ?? heads.find((head) => head);
  field.blur();
  home?.focus({ preventScroll: !fold });
  if (fold) fold.open = false;
}

const section = document.getElementById("keys");
const box = document.getElementById("keys-on");
if (section && box) {
  section.hidden = false;
  box.checked = !off();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
}
