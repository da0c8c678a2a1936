// Keeps a page fresh: listens for changes, fetches the parts of the page and swaps in only what differs.
// Without this script the page is complete, and shows what is new after a reload.

const LOST_AFTER_MS = 1500; // a stream that comes back sooner is not worth a word
const AGAIN_MS = 4000;
const SILENT_MS = 40000; // the box says something every 15 s: a stream that is silent for longer is dead (sleep, power cut, Wi-Fi)
const LOOK_MS = 5000;
const AWAY_LOOK_MS = 30000; // a hidden tab asks now and then: a browser has only six connections for one box
const AGES_MS = 60000; // how long a lead has waited, and whether it is overdue, changes without an event
const SOON_MS = 1000; // a test call is being watched
const SELDOM_MS = 300000; // "today" ends at midnight without an event

const byId = (id) => document.getElementById(id);
const page = byId("live");

let stream = null;
let heardAt = 0;
let lostTimer = 0;
let againTimer = 0;
let wanted = false;
let running = null;
let turning = false; // rows that come because somebody turns the page are no news

function listen() {
  stream?.close();
  stream = new EventSource("/events");
  heardAt = Date.now();
  stream.addEventListener("beat", () => (heardAt = Date.now()));
  for (const kind of ["hello", "change"]) {
    stream.addEventListener(kind, (event) => {
      heardAt = Date.now();
      if (event.data !== page.dataset.look) location.reload(); // the box was upgraded
      else if (event.lastEventId !== byId("mark").dataset.mark) refresh();
      else found();
    });
  }
  stream.addEventListener("error", () => {
    missing();
    if (stream?.readyState === EventSource.CLOSED) again();
  });
}

// The page itself is asked for, since a stream does not say why it is refused.
function again() {
  clearTimeout(againTimer);
  againTimer = setTimeout(refresh, AGAIN_MS);
}

function missing() {
  lostTimer ||= setTimeout(() => (byId("lost").hidden = false), LOST_AFTER_MS);
}

function found() {
  clearTimeout(lostTimer);
  lostTimer = 0;
  byId("lost").hidden = true;
}

// Resolves when what is shown is at least as new as this call.
function refresh() {
  wanted = true;
  running ??= fetched().finally(() => (running = null));
  return running;
}

async function fetched() {
  try {
    while (wanted) {
      wanted = false;
      const answer = await fetch(page.dataset.fragment, { cache: "no-store" });
      if (answer.status === 401) return signedOut();
      if (!answer.ok) throw new Error(`fragment: ${answer.status}`);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    found();
    byId("out").hidden = true;
    if (!document.hidden && (!stream || stream.readyState === EventSource.CLOSED)) listen();
  } catch {
    missing();
    again();
  }
}

// To the signing in, and back here; where something has been begun it stays, and so does this page.
function signedOut() {
  const there = location.pathname + location.search;
  const address = `/sign-in?${new URLSearchParams({ out: "1", next: there })}`;
  if (!typing(page)) return location.assign(address);
  found();
  byId("out").querySelector("a").href = address;
  byId("out").hidden = false;
  again();
}

function show(fresh) {
  const focused = document.activeElement;
  const focusId = focused && page.contains(focused) ? focused.id : "";
  const home = focused?.closest?.("section")?.id;
  const around = neighbours(focused?.closest?.("[data-key]"));
  const news = [];
  const rows = [focused?.closest?.("[data-key]"), ...page.querySelectorAll("[data-key]")];
  const hold = scrollY > 0 ? rows.find((row) => row && inSight(row)) : null;
  const top = hold?.getBoundingClientRect().top;
  for (const section of fresh.querySelectorAll("section[data-hash]")) {
    const old = byId(section.id);
    if (!old || old.dataset.hash === section.dataset.hash) continue;
    old.hidden = section.hidden;
    if (update(old, section, news)) old.dataset.hash = section.dataset.hash;
  }
  const mark = fresh.getElementById("mark");
  const ours = byId("mark").dataset;
  for (const name of Object.keys(ours)) if (!(name in mark.dataset)) delete ours[name];
  Object.assign(ours, mark.dataset);
  const tasks = Number(mark.dataset.tasks ?? 0);
  document.title = document.title.replace(/^(\(\d+\) )?/, tasks ? `(${tasks}) ` : "");
  const token = fresh.querySelector("input[name=token]")?.value; // a new one when the box has started again
  if (token) for (const field of document.querySelectorAll("input[name=token]")) field.value = token;
  if (home && !page.contains(document.activeElement)) {
    const row = around.find((one) => one.isConnected)?.querySelector("a.open, a, button");
    (byId(focusId) ?? row ?? byId(`${home}-h`))?.focus({ preventScroll: true });
  }
  // By hand, since Safari has no scroll anchoring and the others lose their anchor when a row is redrawn.
  if (hold?.isConnected) scrollBy({ top: hold.getBoundingClientRect().top - top, behavior: "instant" });
  if (news.length && !turning) byId("news").textContent = news.slice(0, 3).join(". ");
  document.dispatchEvent(new Event("fresh"));
}

// Where whoever stood in a row goes on when it is gone: the rows below it, then those above.
function neighbours(row) {
  const rows = [...(row?.parentElement.children ?? [])];
  const place = rows.indexOf(row);
  return [...rows.slice(place + 1), ...rows.slice(0, Math.max(0, place)).reverse()];
}

function inSight(row) {
  const { top } = row.getBoundingClientRect();
  return top >= 0 && top < innerHeight;
}

function update(old, section, news) {
  const list = old.querySelector("[data-list]");
  const freshList = section.querySelector("[data-list]");
  if (!list || !freshList) {
    for (const row of section.querySelectorAll("[data-news] > [data-key]")) tell(row, freshList, news);
    if (typing(old)) return false;
    keepOpen(old, section);
    old.replaceChildren(...section.childNodes);
    return true;
  }
  for (const part of section.querySelectorAll("[data-part]")) {
    const before = old.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!before || before.innerHTML === part.innerHTML || typing(before)) continue;
    keepOpen(before, part);
    before.replaceChildren(...part.childNodes);
  }
  const have = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const rows = [...freshList.children];
  const keys = new Set(rows.map((row) => row.dataset.key));
  for (const [key, row] of have) if (!keys.has(key)) row.remove();
  let place = list.firstElementChild;
  for (const row of rows) {
    const before = have.get(row.dataset.key);
    let stays = before;
    if (!before) {
      tell(row, freshList, news);
      if (!turning) row.classList.add("fresh");
      stays = row;
    } else if (before.dataset.hash !== row.dataset.hash && !typing(before)) {
      tell(row, freshList, news, before);
      keepOpen(before, row);
      before.replaceChildren(...row.childNodes);
      before.dataset.hash = row.dataset.hash;
    }
    if (stays === place) place = place.nextElementSibling;
    else list.insertBefore(stays, place);
  }
  return !typing(old);
}

