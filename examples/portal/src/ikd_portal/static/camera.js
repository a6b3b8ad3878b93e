// Reads a QR code: by the browser's own BarcodeDetector, else by frames that the portal reads.
import { Told, alertOf, post, word } from "./page.js";

const PAUSE = 250; // milliseconds between frames

async function detector() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function readBy(own, picture) {
  if (own) return (await own.detect(picture).catch(() => [])).map((one) => one.rawValue);
  const canvas = document.createElement("canvas");
  canvas.width = picture.videoWidth || picture.width;
  canvas.height = picture.videoHeight || picture.height;
  canvas.getContext("2d").drawImage(picture, 0, 0);
  const frame = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return (await post("/scan", frame)).texts;
}

export async function started(video, wanted) {
  if (!navigator.mediaDevices) throw new Told(word("camera_off"));
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  } catch {
    throw new Told(word("camera_off"));
  }
  video.hidden = false;
  await video.play();
}

export function stopped(video) {
  for (const track of video.srcObject?.getTracks() ?? []) track.stop();
  video.srcObject = null;
  video.hidden = true;
}

function found(box, text) {
  const field = box.querySelector("textarea");
  field.value = text;
  box.dispatchEvent(new CustomEvent("found", { bubbles: true, detail: text }));
}

function take(box, texts) {
  const says = box.querySelector("[data-camera-says]");
  const right = texts.find((text) => text.startsWith(box.dataset.prefix));
  if (!right && texts.length) says.textContent = word("camera_other");
  if (!right) return false;
  says.textContent = word("camera_found");
  found(box, right);
  return true;
}

async function look(box) {
  const video = box.querySelector("video");
  const says = box.querySelector("[data-camera-says]");
  const own = await detector();
  await started(video, { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } });
  says.textContent = word("camera_looking");
  while (video.srcObject) {
    if (take(box, await readBy(own, video))) break;
    await new Promise((later) => setTimeout(later, PAUSE));
  }
  stopped(video);
}

async function pictured(box, file) {
  const picture = await createImageBitmap(file).catch(() => null);
  const texts = picture ? await readBy(await detector(), picture) : [];
  if (!texts.length) box.querySelector("[data-camera-says]").textContent = word("camera_none");
  else take(box, texts);
}

async function said(box, act) {
  try {
    alertOf("");
    await act();
  } catch (fault) {
    stopped(box.querySelector("video"));
    box.querySelector("[data-camera-says]").textContent = fault instanceof Told ? fault.message : word("failed");
  }
}

for (const box of document.querySelectorAll("[data-camera]")) {
  const button = box.querySelector("[data-camera-switch]");
  const video = box.querySelector("video");
  button.addEventListener("click", async () => {
    if (video.srcObject) return stopped(video);
    button.textContent = word("scan_stop");
    await said(box, () => look(box));
    button.textContent = word("scan_start");
  });
  box.querySelector("[data-camera-file]").addEventListener("change", (event) => {
    if (event.target.files[0]) said(box, () => pictured(box, event.target.files[0]));
  });
}

