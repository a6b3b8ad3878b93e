// What this phone keeps, in IndexedDB: the key that can't be taken out, the ids of its case, every
// pairing code that it showed or scanned, and nothing that a server could use in its place.

function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("ikd-portal", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("phone");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function inStore(mode, act) {
  const base = await opened();
  return new Promise((done, failed) => {
    const change = base.transaction("phone", mode);
    const asked = act(change.objectStore("phone"));
    change.oncomplete = () => (base.close(), done(asked.result));
    change.onerror = () => (base.close(), failed(change.error));
  });
}

const get = (name) => inStore("readonly", (store) => store.get(name));
const put = (name, value) => inStore("readwrite", (store) => store.put(value, name));

export const kept = () => get("phone");
export const keep = (phone) => put("phone", phone);

// A key that waits for its registration: a repeat of the form goes with the same one.
export const waiting = () => get("waiting");
export const wait = (pair) => put("waiting", pair);

// Notes a pairing code before it is shown or answered.
export async function remember(text, transcript) {
  const phone = await kept();
  phone.transcripts = [...phone.transcripts, transcript].slice(-200);
  phone.newest = text;
  await keep(phone);
}
