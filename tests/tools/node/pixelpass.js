// Reads one credential a line, as MOSIP's PixelPass does, and prints what it found as JSON.

const { createInterface } = require("node:readline");
const { decode } = require("@mosip/pixelpass");

createInterface({ input: process.stdin }).on("line", (line) => console.log(decode(line)));
