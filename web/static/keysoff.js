// Whether somebody has switched the single keys off in this browser (WCAG 2.2, 2.1.4).

export const OFF = "textback-keys-off";

export function keysOff() {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
}
