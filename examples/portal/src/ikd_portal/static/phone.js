// The resident's phone: its key, what it signs, and the codes that it shows.
import "./camera.js";
import "./selfie.js";
import { keep, kept, remember, wait, waiting } from "./keep.js";
import { alertOf, csrf, hooks, post, Told, word } from "./page.js";
import { draw, form, refreshing } from "./refresh.js";
import { checkCode, joined, newKey, pairingCode, pointOf, presentation, proof, transcriptOf, utf8 } from "./tokens.js";

const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const base64 = (data) => btoa(String.fromCharCode(...data));

const page = document.querySelector("[data-phone]");
const ahead = page ? Number(page.dataset.now) - Date.now() / 1000 : 0; // the server's clock counts
const now = () => Math.floor(Date.now() / 1000 + ahead);

async function phone() {
  const found = await kept();
  if (!found) throw new Told(word("no_key"));
  return found;
}

// --- the registration ------------------------------------------------------------------------

async function register(registration) {
  if (!window.isSecureContext) throw new Told(word("not_secure"));
  const pair = (await waiting()) ?? (await newKey());
  await wait(pair);
  registration.elements.point.value = hex(await pointOf(pair));
}

async function registered(told) {
  await keep({ pair: await waiting(), record: told.record, transcripts: [], newest: "" });
  await wait(undefined);
}

function guess(registration) {
  const agent = navigator.userAgent;
  const android = agent.match(/Android (\d+(?:\.\d+)*)/);
  const ios = agent.match(/OS (\d+(?:_\d+)*) like Mac/);
  const version = (android ?? ios)?.[1].replaceAll("_", ".");
  registration.elements.platform.value = android ? "android" : ios ? "ios" : "other";
  if (version) registration.elements.version.value = version;
}

// --- what it signs ---------------------------------------------------------------------------

async function signed(act) {
  const { pair, transcripts } = await phone();
  const record = act.elements.record.value;
  const asked = await post("/phone/challenge", form({ record, act: act.dataset.act }));
  const token = act.dataset.act === "answer_pairing" ? act.elements.token.value.trim() : "";
  if (token) await remember(token, hex(await transcriptOf(token)));
  else if (asked.transcript && !transcripts.includes(asked.transcript)) throw new Told(word("not_paired"));
  const transcript = token ? await transcriptOf(token) : unhex(asked.transcript);
  const said = { record: unhex(record), act: act.dataset.act, challenge: unhex(asked.challenge), transcript, now: asked.now };
  act.elements.proof.value = base64(await proof(pair, said));
}

hooks.ready = async (one) => {
  if ("register" in one.dataset) await register(one);
  if ("act" in one.dataset) await signed(one);
};
hooks.sent = async (one, told) => {
  if ("register" in one.dataset) await registered(told);
};
hooks.renewed = async () => {
  const found = await kept();
  if (page && found) await hello(found);
  return true;
};
hooks.failed = async (one) => {
  if (one.querySelector("[data-captcha]")) await another(one); // a picture counts once
};

// --- to be known again -----------------------------------------------------------------------

async function hello({ pair, record }) {
  const message = joined(utf8("ikd-portal/hello/1" + csrf()), unhex(record));
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  const signature = base64(new Uint8Array(await crypto.subtle.sign(scheme, pair.privateKey, message)));
  return post("/phone/hello", form({ record, kind: "application", signature }));
}

async function known(place) {
  try {
    const found = await kept();
    if (!found) throw new Told("");
    location.replace((await hello(found)).to);
  } catch {
    place.hidden = true;
    document.querySelector("[data-nobody]").hidden = false;
  }
}

// --- what it shows ---------------------------------------------------------------------------

async function pairing(place) {
  const { pair } = await phone();
  const text = await pairingCode(pair, unhex(page.dataset.application ?? page.dataset.record), now());
  await remember(text, hex(await transcriptOf(text)));
  await draw(place, text);
}

async function shownCode(place) {
  const { pair, newest } = await phone();
  place.textContent = newest ? await checkCode(pair, newest) : "";
}

function unbase45(text) {
  const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = [...text.slice(at, at + 3)].map((sign) => signs.indexOf(sign));
    const number = group[0] + 45 * group[1] + 2025 * (group[2] ?? 0);
    bytes.push(...(group.length === 3 ? [number >> 8, number & 255] : [number]));
  }
  return Uint8Array.from(bytes);
}

async function inflated(data) {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function present(place) {
  const { pair } = await phone();
  const inside = await inflated(unbase45(place.dataset.present));
  await draw(place, await presentation(pair, inside, new Uint8Array(0), now()));
}

async function another(act, how = "") {
  const asked = await fetch("/phone/captcha" + how, { headers: { "X-Portal": "1" } });
  const told = await asked.json();
  if (!told.token) return alertOf(told.text || word("failed"));
  act.elements.captcha_token.value = told.token;
  act.elements.captcha.value = "";
  act.querySelector("[data-captcha] img").src = `data:image/png;base64,${told.picture}`;
  const sound = act.querySelector("[data-captcha] audio");
  sound.hidden = !told.sound;
  if (!told.sound) return sound.removeAttribute("src");
  sound.src = `data:audio/wav;base64,${told.sound}`;
  await sound.play().catch(() => sound.focus());
}

// --- the page --------------------------------------------------------------------------------

function asking(button) {
  const dialog = document.getElementById(button.dataset.ask);
  button.addEventListener("click", () => button.form.reportValidity() && dialog.showModal());
  dialog.querySelector("[data-ask-not]").addEventListener("click", () => dialog.close());
  button.form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault(); // the published button comes first, then its "Ya"
    button.click();
  });
}

const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
each("[data-hello]", known);
each("form[data-register]", guess);
each("[data-replaces]", async (warning) => (warning.hidden = !(await kept())));
each("[data-pairing]", (place) => refreshing(place, () => pairing(place)));
each("[data-present]", (place) => refreshing(place, () => present(place)));
each("[data-symbol]", (place) => draw(place, place.dataset.symbol).catch(() => alertOf(word("failed"))));
each("[data-check-code]", shownCode);
each("[data-ask]", asking);
each("[data-captcha-new]", (button) => button.addEventListener("click", () => another(button.form, button.dataset.captchaNew)));
each("[data-signs]", (part) => (part.disabled = false)); // before, nothing could sign for it
