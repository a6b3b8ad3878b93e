// A QR that changes by itself, a while before the 90 seconds of the old one are over.
import { alertOf, post, Told, word } from "./page.js";

const LIFE = 75; // seconds

export function form(fields) {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
}

export async function draw(place, text) {
  place.innerHTML = (await post("/phone/qr", form({ text }))).svg;
}

// `next` draws a fresh code into the place; a failure is told and tried again.
export async function refreshing(place, next) {
  const says = place.parentElement.querySelector("[data-seconds]");
  for (;;) {
    let left = LIFE;
    try {
      await next();
      alertOf("");
    } catch (fault) {
      alertOf(fault instanceof Told ? fault.message : word("failed"));
      place.replaceChildren(); // an old code is no use to anybody
      left = 5;
    }
    for (; left > 0; left -= 1) {
      says.textContent = word("seconds_left").replace("{count}", left);
      await new Promise((later) => setTimeout(later, 1000));
    }
  }
}
