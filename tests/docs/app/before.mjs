// Joined before the page's blocks: what a browser has, and Node only from 20 on.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;

