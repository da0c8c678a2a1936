// j and k go from row to row, Enter opens the one that has the focus (it is a link, so the browser does that).

import { keysOff } from "./keysoff.js";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || keysOff()) return;
  if (event.key !== "j" && event.key !== "k") return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const rows = [...document.querySelectorAll("[data-row], li.row[data-key]")];
  if (!rows.length) return;
  const here = rows.indexOf(document.activeElement?.closest("[data-row], li.row[data-key]"));
  const next = here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + (event.key === "j" ? 1 : -1)));
  const link = rows[next].querySelector("a.open, a, button");
  link?.focus();
  rows[next].scrollIntoView({ block: "nearest" });
  event.preventDefault();
});
