// The socket of an attempt's stream: opens it with a ticket, sends what waits, forgets what is acknowledged.

import { eventMessage, frameMessage, told } from "./wire.js";

/** @typedef {import("./spool.js").Spool} Spool */
/** @typedef {import("./spool.js").Entry} Entry */
/** @typedef {import("./wire.js").Told} Told */

// The server acknowledges or pings within seconds: after so long without a word the network is gone, whatever the socket says.
const LONGEST_SILENCE = 10_000;
const SILENT_INTERVALS = 3;
const WANTED_LATER = new Set(["too_many", "unavailable"]);
const LATER = 3_000;
const DOUBTED_SILENCE = 5_000; // after the network may have changed

/**
 * @typedef {object} Grant
 * @property {string} ticket
 * @property {number} interval_ms
 * @property {number} window
 */

/**
 * @typedef {object} Ears what the link tells
 * @property {(interval: number, time: Told) => void} opened
 * @property {(interval: number, time: Told) => void} acknowledged
 * @property {(code: number, mayReconnect: boolean) => void} closed
 */

export class Link {
  /**
   * @param {Spool} spool
   * @param {Ears} ears
   */
  constructor(spool, ears) {
    this.spool = spool;
    this.ears = ears;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.stream = "";
    this.seq = 0;
    this.window = 0;
    this.mayReconnect = true;
    this.reason = 0;
    this.isSending = false;
    this.heardAt = 0;
    this.openedAt = 0;
    /** @type {Map<string, number>} when a record was sent on this socket, by its name */
    this.sentAt = new Map();
  }

  /** At most one socket is listened to: an older one is left first. @param {string} address @param {Grant} grant */
  open(address, grant) {
    this.drop();
    const socket = new WebSocket(address);
    this.window = grant.window;
    this.mayReconnect = true;
    this.reason = 0;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.openedAt = performance.now();
      socket.send(JSON.stringify({ type: "ticket", ticket: grant.ticket }));
    };
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    socket.onclose = ({ code }) => this.gone(this.reason || code);
    this.socket = socket;
    this.heardAt = performance.now();
  }

  /** @param {number} code */
  gone(code) {
    this.stream = "";
    this.socket = null;
    this.ears.closed(code, this.mayReconnect);
  }

  /** Leave the socket without a word, as the network may have done before. */
  drop() {
    if (!this.socket) return;
    this.socket.onclose = this.socket.onmessage = this.socket.onopen = null;
    this.socket.close();
    this.socket = null;
    this.stream = "";
  }

  /** Leave a socket through which nothing comes any more; it would report its end minutes later. @param {number} interval */
  checkPulse(interval) {
    const limit = Math.max(LONGEST_SILENCE, SILENT_INTERVALS * interval);
    if (!this.socket || performance.now() - this.heardAt < limit) return;
    this.drop();
    this.gone(0);
  }

  /** The network may be another one: silence counts sooner. What is recorded is answered each second. */
  doubt() {
    this.heardAt = Math.min(this.heardAt, performance.now() - LONGEST_SILENCE + DOUBTED_SILENCE);
  }

  get isOpen() {
    return this.stream !== "";
  }

  close() {
    this.socket?.close(1000);
  }

  /** @param {any} message */
  async hear(message) {
    this.heardAt = performance.now();
    if (message.type === "ping") this.socket?.send(JSON.stringify({ type: "pong" }));
    if (message.type === "ready") await this.begin(message);
    if (message.type === "ack") await this.acknowledge(message);
    if (message.type === "refused" && message.stream_id) await this.refused(message);
    if (message.type === "closing") [this.mayReconnect, this.reason] = [message.may_reconnect, message.code];
  }

  /** @param {any} ready */
  async begin(ready) {
    this.stream = ready.stream_id;
    this.seq = 0;
    this.sentAt.clear();
    this.ears.opened(ready.interval_ms, told(ready, this.openedAt));
    // What was sent before goes again under its old name; the server knows what it has.
    for (const entry of this.spool.waiting().filter((each) => each.stream)) this.transmit(entry);
    await this.flush();
  }

  /** @param {any} message */
  async acknowledge(message) {
    let askedAt = 0;
    for (const { stream_id: stream, seq } of message.acks) {
      askedAt = Math.max(askedAt, this.sentAt.get(`${stream} ${seq}`) ?? 0);
      this.sentAt.delete(`${stream} ${seq}`);
      await this.spool.forget(stream, seq);
    }
    this.ears.acknowledged(message.interval_ms, told(message, askedAt));
    await this.flush();
  }

  /** What came too fast is wanted all the same, a little later; anything else will never be taken. @param {any} message */
  async refused({ stream_id: stream, seq, reason }) {
    const entry = this.spool.waiting().find((each) => each.stream === stream && each.seq === seq);
    if (entry && WANTED_LATER.has(reason)) setTimeout(() => this.transmit(entry), LATER * (1 + Math.random()));
    else await this.spool.forget(stream, seq);
  }

  /** Send what was never sent, in its order, as far as the window allows. */
  async flush() {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (const entry of this.spool.waiting()) {
        if (!this.isOpen || this.inFlight() >= this.window) return;
        if (!entry.stream) await this.name(entry);
      }
    } finally {
      this.isSending = false;
    }
  }

  /** @param {Entry} entry */
  async name(entry) {
    Object.assign(entry, this.next());
    await this.spool.keep(entry);
    this.transmit(entry);
  }

  next() {
    this.seq += 1;
    return { stream: this.stream, seq: this.seq };
  }

  /** The name of a record that nothing older waits before: so it is written once, not again for its name. */
  claim() {
    const mayGo = this.isOpen && !this.isSending && this.spool.entries.size < this.window;
    return mayGo && this.spool.waiting().every((entry) => entry.stream) ? this.next() : { stream: "", seq: 0 };
  }

  /** Send what was claimed and is kept now; a link that opened meanwhile has its own turn. @param {Entry} entry */
  release(entry) {
    if (entry.stream && this.isOpen) this.transmit(entry);
  }

  inFlight() {
    return this.spool.waiting().filter((entry) => entry.stream).length;
  }

  /** @param {Entry} entry */
  transmit({ stream, seq, at, body, track }) {
    if (this.socket?.readyState !== WebSocket.OPEN) return;
    this.sentAt.set(`${stream} ${seq}`, performance.now());
    this.socket.send(body instanceof ArrayBuffer ? frameMessage(stream, seq, at, body, track) : eventMessage(stream, seq, at, body));
  }
}
