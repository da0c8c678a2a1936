// Copies what stands in a field; without this script it is marked and copied by hand.

async function copied(field) {
  field.focus();
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    return document.execCommand("copy"); // plain HTTP on the LAN: browsers have no clipboard there
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.parentElement.querySelector("output");
    const done = await copied(document.getElementById(button.dataset.copy));
    said.textContent = done ? button.dataset.done : button.dataset.failed;
  });
}
