// The stream's binary message: stream_id (16 bytes), seq (u32), captured_at (u64, milliseconds), then the JPEG.

const HEADER = 28;

/**
 * @param {string} streamId a UUID
 * @param {number} seq
 * @param {number} capturedAt milliseconds since 1970, server time
 * @param {ArrayBuffer} jpeg
 * @returns {ArrayBuffer} big-endian (docs/stream.md)
 */
export function frameMessage(streamId, seq, capturedAt, jpeg) {
  const message = new Uint8Array(HEADER + jpeg.byteLength);
  const hex = streamId.replaceAll("-", "");
  for (let place = 0; place < 16; place += 1) message[place] = parseInt(hex.slice(2 * place, 2 * place + 2), 16);
  const view = new DataView(message.buffer);
  view.setUint32(16, seq);
  view.setBigUint64(20, BigInt(capturedAt));
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
