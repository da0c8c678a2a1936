// What the inbox does for whoever does not look at it: sound, notifications, and an alarm until somebody has the emergency.

import { claim, myTurn } from "./once.js";
import "./rowkeys.js";
import * as sound from "./sound.js";

const byId = (id) => document.getElementById(id);
const words = byId("words").dataset;

const NOTIFY = "textback-notify";
const SILENCED = `textback-silenced-${words.visitor}`; // whoever signs in next at this screen has silenced nothing
const ALARM_EVERY_MS = 8000; // an emergency sounds on until somebody has it, or it is silenced on this screen
const ALARM_REST_MS = 6000; // so long after an alarm no other tab sounds one

let newest = Number(byId("mark").dataset.newest);
let told = new Set(alarms());

function alarms() {
  return byId("mark").dataset.alarms.split(" ").filter(Boolean);
}

function kept(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // it is asked for again next time
  }
}

function loud() {
  const silenced = kept(SILENCED).split(" ");
  return alarms().filter((id) => !silenced.includes(id));
}

// Whether a sound would be heard; if it is wanted and would not, that is said.
async function audible() {
  const heard = await sound.audible();
  byId("mute").hidden = heard || !sound.wanted();
  return heard;
}

async function ring() {
  byId("alarm-sounds").hidden = !sound.wanted() || !loud().length;
  if (byId("alarm-sounds").hidden || !(await audible())) return;
  if ((await myTurn("alarm", ALARM_REST_MS)) && loud().length) sound.alarm();
}

async function chime(id) {
  if (sound.wanted() && (await audible()) && (await myTurn(`new ${id}`))) sound.fresh();
}

async function notify(title, id) {
  const what = `told ${id}`;
  if (document.visibilityState === "visible" && document.hasFocus()) return claim(what); // somebody sees it in this tab
  if (kept(NOTIFY) !== "yes" || !("Notification" in window) || Notification.permission !== "granted") return;
  if (!(await myTurn(what))) return;
  const row = byId(`lead-${id}`);
  const body = row?.querySelector(".issue")?.textContent.trim() ?? "";
  const note = new Notification(`${title}: ${row?.querySelector(".peer")?.textContent.trim() ?? ""}`, { body, tag: `lead-${id}` });
  note.onclick = () => {
    focus();
    location.href = `/leads/${id}`;
  };
}

document.addEventListener("fresh", () => {
  const now = Number(byId("mark").dataset.newest);
  const emergencies = alarms().filter((id) => !told.has(id));
  for (const id of emergencies) notify(words.emergency, id);
  if (emergencies.length) ring();
  else if (now > newest) {
    chime(now);
    notify(words.lead, now);
  }
  told = new Set(alarms());
  newest = now;
  if (!loud().length) byId("alarm-sounds").hidden = true;
});
setInterval(ring, ALARM_EVERY_MS);

function pressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

const soundButton = byId("sound");
pressed(soundButton, sound.wanted());
soundButton.addEventListener("click", async () => {
  sound.want(!sound.wanted());
  pressed(soundButton, sound.wanted());
  if ((await audible()) && !loud().length) sound.fresh();
  ring();
});
for (const kind of ["pointerup", "keyup"]) addEventListener(kind, touched, { passive: true });
async function touched() {
  if (!byId("mute").hidden && (await audible())) ring();
}


byId("silence").addEventListener("click", () => {
  keep(SILENCED, alarms().join(" "));
  byId("alarm-sounds").hidden = true;
  soundButton.focus();
});
addEventListener("storage", (event) => {
  if (event.key === SILENCED && !loud().length) byId("alarm-sounds").hidden = true;
  pressed(soundButton, sound.wanted());
});

const notifyButton = byId("notify");
if ("Notification" in window && isSecureContext) {
  notifyButton.hidden = false;
  pressed(notifyButton, kept(NOTIFY) === "yes" && Notification.permission === "granted");
  notifyButton.addEventListener("click", async () => {
    const on = notifyButton.getAttribute("aria-pressed") !== "true";
    const allowed = on && (await Notification.requestPermission()) === "granted";
    keep(NOTIFY, allowed ? "yes" : "no");
    pressed(notifyButton, allowed);
    if (on && !allowed) {
      byId("sorry").textContent = words.blocked;
      byId("sorry").hidden = false;
    }
  });
}
byId("aids").hidden = false;
ring();
audible();
