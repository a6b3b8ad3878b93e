// A reader and writer of the tokens in JavaScript, after docs/reference/qr-token.md.
//
// It imports nothing of ikd and no package: WebCrypto signs and verifies, as in a browser.
// The conformance set is run through it: `python tools/conformance run node tests/tools/phone.mjs`.

import { webcrypto } from "node:crypto"; // global in browsers, and in Node from 20 on
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { deflateSync, inflateSync } from "node:zlib";

const { subtle } = webcrypto;
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const DAY = 86_400;
const LAST = 253402300799; // the end of the year 9999
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

class Refusal extends Error {}

function want(holds) {
  if (!holds) throw new Refusal();
}

// --- bytes ---------------------------------------------------------------------------------------

const hex = (data) => Buffer.from(data).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const utf8 = (text) => new TextEncoder().encode(text);
const same = (one, other) => hex(one) === hex(other);

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function fromBase45(text) {
  want(text.length > 0 && text.length <= 2000 && text.length % 3 !== 1);
  const made = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = [...text.slice(at, at + 3)].map((sign) => SIGNS.indexOf(sign));
    want(group.every((digit) => digit >= 0));
    const number = group.reduceRight((sum, digit) => sum * 45 + digit, 0);
    want(number < 256 ** (group.length - 1));
    if (group.length === 3) made.push(number >> 8);
    made.push(number & 255);
  }
  return Uint8Array.from(made);
}

function toBase45(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 2) {
    const group = data.slice(at, at + 2);
    let number = group.reduce((sum, byte) => sum * 256 + byte, 0);
    for (let digit = 0; digit <= group.length; digit += 1) {
      text += SIGNS[number % 45];
      number = Math.floor(number / 45);
    }
  }
  return text;
}

// --- CBOR: one item and nothing behind it; heads shortest, keys ascending --------------------------

class Cbor {
  constructor(data, most = 4096) {
    want(data.length > 0 && data.length <= most);
    this.data = data;
    this.at = 0;
  }

  whole(depth = 4) {
    const item = this.item(depth);
    want(this.at === this.data.length);
    return item;
  }

  take(count) {
    want(this.at + count <= this.data.length);
    this.at += count;
    return this.data.slice(this.at - count, this.at);
  }

  item(depth) {
    const [first] = this.take(1);
    if (first === 0xf4 || first === 0xf5) return first === 0xf5;
    const major = first >> 5;
    want(major < 6);
    const number = this.number(first & 31);
    if (major === 0) return number;
    if (major === 1) return typeof number === "bigint" ? -1n - number : -1 - number;
    want(typeof number === "number");
    if (major === 2) return this.take(number);
    if (major === 3) return this.text(number);
    want(depth > 0);
    if (major === 4) return Array.from({ length: this.few(number) }, () => this.item(depth - 1));
    return this.map(this.few(number), depth - 1);
  }

  few(number) {
    want(number <= this.data.length - this.at);
    return number;
  }

  number(short) {
    if (short < 24) return short;
    want(short < 28);
    const size = 1 << (short - 24);
    const number = this.take(size).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    want(number >= (size === 1 ? 24n : 1n << BigInt(size * 4)));
    return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : number;
  }

  text(count) {
    const raw = this.take(count);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
    } catch {
      throw new Refusal();
    }
  }

  map(count, depth) {
    const found = new Map();
    let before = "";
    for (let number = 0; number < count; number += 1) {
      const begin = this.at;
      const key = this.item(0);
      const spelt = hex(this.data.slice(begin, this.at));
      want(["number", "bigint", "string"].includes(typeof key) && spelt > before);
      before = spelt;
      found.set(key, this.item(depth));
    }
    return found;
  }
}

function head(major, number) {
  if (number < 24) return Uint8Array.of((major << 5) | number);
  const size = [1, 2, 4, 8].find((width) => BigInt(number) < 1n << BigInt(8 * width));
  const made = new Uint8Array(1 + size);
  made[0] = (major << 5) | (24 + Math.log2(size));
  for (let at = 0, rest = BigInt(number); at < size; at += 1, rest >>= 8n) {
    made[size - at] = Number(rest & 255n);
  }
  return made;
}

