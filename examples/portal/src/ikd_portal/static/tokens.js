// What the phone signs: word for word the code of docs/how-to/write-the-app.md, which the tests run
// against ikd; a test compares the two.

async function newKey() {
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  return crypto.subtle.generateKey(kind, false, ["sign"]);
}

// The 65 bytes that the registration holds: 04, x, y.
async function pointOf(pair) {
  return new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
}

const utf8 = (text) => new TextEncoder().encode(text);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}

function head(major, number) {
  if (number < 24) return Uint8Array.of((major << 5) | number);
  const size = number < 256 ? 1 : number < 65536 ? 2 : 4;
  const digits = Array.from({ length: size }, (_, at) => Math.floor(number / 256 ** (size - 1 - at)) & 255);
  return Uint8Array.of((major << 5) | { 1: 24, 2: 25, 4: 26 }[size], ...digits);
}

function cbor(value) {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return joined(head(3, utf8(value).length), utf8(value));
  if (value instanceof Uint8Array) return joined(head(2, value.length), value);
  if (Array.isArray(value)) return joined(head(4, value.length), ...value.map(cbor));
  const pairs = [...value].map(([key, held]) => [cbor(key), cbor(held)]);
  pairs.sort(([one], [other]) => {
    const at = one.findIndex((byte, place) => byte !== other[place]);
    return one[at] - other[at];
  });
  return joined(head(5, pairs.length), ...pairs.flat());
}

const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest("SHA-256", data));

async function thumbprint(pair) {
  const point = await pointOf(pair);
  return sha256(cbor(new Map([[1, 2], [-1, 1], [-2, point.slice(1, 33)], [-3, point.slice(33)]])));
}

async function sign1(pair, claims, context) {
  const kid = (await thumbprint(pair)).slice(0, 8);
  const header = cbor(new Map([[1, -7], [4, kid]]));
  const payload = cbor(claims);
  const message = cbor(["Signature1", header, utf8(context), payload]);
  const scheme = { name: "ECDSA", hash: "SHA-256" };
  const signature = new Uint8Array(await crypto.subtle.sign(scheme, pair.privateKey, message));
  return joined(Uint8Array.of(0xd2), cbor([header, new Map(), payload, signature]));
}

function base45(data) {
  const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  let text = "";
  for (let at = 0; at < data.length; at += 2) {
    const group = data.slice(at, at + 2);
    let number = group.reduce((sum, byte) => sum * 256 + byte, 0);
    for (let digit = 0; digit <= group.length; digit += 1) {
      text += signs[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

function proof(pair, { record, act, challenge, transcript = new Uint8Array(0), now }) {
  const claims = [[6, now], [10, challenge], [-65542, record], [-65543, act], [-65544, transcript]];
  return sign1(pair, new Map(claims), "ikd/proof/1");
}

async function pairingCode(pair, application, now) {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const claims = [[4, now + 90], [6, now], [7, id], [-65537, application]];
  return "IKDR:" + base45(await sign1(pair, new Map(claims), "ikd/pair-r/1"));
}

const transcriptOf = (text) => sha256(utf8(text));

// Answers the office's code, which the app has scanned and whose text it sends along.
async function answer(pair, text, { record, challenge, now }) {
  const transcript = await transcriptOf(text);
  return proof(pair, { record, act: "answer_pairing", challenge, transcript, now });
}

async function checkCode(pair, text) {
  const parts = [utf8("ikd/check/1"), await transcriptOf(text), await thumbprint(pair)];
  const digest = await sha256(joined(...parts));
  const number = new DataView(digest.buffer).getBigUint64(0);
  return String(number % 10000n).padStart(4, "0");
}

// `signed` is the COSE_Sign1 inside the credential: its text without base45 and zlib.
async function presentation(pair, signed, challenge, now) {
  const id = crypto.getRandomValues(new Uint8Array(16));
  const claims = new Map([[4, now + 90], [6, now], [7, id], [-65541, signed]]);
  if (challenge.length) claims.set(10, challenge);
  return "IKDP:" + base45(await sign1(pair, claims, "ikd/present/1"));
}

export { newKey, pointOf, proof, pairingCode, transcriptOf, checkCode, presentation, sha256, utf8, joined };
