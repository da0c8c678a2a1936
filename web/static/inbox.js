// What the inbox does for whoever does not look at it: sound, notifications, and an alarm until somebody has the emergency.

import "./rowkeys.js";
import * as sound from "./sound.js";

const NOTIFY = "textback-notify";
const SILENCED = "textback-silenced";
const ALARM_EVERY_MS = 8000; // an emergency sounds on until somebody has it, or it is silenced on this screen

const byId = (id) => document.getElementById(id);
const words = byId("words").dataset;
let newest = Number(byId("mark").dataset.newest);
let told = new Set(alarms());

function alarms() {
  return byId("mark").dataset.alarms.split(" ").filter(Boolean);
}

function kept(store, key) {
  try {
    return store.getItem(key) ?? "";
  } catch {
    return ""; // a browser that keeps nothing
  }
}

function keep(store, key, value) {
  try {
    store.setItem(key, value);
  } catch {
    // it is asked for again next time
  }
}

function loud() {
  const silenced = kept(sessionStorage, SILENCED).split(" ");
  return alarms().filter((id) => !silenced.includes(id));
}

function ring() {
  const loudOnes = sound.wanted() ? loud() : [];
  byId("alarm-sounds").hidden = !loudOnes.length;
  if (loudOnes.length) sound.alarm();
}

function notify(title, id) {
  if (kept(localStorage, NOTIFY) !== "yes" || !("Notification" in window) || Notification.permission !== "granted") return;
  if (document.visibilityState === "visible" && document.hasFocus()) return;
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
    sound.fresh();
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
soundButton.addEventListener("click", () => {
  sound.want(!sound.wanted());
  pressed(soundButton, sound.wanted());
  if (sound.wanted()) sound.fresh();
  ring();
});
for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, sound.wake, { passive: true });

byId("silence").addEventListener("click", () => {
  keep(sessionStorage, SILENCED, alarms().join(" "));
  byId("alarm-sounds").hidden = true;
});

const notifyButton = byId("notify");
if ("Notification" in window && isSecureContext) {
  notifyButton.hidden = false;
  pressed(notifyButton, kept(localStorage, NOTIFY) === "yes" && Notification.permission === "granted");
  notifyButton.addEventListener("click", async () => {
    const on = notifyButton.getAttribute("aria-pressed") !== "true";
    const allowed = on && (await Notification.requestPermission()) === "granted";
    keep(localStorage, NOTIFY, allowed ? "yes" : "no");
    pressed(notifyButton, allowed);
    if (on && !allowed) {
      byId("sorry").textContent = words.blocked;
      byId("sorry").hidden = false;
    }
  });
}
byId("aids").hidden = false;
