// The stream's binary message: stream_id (16 bytes), seq (u32), track (u8), captured_at (7 bytes, milliseconds), then the JPEG.

const HEADER = 28;
/** What a picture is of. */
export const TRACKS = { camera: 0, screen: 1 };
const FACTS_MARK = "proctorwise ";
const [APP0, COMMENT] = [0xffe0, 0xfffe];

/**
 * @param {string} streamId a UUID
 * @param {number} seq
 * @param {number} capturedAt milliseconds since 1970, server time
 * @param {ArrayBuffer} jpeg
 * @param {number} [track]
 * @returns {ArrayBuffer} big-endian (docs/stream.md)
 */
export function frameMessage(streamId, seq, capturedAt, jpeg, track = TRACKS.camera) {
  const message = new Uint8Array(HEADER + jpeg.byteLength);
  const hex = streamId.replaceAll("-", "");
  for (let place = 0; place < 16; place += 1) message[place] = parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  const view = new DataView(message.buffer);
  view.setUint32(16, seq);
  view.setBigUint64(20, BigInt(capturedAt));
  view.setUint8(20, track); // no time needs its first byte
  message.set(new Uint8Array(jpeg), HEADER);
  return message.buffer;
}

/**
 * @param {string} streamId
 * @param {number} seq
 * @param {number} capturedAt
 * @param {{ kind: string, detail: string }} event
 */
export function eventMessage(streamId, seq, capturedAt, event) {
  return JSON.stringify({ type: "event", stream_id: streamId, seq, captured_at: capturedAt, event });
}

/**
 * The JPEG with what is said of it, as a comment behind its JFIF segment (docs/stream.md).
 * @param {ArrayBuffer} jpeg
 * @param {Record<string, unknown>} facts
 * @returns {ArrayBuffer}
 */
export function withFacts(jpeg, facts) {
  const body = new TextEncoder().encode(FACTS_MARK + JSON.stringify(facts));
  const view = new DataView(jpeg);
  const at = view.getUint16(2) === APP0 ? 4 + view.getUint16(4) : 2;
  const made = new Uint8Array(jpeg.byteLength + 4 + body.length);
  made.set(new Uint8Array(jpeg, 0, at));
  const head = new DataView(made.buffer, at, 4);
  head.setUint16(0, COMMENT);
  head.setUint16(2, body.length + 2);
  made.set(body, at + 4);
  made.set(new Uint8Array(jpeg, at), at + 4 + body.length);
  return made.buffer;
}

/**
 * What the server says of time: its machine's clock, and the one that pictures are judged by, which never jumps.
 * @typedef {{ server: string, stream: string, askedAt: number }} Told askedAt by performance.now(): the server spoke after it
 */

/** @param {any} message @param {number} askedAt @returns {Told} */
export function told({ server_time: server, stream_time: stream }, askedAt) {
  return { server, stream: stream ?? server, askedAt };
}
