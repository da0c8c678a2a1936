// The browser knows in which time zone it is; without this script the person chooses it.
const select = document.querySelector("select[data-guess]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (select && zone && zone !== "UTC") {
  if (![...select.options].some((option) => option.value === zone)) select.add(new Option(zone, zone), 0);
  select.value = zone;
}
