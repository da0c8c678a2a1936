// Several tabs of one browser hear of the same thing: one of them rings, the others keep still.

const TURN_MS = 250; // tabs begin at different moments within it, so that the first is heard by the others

const channel = "BroadcastChannel" in window ? new BroadcastChannel("textback-once") : null;
const done = new Map(); // what has been done, and when

channel?.addEventListener("message", (event) => done.set(event.data, Date.now()));

// Says that this tab does it.
export function claim(what) {
  done.set(what, Date.now());
  channel?.postMessage(what);
}

// Whether it is this tab's turn: no tab has done it within so many milliseconds, and now this one does.
export async function myTurn(what, within = Infinity) {
  await new Promise((go) => setTimeout(go, Math.random() * TURN_MS));
  if (Date.now() - (done.get(what) ?? -Infinity) < within) return false;
  claim(what);
  return true;
}
