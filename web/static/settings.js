// Shows how a text would read while it is typed. Without this script it is judged when it is saved.

const WAIT_MS = 500; // a pause in typing
const token = document.querySelector("#sheet input[name=token]")?.value ?? "";

for (const area of document.querySelectorAll("textarea[data-preview]")) {
  const place = document.getElementById(`p-${area.dataset.preview}`);
  let timer = 0;
  let latest = 0;

  async function judge() {
    const number = ++latest;
    const text = area.value.trim();
    if (!text) return place.replaceChildren();
    const body = new URLSearchParams({ token, path: area.dataset.preview, text });
    const answer = await fetch("/settings/preview", { method: "POST", body }).catch(() => null);
    if (!answer?.ok || number !== latest) return; // it is judged when it is saved
    const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (number === latest && place.innerHTML !== shown.body.innerHTML) place.replaceChildren(...shown.body.childNodes);
  }

  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(judge, WAIT_MS);
  });
}

document.querySelector("[aria-invalid=true]")?.focus();