// What somebody has begun to fill in is not drawn anew under his hands.
function typing(part) {
  return [...part.querySelectorAll("input:not([type=hidden]):not(#keys-on), textarea, select")].some((field) => {
    if (field === document.activeElement) return true;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.matches("select")) return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
    return field.value !== field.defaultValue;
  });
}

function keepOpen(old, fresh) {
  for (const open of old.querySelectorAll("details[open][id]")) {
    const same = [...fresh.querySelectorAll("details")].find((one) => one.id === open.id);
    if (same) same.open = true;
  }
}

// Says a row in the polite live region when it is new or its outcome has changed.
function tell(row, list, news, before) {
  const words = (one) => one?.querySelector("[data-say]")?.textContent.replace(/\s+/g, " ").trim();
  if (!list?.dataset.news || words(before) === words(row)) return;
  const who = row.querySelector(".peer")?.textContent.trim() ?? "";
  news.push(`${before ? byId("news").dataset.changed : list.dataset.news}: ${[who, words(row)].filter(Boolean).join(", ")}`);
}

// Closed with the focus in it, a fold would take it along.
function fold(details) {
  if (details?.contains(document.activeElement)) details.querySelector("summary").focus({ preventScroll: true });
  details?.removeAttribute("open");
}

// A click on Done, It arrived and the like stays on the page.
async function send(form, button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  let said = "";
  let sorry = "";
  let heard = false; // whether the box has done it or said why not; else the form may have arrived and the answer not
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form, button.form === form ? button : undefined)),
    });
    ({ said = "", sorry = "" } = await answer.json());
    heard = answer.ok || answer.status === 409;
  } catch {
    sorry = byId("sorry").dataset.unknown;
  }
  byId("said").textContent = said;
  byId("said").hidden = !said;
  byId("sorry").textContent = sorry;
  byId("sorry").hidden = !sorry;
  button.removeAttribute("aria-disabled");
  if (said) {
    form.reset();
    fold(form.closest("details.fold"));
    if (form.hasAttribute("data-end") && location.search) {
      history.pushState(null, "", location.pathname); // what was written stands at the end
      page.dataset.fragment = `/fragment${location.pathname}`;
    }
  }
  await refresh();
  const { upto } = byId("mark").dataset;
  if (heard && upto) for (const field of form.querySelectorAll("input[name=upto]")) field.value = upto;
  if (sorry) for (const field of document.querySelectorAll("input[name=seen]")) field.value = byId("mark").dataset.seen ?? "";
}

// Another part of a long list comes in place, so that what has been begun elsewhere on the page stays.
async function turn() {
  if (!("turns" in page.dataset)) return;
  const fragment = `/fragment${location.pathname}${location.search}`;
  if (fragment === page.dataset.fragment) return;
  page.dataset.fragment = fragment;
  turning = true;
  await refresh();
  turning = false;
  const there = byId(location.hash.slice(1));
  there?.focus({ preventScroll: true });
  there?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-turn]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  turn();
});
addEventListener("popstate", turn);

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]")) return;
  event.preventDefault();
  send(event.target, event.submitter ?? event.target.querySelector("button"));
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stream?.close();
    stream = null;
  } else listen();
});
addEventListener("pageshow", (event) => event.persisted && refresh());
addEventListener("online", refresh);
setInterval(() => {
  if (!stream || Date.now() - heardAt < SILENT_MS) return;
  missing();
  listen();
}, LOOK_MS);
setInterval(() => document.hidden && refresh(), AWAY_LOOK_MS);
setInterval(() => !document.hidden && byId("mark").hasAttribute("data-ages") && refresh(), AGES_MS);
setInterval(() => !document.hidden && byId("mark").hasAttribute("data-soon") && refresh(), SOON_MS);
setInterval(refresh, SELDOM_MS);

if (!document.hidden) listen();