function encoded(value) {
  if (typeof value === "boolean") return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return joined(head(3, utf8(value).length), utf8(value));
  if (value instanceof Uint8Array) return joined(head(2, value.length), value);
  if (Array.isArray(value)) return joined(head(4, value.length), ...value.map(encoded));
  const pairs = [...value].map(([key, held]) => [encoded(key), encoded(held)]);
  pairs.sort(([one], [other]) => (hex(one) < hex(other) ? -1 : 1));
  return joined(head(5, pairs.length), ...pairs.flat());
}

const KINDS = {
  number: (value) => typeof value === "number",
  text: (value) => typeof value === "string",
  bytes: (value) => value instanceof Uint8Array,
  map: (value) => value instanceof Map,
  boolean: (value) => typeof value === "boolean",
};

function shaped(found, needed, more = {}) {
  want(found instanceof Map);
  const known = new Map(Object.entries({ ...needed, ...more }));
  want(Object.keys(needed).every((label) => found.has(label) || found.has(Number(label))));
  for (const [label, value] of found) {
    const kind = known.get(String(label));
    want(kind !== undefined && KINDS[kind](value));
    // "4" and 4 are two labels: ours are numbers but for those of a status and of the keyring.
    want(typeof label === "number" || Number.isNaN(Number(label)));
  }
  return found;
}

// --- keys and signatures -------------------------------------------------------------------------

const sha256 = async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
const ALGORITHMS = {
  "-8": [{ name: "Ed25519" }, { name: "Ed25519" }],
  "-7": [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
};

async function holds(alg, raw, signature, message) {
  const [kind, scheme] = ALGORITHMS[alg];
  try {
    const key = await subtle.importKey("raw", raw, kind, false, ["verify"]);
    return await subtle.verify(scheme, key, signature, message);
  } catch {
    return false;
  }
}

async function thumbprint(alg, raw) {
  const key =
    alg === -8
      ? new Map([[1, 1], [-1, 6], [-2, raw]])
      : new Map([[1, 2], [-1, 1], [-2, raw.slice(1, 33)], [-3, raw.slice(33)]]);
  return sha256(encoded(key));
}

const kidOf = async (alg, raw) => (await thumbprint(alg, raw)).slice(0, 8);

function power(base, exponent) {
  let made = 1n;
  for (let square = base % P, rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) made = (made * square) % P;
    square = (square * square) % P;
  }
  return made;
}

function uncompressed(point) {
  const x = BigInt(`0x${hex(point.slice(1))}`);
  const square = (((x * x * x - 3n * x + B) % P) + P) % P;
  let y = power(square, (P + 1n) / 4n);
  want((y * y) % P === square);
  if ((y & 1n) !== BigInt(point[0] & 1)) y = P - y;
  return joined(Uint8Array.of(4), point.slice(1), bytes(y.toString(16).padStart(64, "0")));
}

const signed = (...parts) => encoded(["Signature1", ...parts]);

function sign1(data, type = null, most = 4096) {
  want(data[0] === 0xd2);
  const parts = new Cbor(data.slice(1), most).whole();
  want(Array.isArray(parts) && parts.length === 4);
  const [protectedHeader, loose, payload, signature] = parts;
  want([protectedHeader, payload, signature].every(KINDS.bytes) && KINDS.map(loose));
  const header = new Cbor(protectedHeader).whole();
  shaped(header, { 1: "number", 4: "bytes", ...(type ? { 16: "text" } : {}) });
  want(loose.size === 0 && signature.length === 64 && header.get(4).length === 8);
  want(!type || header.get(16) === type);
  return {
    kid: header.get(4),
    payload,
    async verified(alg, raw, aad = "") {
      want(header.get(1) === alg && same(header.get(4), await kidOf(alg, raw)));
      const message = signed(protectedHeader, utf8(aad), payload);
      want(await holds(alg, raw, signature, message));
      return new Cbor(payload, most).whole();
    },
  };
}

// --- people --------------------------------------------------------------------------------------

const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const within = (low, high) => (value) => KINDS.number(value) && value >= low && value <= high;
const like = (form) => (value) => KINDS.text(value) && form.test(value);

function plain(longest, also = "") {
  return (value) => {
    if (!KINDS.text(value) || value !== value.trim() || value.normalize("NFC") !== value) {
      return false;
    }
    const size = [...value].length;
    const shown = also ? value.replaceAll(also, "") : value;
    return size > 0 && size <= longest && !HIDDEN.test(shown);
  };
}

