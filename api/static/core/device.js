// What an exam keeps on this device is one person's: it goes when they sign out, and when somebody else signs in.

const OWNER = "pw-owner";
const DATABASES = ["proctorwise-seat", "proctorwise-answers", "proctorwise-stream", "proctorwise-talk"];
const NOTED = /^pw-(flags|hand)-/;

/**
 * From now on something of this person is kept here.
 * @param {string} personId
 */
export function own(personId) {
  localStorage.setItem(OWNER, personId);
}

/** Nothing of anybody is kept any more. */
export function disown() {
  localStorage.removeItem(OWNER);
}

export function hasOwner() {
  return localStorage.getItem(OWNER) !== null;
}

/**
 * Erase what another person left.
 * @param {string} personId who is here now
 */
export async function belongTo(personId) {
  const owner = localStorage.getItem(OWNER);
  if (owner !== null && owner !== personId) await erase();
}

/** Erase everything: exams, answers, pictures, messages, flags. */
export async function erase() {
  await Promise.all(DATABASES.map(deleted));
  for (const key of Object.keys(localStorage).filter((each) => NOTED.test(each))) localStorage.removeItem(key);
  disown();
}

/** @param {string} name @returns {Promise<void>} */
function deleted(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
