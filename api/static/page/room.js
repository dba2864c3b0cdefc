// The exam room: one window at a time, and back into it after a reload, with or without network.

import { attemptId } from "../attempt/attempt.js";
import { fill } from "../core/dom.js";
import { content, screen } from "../core/screen.js";
import { troubleNotice } from "../core/trouble.js";
import { settle } from "../room/belated.js";
import { elsewhere } from "../room/notice.js";
import { Room } from "../room/room.js";
import { Seat, sitter } from "../room/seat.js";
import { shelter } from "../room/shelter.js";

const id = attemptId();
const LEFT_WITHIN = 2_000; // milliseconds
const OPEN = ["in_progress", "paused"];

screen((main, me) => new Promise((_, reject) => alone(() => enter(main, me).catch(reject), () => fill(content(main), elsewhere()))), {
  roles: ["student"],
  kept: () => sitter(id),
});

/**
 * One window at a time: answers and pictures of two would overtake each other. A page that is just being left is no other window.
 * @param {() => void} first @param {() => void} other
 */
function alone(first, other) {
  const held = () => {
    first();
    return new Promise(() => undefined); // held until the page goes
  };
  navigator.locks.request(`pw-room-${id}`, { signal: AbortSignal.timeout(LEFT_WITHIN) }, held).catch(other);
}

/** @param {HTMLElement} main @param {import("../core/screen.js").Person} me */
async function enter(main, me) {
  const seat = await Seat.open(id, me);
  const { state, title } = await seat.standing();
  if (!OPEN.includes(state.phase)) {
    await settle(id);
    return location.replace(`/attempts/${id}`);
  }
  await seat.keep({ state, title });
  document.title = `${title} – ProctorWise`;
  main.classList.add("room");
  shelter();
  const room = new Room(seat, content(main), title);
  addEventListener("unhandledrejection", ({ reason }) => room.notes.place.append(troubleNotice(reason)));
  await room.open(state);
}
