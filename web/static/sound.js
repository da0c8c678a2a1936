// Two small sounds, made here: something new, and an emergency. No file, no sound before somebody has asked for it.

const KEY = "textback-sound";
const NEW = [[660, 0, 0.12], [880, 0.14, 0.2]]; // hertz, from, for seconds
const ALARM = [[880, 0, 0.22], [660, 0.26, 0.22], [880, 0.52, 0.22], [660, 0.78, 0.3]];
const LOUD = 0.25;
const WAKE_MS = 400; // a browser that refuses leaves the question open for ever

let context = null;

export function wanted() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
}

export function want(on) {
  try {
    localStorage.setItem(KEY, on ? "yes" : "no");
  } catch {
    // it is asked for again next time
  }
}

// Whether a sound would be heard now. Browsers let no page sound before somebody has touched it.
export async function audible() {
  if (!wanted() || !("AudioContext" in window)) return false;
  if (!context && navigator.userActivation?.hasBeenActive === false && !allowed()) return false; // asking would be complained of
  context ??= new AudioContext();
  if (context.state !== "running") {
    await Promise.race([context.resume().catch(() => {}), new Promise((go) => setTimeout(go, WAKE_MS))]);
  }
  return context.state === "running";
}

// Firefox can be asked; a screen that nobody touches may have been allowed by its settings.
function allowed() {
  return navigator.getAutoplayPolicy?.("audiocontext") === "allowed";
}

export function fresh() {
  play(NEW);
}

export function alarm() {
  play(ALARM);
}

// Only when it is audible.
function play(notes) {
  if (context?.state !== "running") return;
  const now = context.currentTime;
  for (const [pitch, from, length] of notes) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0, now + from);
    volume.gain.linearRampToValueAtTime(LOUD, now + from + 0.02);
    volume.gain.linearRampToValueAtTime(0, now + from + length);
    tone.connect(volume).connect(context.destination);
    tone.start(now + from);
    tone.stop(now + from + length);
  }
}
