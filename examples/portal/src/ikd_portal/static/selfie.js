// A face for the register: three seconds that move, or one picture; always below one megabyte.
import { started, stopped } from "./camera.js";
import { Told, word } from "./page.js";

const LARGEST = 1_048_576; // bytes that SubmitBiometric takes
const SECONDS = 3;

const pause = (seconds) => new Promise((later) => setTimeout(later, seconds * 1000));

async function recorded(stream, bits) {
  const recorder = new MediaRecorder(stream, { videoBitsPerSecond: bits });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((done) => (recorder.onstop = done));
  recorder.start();
  await pause(SECONDS);
  recorder.stop();
  await ended;
  return new Blob(parts, { type: recorder.mimeType });
}

async function filmed(video) {
  for (let bits = 1_700_000; ; bits /= 2) {
    const film = await recorded(video.srcObject, bits);
    if (film.size <= LARGEST) return film;
  }
}

async function pictured(video) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 480;
  const side = Math.min(video.videoWidth, video.videoHeight);
  const left = (video.videoWidth - side) / 2;
  canvas.getContext("2d").drawImage(video, left, (video.videoHeight - side) / 2, side, side, 0, 0, 480, 480);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function put(box, sample, name) {
  const files = new DataTransfer();
  files.items.add(new File([sample], name, { type: sample.type }));
  box.querySelector('input[type="file"]').files = files.files;
}

async function taken(box, take, name, before, after) {
  const video = box.querySelector("video");
  const says = box.querySelector("[data-camera-says]");
  try {
    await started(video, { facingMode: "user", width: { ideal: 480 }, height: { ideal: 480 }, frameRate: { ideal: 10 } });
    says.textContent = before;
    put(box, await take(video), name);
    says.textContent = after;
  } catch (fault) {
    says.textContent = fault instanceof Told ? fault.message : word("failed");
  } finally {
    stopped(video);
  }
}

for (const box of document.querySelectorAll("[data-selfie]")) {
  const form = box.closest("form");
  const method = form.querySelector("[data-method]");
  const film = box.querySelector("[data-selfie-film]");
  const picture = box.querySelector("[data-selfie-picture]");
  const chosen = () => {
    const one = method.selectedOptions?.[0] ?? method;
    const moving = one.dataset.moving === "yes";
    form.elements.moving.value = moving ? "yes" : "";
    film.hidden = !moving;
    picture.hidden = moving || one.value === "fingerprint";
    box.querySelector('input[type="file"]').accept = moving ? "video/*" : "image/*";
  };
  method.addEventListener("change", chosen);
  chosen();
  film.addEventListener("click", () => taken(box, filmed, "selfie.webm", word("filming"), word("filmed")));
  picture.addEventListener("click", () => taken(box, pictured, "selfie.jpg", "", word("pictured")));
}
