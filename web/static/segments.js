// Counts the parts of a text while it is typed, as gateway/core/alphabet.py does (3GPP TS 23.038). The box counts itself.

const PLAIN =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const DOUBLE = "\f^{}\\[~]|€"; // two of the seven-bit places each
const SINGLE_7 = 160;
const PART_7 = 153;
const SINGLE_16 = 70;
const PART_16 = 67;

// How many parts a text has, how much room the last one leaves, and which characters make it long.
export function count(text) {
  const characters = [...text.toWellFormed?.() ?? text];
  const odd = [...new Set(characters.filter((one) => !PLAIN.includes(one) && !DOUBLE.includes(one)))];
  const wide = odd.length > 0;
  const costs = characters.map((one) => (wide ? one.length : DOUBLE.includes(one) ? 2 : 1));
  const whole = costs.reduce((sum, cost) => sum + cost, 0);
  const [single, part] = wide ? [SINGLE_16, PART_16] : [SINGLE_7, PART_7];
  if (whole <= single) return { parts: 1, left: single - whole, odd };
  let parts = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > part) {
      parts += 1;
      used = 0;
    }
    used += cost;
  }
  return { parts, left: part - used, odd };
}

let last = "";

// Counted with every key, and said aloud only when it becomes one text more or less, or a character makes it long.
function say(parts, odd, words) {
  const now = `${parts} ${odd.length > 0}`;
  if (last && now !== last) document.getElementById("news").textContent = words;
  last = now;
}

function tell(field) {
  const out = document.getElementById(field.dataset.count);
  // Sent forms have CRLF, and the box makes one character of it; it also cuts blanks at the ends.
  const text = field.value.replace(/\r\n?/g, "\n").trim();
  const { parts, left, odd } = count(text);
  const words = (parts > 1 ? out.dataset.more : out.dataset.one).replace("{parts}", parts).replace("{left}", left);
  out.textContent = text ? words + (odd.length ? `, ${out.dataset.odd.replace("{odd}", odd.slice(0, 5).join(" "))}` : "") : "";
  out.classList.toggle("tone-warn", parts > 1);
  say(parts, odd, out.textContent);
}

for (const field of document.querySelectorAll("textarea[data-count]")) {
  field.addEventListener("input", () => tell(field));
  field.form?.addEventListener("reset", () => setTimeout(() => tell(field)));
  tell(field);
}
