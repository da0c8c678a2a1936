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
    if (event.key === "Escape") event.target.blur();
    return;
  }
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

const section = document.getElementById("keys");
const box = document.getElementById("keys-on");
if (section && box) {
  section.hidden = false;
  box.checked = !off();
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "no" : "yes"));
}
