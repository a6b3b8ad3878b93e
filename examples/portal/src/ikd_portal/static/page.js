// Every page: forms are sent by script, so that nothing typed is lost when the network, the
// session or the service fails. Without script the same forms work as forms do.

export const word = (name) => document.querySelector(`meta[name="word-${name}"]`).content;

export function alertOf(text) {
  const place = document.getElementById("alert");
  place.replaceChildren();
  if (!text) return;
  const told = document.createElement("p");
  told.className = "told negative";
  told.textContent = text;
  place.append(told);
  place.scrollIntoView({ block: "nearest" });
}

export class Told extends Error {} // something to be said in a sentence

export const csrf = () => document.querySelector('meta[name="csrf"]').content;

function renew(token) {
  document.querySelector('meta[name="csrf"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
}

// Sends fields and returns the JSON of the answer; a fault becomes a sentence.
export async function post(path, body) {
  if (!navigator.onLine) throw new Told(word("offline"));
  let answer;
  try {
    answer = await fetch(path, { method: "POST", body, headers: { "X-Portal": "1", "X-Csrf": csrf() } });
  } catch {
    throw new Told(word("offline"));
  }
  const told = await answer.json().catch(() => ({ text: word("failed") }));
  if (answer.status === 401 && (await isRenewed())) return post(path, refreshed(body));
  if (!answer.ok) throw new Told(told.text || word("failed"));
  if (told.csrf) renew(told.csrf);
  return told;
}

// A session that ran out, or was renewed in another tab: the form goes on under the new one.
let renewing = false;
async function isRenewed() {
  if (renewing) return false;
  renewing = true;
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    const token = page.querySelector('meta[name="csrf"]')?.content;
    if (!token || token === csrf()) return false;
    renew(token);
    return await hooks.renewed();
  } finally {
    renewing = false;
  }
}

function refreshed(body) {
  if (body instanceof FormData) body.set("csrf", csrf());
  return body;
}

// What a page adds: to know the phone again, and what a form needs before it is sent.
export const hooks = { renewed: async () => true, ready: async () => {}, sent: async () => {} };

async function send(form, submitter) {
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true; // a double click is one write
  try {
    alertOf("");
    await hooks.ready(form);
    const fields = new FormData(form);
    const told = await post(submitter?.getAttribute("formaction") || form.getAttribute("action"), fields);
    await hooks.sent(form, told);
    location.assign(told.to);
  } catch (fault) {
    for (const button of buttons) button.disabled = false;
    form.querySelector("dialog[open]")?.close();
    await hooks.failed?.(form);
    alertOf(fault instanceof Told ? fault.message : word("failed"));
    if (!(fault instanceof Told)) console.warn(fault.name);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if ("send" in form.dataset) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (!navigator.onLine) {
    event.preventDefault();
    alertOf(word("offline"));
  }
});

// A page that shows where a case stands comes anew once it stands elsewhere, or once its session
// is over, unless somebody types.
async function watch(place) {
  for (;;) {
    await new Promise((later) => setTimeout(later, 2000));
    const asked = fetch(place.dataset.watch, { headers: { "X-Portal": "1" } });
    const told = await asked.then((one) => one.json()).catch(() => null);
    if (!told || told.state === place.dataset.state) continue;
    const fields = document.querySelectorAll("main input:not([type=hidden]), main textarea");
    const typed = [...fields].some((one) => (one.type === "checkbox" ? one.checked : one.value));
    if (!typed && !document.querySelector("dialog[open]")) return location.reload();
    return alertOf(word("news"));
  }
}
document.querySelectorAll("[data-watch]").forEach(watch);

// What was sent before stays sent: a page from the back button's store is asked for anew.
addEventListener("pageshow", (event) => event.persisted && location.reload());
