// Puts a text that is written often into the field; without this script it is copied by hand.

function show() {
  for (const button of document.querySelectorAll("[data-reply]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reply]");
  if (!button) return;
  const field = document.getElementById("words");
  const words = button.closest(".reply").querySelector("[data-words]").textContent.trim();
  field.value = field.value.trim() ? `${field.value.trimEnd()} ${words}` : words;
  field.dispatchEvent(new Event("input"));
  button.closest("details").open = false;
  field.focus();
});
document.addEventListener("fresh", show);
show();
