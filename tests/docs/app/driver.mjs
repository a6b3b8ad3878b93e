// Joined behind the page's blocks: makes a key and writes one of each token.
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const hex = (data) => Buffer.from(data).toString("hex");
const asked = JSON.parse(process.argv[2]);
const pair = await newKey();
const [record, challenge, signed] = [asked.record, asked.challenge, asked.signed].map(bytes);
const { now, office } = asked;
const shown = await pairingCode(pair, record, now);
const visit = { record, act: "enter_pin", challenge, transcript: await transcriptOf(shown), now };
const made = {
  extractable: pair.privateKey.extractable,
  point: hex(await pointOf(pair)),
  shown,
  before: hex(await proof(pair, { record, act: "submit_biometric", challenge, now })),
  after: hex(await proof(pair, visit)),
  answer: hex(await answer(pair, office, { record, challenge, now })),
  code: await checkCode(pair, office),
  presented: await presentation(pair, signed, challenge, now),
};
console.log(JSON.stringify(made));
