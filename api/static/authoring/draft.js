// An exam as its author works on it: each change is made on condition of the version that was seen.

import { ask, fetched } from "../core/http.js";

/** @typedef {{ kind: string, question_id: string, title: string, text: string, points: string }} Question */
/** @typedef {{ section_id: string, title: string, questions: Question[] }} Section */

/**
 * @typedef {object} Exam
 * @property {string} exam_id
 * @property {string} title
 * @property {string} instructions
 * @property {any} policy
 * @property {Section[]} sections
 * @property {boolean} is_published
 * @property {number} version
 */

export class Draft {
  /** @param {Exam} exam @param {string} tag */
  constructor(exam, tag) {
    this.exam = exam;
    this.tag = tag;
  }

  /** @param {string} id */
  static async load(id) {
    const response = await fetched("GET", `/api/reservations/exams/${id}`);
    return new Draft(await response.json(), response.headers.get("ETag") ?? "");
  }

  get path() {
    return `/api/reservations/exams/${this.exam.exam_id}`;
  }

  /**
   * A new version with these changes. Raises Problem, with the fields that are wrong.
   * @param {Partial<Exam>} changes
   */
  async save(changes) {
    const { title, instructions, policy, sections } = { ...this.exam, ...changes };
    await ask("PUT", this.path, { body: { title, instructions, policy, sections }, headers: { "If-Match": this.tag } });
  }

  /** @param {string} text GIFT @param {string} title of the section it goes into */
  async importGift(text, title) {
    const section = title ? `?section_title=${encodeURIComponent(title)}` : "";
    return ask("POST", `${this.path}/import${section}`, { body: text, headers: { "Content-Type": "text/plain" } });
  }

  async publish() {
    return await ask("POST", `${this.path}/publish`, { headers: { "If-Match": this.tag } });
  }

  async withdraw() {
    await ask("POST", `${this.path}/withdraw`, { headers: { "If-Match": this.tag } });
  }
}