function isDay(text) {
  const [year, month, day] = [text.slice(0, 4), text.slice(4, 6), text.slice(6)].map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

const PERSON = {
  1: like(/^[0-9]{16}$/),
  4: plain(64),
  8: (value) => like(/^[0-9]{8}$/)(value) && isDay(value),
  9: within(1, 2),
  10: plain(256, "\n"),
  13: like(/^[A-Z]{3}$/),
  14: within(1, 3),
  16: (value) => KINDS.bytes(value) && value.length > 0 && value.length <= 1024,
  17: within(1, 4),
  21: like(/^[0-9]{6}([0-9]{4})?$/),
  75: like(/^[0-9]{4}$/),
  76: within(1850, 2200),
};
const BASIC = [1, 4, 8, 9, 13];
const PROFILES = [
  [4, 9, 75, 76],
  BASIC,
  [...BASIC, 10, 21],
  [...BASIC, 10, 14, 21],
  [...BASIC, 16, 17],
].map((labels) => labels.sort((one, other) => one - other).join());

const isAddress = (text) => /^[!-~]{1,128}$/.test(text);
const isTime = (value) => value >= 0 && value <= LAST;

// --- the reader ----------------------------------------------------------------------------------

class Reader {
  static async open(setup) {
    const reader = new Reader();
    reader.device = bytes(setup.device);
    reader.uri = setup.uri;
    await reader.readKeyring(bytes(setup.keyring), bytes(setup.root));
    await reader.readList(bytes(setup.status_list));
    reader.known = new Map();
    for (const one of setup.credentials) {
      reader.known.set(hex(await sha256(bytes(one))), bytes(one));
    }
    return reader;
  }

  async readKeyring(data, root) {
    want(data[0] === 0xd8 && data[1] === 0x62);
    const [, , payload, signatures] = new Cbor(data.slice(2), 2 ** 18).whole();
    want(signatures.length > 0);
    for (const [protectedHeader, , signature] of signatures) {
      const empty = new Uint8Array(0);
      const aad = utf8("ikd/keyring/1");
      const message = encoded(["Signature", empty, protectedHeader, aad, payload]);
      want(await holds(-8, root, signature, message));
    }
    this.ring = new Cbor(payload, 2 ** 18).whole();
    this.keys = new Map(
      this.ring.get("keys").map((key) => [key.get("role") + hex(key.get("kid")), key]),
    );
  }

  async readList(data) {
    const token = sign1(data, "application/statuslist+cwt", 2 ** 20);
    const key = this.key("status", token.kid);
    const found = await token.verified(key.get("alg"), key.get("pub"));
    want(found.get(2) === this.uri);
    this.places = new Uint8Array(inflateSync(found.get(65533).get("lst")));
  }

  key(role, kid) {
    const key = this.keys.get(role + hex(kid));
    want(key && ["active", "verify_only"].includes(key.get("state")));
    return key;
  }

  async credential(data, now) {
    const token = sign1(data);
    const key = this.key("credential", token.kid);
    const claims = await token.verified(key.get("alg"), key.get("pub"));
    const [whole, map] = ["number", "map"];
    const types = { 1: "text", 4: whole, 5: whole, 6: whole, 7: "bytes", 8: map, 169: map, 65535: map };
    shaped(claims, types);
    const [ends, begins, issued] = [4, 5, 6].map((label) => claims.get(label));
    want([ends, begins, issued].every(isTime));
    want(issued <= begins && begins < ends && ends <= issued + 180 * DAY);
    want(key.get("nbf") <= issued && issued <= key.get("naf") && claims.get(7).length === 16);
    const point = this.point(claims.get(8));
    const status = shaped(claims.get(65535), { status_list: "map" });
    const place = shaped(status.get("status_list"), { idx: "number", uri: "text" });
    const [index, uri, issuer] = [place.get("idx"), place.get("uri"), claims.get(1)];
    want(index >= 0 && index < 2 ** 32 && isAddress(issuer) && isAddress(uri));
    this.person(claims.get(169), issuer.length + uri.length);
    want(begins <= now + 30 && now < ends);
    want(uri === this.uri && this.standing(index) === 0);
    return point;
  }

  person(found, addresses) {
    const labels = [...found.keys()];
    want(labels.every(KINDS.number));
    want(PROFILES.includes(labels.sort((one, other) => one - other).join()));
    want(labels.every((label) => PERSON[label](found.get(label))));
    want(!found.has(75) || addresses <= 92);
  }

  point(cnf) {
    const kinds = { 1: "number", "-1": "number", "-2": "bytes", "-3": "boolean" };
    const key = shaped(shaped(cnf, { 1: "map" }).get(1), kinds);
    const x = key.get(-2);
    want(key.get(1) === 2 && key.get(-1) === 1 && x.length === 32 && BigInt(`0x${hex(x)}`) < P);
    return joined(Uint8Array.of(key.get(-3) ? 3 : 2), x);
  }

  standing(index) {
    const byte = Math.floor(index / 4);
    want(byte < this.places.length);
    return (this.places[byte] >> ((index % 4) * 2)) & 3;
  }

  times(claims, now) {
    const [ends, issued] = [claims.get(4), claims.get(6)];
    want(isTime(ends) && isTime(issued) && ends > issued && ends <= issued + 90);
    want(issued <= now + 30 && now < ends && claims.get(7).length === 16);
  }

  async verifier({ text, challenge }, now) {
    want(this.ring.get("issued") - 30 <= now && now < this.ring.get("expires") + 7 * DAY);
    if (text.startsWith("IKDP:")) return this.presentation(text, now, bytes(challenge));
    want(challenge === ""); // whoever asks for an answer gets one, or nothing
    const packed = fromBase45(text);
    const { buffer, engine } = inflateSync(packed, { info: true, maxOutputLength: 4096 });
    want(engine.bytesWritten === packed.length);
    await this.credential(new Uint8Array(buffer), now);
    return "warn";
  }

  async presentation(text, now, challenge) {
    want(text.length <= 2000);
    const token = sign1(fromBase45(text.slice(5)));
    const peek = new Cbor(token.payload).whole();
    const needed = { 4: "number", 6: "number", 7: "bytes" };
    shaped(peek, needed, { 10: "bytes", "-65540": "bytes", "-65541": "bytes" });
    want(peek.has(-65540) !== peek.has(-65541));
    const credential = peek.get(-65541) ?? this.known.get(hex(peek.get(-65540)));
    want(credential);
    const device = uncompressed(await this.credential(credential, now));
    const claims = await token.verified(-7, device, "ikd/present/1");
    this.times(claims, now);
    const nonce = claims.get(10) ?? new Uint8Array(0);
    want(!claims.has(10) || (nonce.length > 0 && nonce.length <= 64));
    want(same(nonce, challenge));
    return challenge.length ? "accept" : "warn";
  }

  async resident({ text }, now) {
    want(text.startsWith("IKDR:") && text.length <= 2000);
    const claims = await sign1(fromBase45(text.slice(5))).verified(-7, this.device, "ikd/pair-r/1");
    shaped(claims, { 4: "number", 6: "number", 7: "bytes", "-65537": "bytes" });
    want(claims.get(-65537).length === 16);
    this.times(claims, now);
    return "accept";
  }

  async office({ text }, now) {
    want(text.startsWith("IKDO:") && text.length <= 2000);
    const token = sign1(fromBase45(text.slice(5)));
    const key = this.key("station", token.kid);
    const claims = await token.verified(key.get("alg"), key.get("pub"), "ikd/pair-o/1");
    shaped(claims, { 4: "number", 6: "number", 7: "bytes", "-65538": "text", "-65539": "text" });
    want(claims.get(-65538) === key.get("office") && claims.get(-65539) === key.get("station"));
    want(key.get("nbf") <= claims.get(6) && claims.get(6) <= key.get("naf"));
    this.times(claims, now);
    return "accept";
  }

  async proof({ text, record, act, challenge, pairing }) {
    const claims = await sign1(bytes(text)).verified(-7, this.device, "ikd/proof/1");
    shaped(claims, { 6: "number", 10: "bytes", "-65542": "bytes", "-65543": "text", "-65544": "bytes" });
    want(isTime(claims.get(6)) && claims.get(10).length <= 128);
    want(claims.get(-65542).length === 16 && [0, 32].includes(claims.get(-65544).length));
    want(/^[a-z][a-z0-9_.-]{0,31}$/.test(claims.get(-65543)));
    want(hex(claims.get(-65542)) === record && claims.get(-65543) === act);
    want(hex(claims.get(10)) === challenge && hex(claims.get(-65544)) === pairing);
    return "accept";
  }

  async answer({ text, proof, ...asked }, now) {
    await this.office({ text }, now);
    const pairing = hex(await sha256(utf8(text)));
    return this.proof({ ...asked, text: proof, act: "answer_pairing", pairing });
  }

  async code({ text, code }) {
    want((await checkCode(text, this.device)) === code);
    return "accept";
  }

  async outcome(question) {
    const now = Math.floor(Date.parse(question.now) / 1000);
    try {
      return await this[question.reader](question, now);
    } catch (error) {
      if (error instanceof Refusal || error.code?.startsWith("Z_")) return "refuse";
      if (error.code === "ERR_BUFFER_TOO_LARGE") return "refuse";
      throw error;
    }
  }
}

// --- the writer ----------------------------------------------------------------------------------

const PREFIXES = { credential: "", presentation: "IKDP:", resident: "IKDR:", office: "IKDO:" };
const CONTEXTS = {
  credential: "",
  presentation: "ikd/present/1",
  resident: "ikd/pair-r/1",
  office: "ikd/pair-o/1",
  proof: "ikd/proof/1",
};
const BYTES = ["7", "10", "-65537", "-65540", "-65541", "-65542", "-65544"];

async function checkCode(text, device) {
  const parts = [utf8("ikd/check/1"), await sha256(utf8(text)), await thumbprint(-7, device)];
  const digest = await sha256(joined(...parts));
  return String(BigInt(`0x${hex(digest.slice(0, 8))}`) % 10000n).padStart(4, "0");
}

function claimsOf(told) {
  const made = new Map();
  for (const [label, value] of Object.entries(told)) {
    made.set(Number(label), BYTES.includes(label) ? bytes(value) : value);
  }
  if (told["8"]) {
    const point = bytes(told["8"]);
    made.set(8, new Map([[1, new Map([[1, 2], [-1, 1], [-2, point.slice(1)], [-3, point[0] === 3]])]]));
  }
  if (told["169"]) {
    const attributes = Object.entries(told["169"]).map(([label, value]) => [
      Number(label),
      label === "16" ? bytes(value) : value,
    ]);
    made.set(169, new Map(attributes));
    made.set(65535, new Map([["status_list", new Map(Object.entries(told["65535"]))]]));
  }
  return made;
}

async function signature(key, message) {
  const base64 = (data) => Buffer.from(data).toString("base64url");
  const [d, raw] = [base64(bytes(key.private)), bytes(key.public)];
  const jwk =
    key.alg === "EdDSA"
      ? { kty: "OKP", crv: "Ed25519", d, x: base64(raw) }
      : { kty: "EC", crv: "P-256", d, x: base64(raw.slice(1, 33)), y: base64(raw.slice(33)) };
  const [kind, scheme] = ALGORITHMS[key.alg === "EdDSA" ? -8 : -7];
  const imported = await subtle.importKey("jwk", jwk, kind, false, ["sign"]);
  return new Uint8Array(await subtle.sign(scheme, imported, message));
}

async function written(job) {
  if (job.writer === "code") return checkCode(job.text, bytes(job.device));
  const key = job.keys[job.key];
  const alg = key.alg === "EdDSA" ? -8 : -7;
  const protectedHeader = encoded(new Map([[1, alg], [4, await kidOf(alg, bytes(key.public))]]));
  const payload = encoded(claimsOf(job.claims));
  const message = signed(protectedHeader, utf8(CONTEXTS[job.writer]), payload);
  const parts = [protectedHeader, new Map(), payload, await signature(key, message)];
  const token = joined(Uint8Array.of(0xd2), encoded(parts));
  if (job.writer === "proof") return hex(token);
  const packed = job.writer === "credential" ? deflateSync(token, { level: 9 }) : token;
  return PREFIXES[job.writer] + toBase45(packed);
}

const reader = await Reader.open(JSON.parse(readFileSync(process.argv[2], "utf8")));
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  const told = asked.writer
    ? { text: await written(asked) }
    : { outcome: await reader.outcome(asked) };
  console.log(JSON.stringify({ name: asked.name, ...told }));
}
