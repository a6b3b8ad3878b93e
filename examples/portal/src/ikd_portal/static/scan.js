// Where codes are scanned or shown by an officer or a verifier.
import "./camera.js";
import { post } from "./page.js";
import { form, refreshing } from "./refresh.js";

for (const one of document.querySelectorAll("form[data-auto]")) {
  one.addEventListener("found", () => one.requestSubmit());
}

const station = document.querySelector("[data-station]");
if (station) {
  refreshing(station, async () => {
    station.innerHTML = (await post("/desk/station", form({}))).svg;
  });
}
