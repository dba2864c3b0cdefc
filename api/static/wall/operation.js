// One act on many attempts: asked in one request, then followed until each has acknowledged.

import { get, post, Problem, Unreachable } from "../core/http.js";

/** @typedef {import("./progress.js").Progress} Progress */

const LOOK = 500; // milliseconds between two looks at the answers
const PATIENCE = 60; // looks that may fail one after another
const PATH = "/api/reservations/operations";

/**
 * Ask, and tell `progress` how each attempt answers. Raises Problem when nobody is asked at all.
 * @param {string} verb
 * @param {string[]} attempts
 * @param {Record<string, unknown>} body what else is said
 * @param {Progress} progress
 */
export async function operate(verb, attempts, body, progress) {
  const key = crypto.randomUUID(); // so that asking again, when the network failed, is the same operation
  const asked = await persistently(() => post(PATH, { verb, attempt_ids: attempts, ...body }, { key }), progress);
  await follow(asked.operation_id, progress);
}

/**
 * The newest operation of an exam that is not over: somebody may have asked before this page was opened.
 * @param {string} exam
 * @returns {Promise<{ id: string, verb: string, attempts: string[] } | null>}
 */
export async function underWay(exam) {
  const [newest] = (await get(`${PATH}?exam_id=${exam}&limit=1`)).items;
  if (!newest || newest.waiting === 0) return null;
  const { answers } = await everyAnswer(newest.operation_id);
  return { id: newest.operation_id, verb: newest.verb, attempts: answers.map((one) => one.attempt_id) };
}

/**
 * Tell `progress` how each attempt answers, until all have.
 * @param {string} operation
 * @param {Progress} progress
 */
export async function follow(operation, progress) {
  for (;;) {
    const { answers, isOver } = await persistently(() => everyAnswer(operation), progress);
    for (const one of answers) progress.tell(one.attempt_id, one.state, refusal(one));
    if (isOver) return;
    await pause();
  }
}

/**
 * @param {string} operation
 * @returns {Promise<{ answers: any[], isOver: boolean }>}
 */
async function everyAnswer(operation) {
  const answers = [];
  let cursor = "";
  for (;;) {
    const shown = await get(`${PATH}/${operation}?limit=200${cursor}`);
    answers.push(...shown.acknowledgements.items);
    const next = shown.acknowledgements.next_cursor;
    if (!next) return { answers, isOver: shown.waiting === 0 };
    cursor = `&cursor=${encodeURIComponent(next)}`;
  }
}

/** @param {{ type: string, why: string }} answer */
function refusal({ type, why }) {
  return type ? new Problem(409, { type: `/problems/${type}`, detail: why }, null) : undefined;
}

/**
 * A network that is away for a while is no reason to give up.
 * @template T
 * @param {() => Promise<T>} work
 * @param {Progress} progress
 * @returns {Promise<T>}
 */
async function persistently(work, progress) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof Unreachable || (error instanceof Problem && error.status === 503);
      if (!mayPass || tries >= PATIENCE) throw error;
      progress.trouble(error);
      await pause();
    }
  }
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve, LOOK));
}
