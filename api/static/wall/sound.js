// The sound that calls for a critical incident: two soft tones made here, if the person wants them.

const KEPT_AS = "pw-sound";
const TONES = [660, 880]; // hertz
const LENGTH = 0.22; // seconds each

/** @type {AudioContext | undefined} */
let audio;

/** Whether the person wants to hear it. */
export function isLoud() {
  return localStorage.getItem(KEPT_AS) === "on";
}

/** @param {boolean} isWanted */
export function setLoud(isWanted) {
  localStorage.setItem(KEPT_AS, isWanted ? "on" : "off");
}

/** Whether the browser lets a sound through yet: it waits for the person's first click or key on the page. */
export function isAllowed() {
  return navigator.userActivation?.hasBeenActive ?? true;
}

/** Call, unless the person wants quiet. */
export async function call() {
  if (!isLoud() || !isAllowed()) return;
  audio ??= new AudioContext();
  await audio.resume();
  for (const [place, frequency] of TONES.entries()) tone(audio, frequency, audio.currentTime + place * LENGTH);
}

/** @param {AudioContext} audio @param {number} frequency @param {number} from */
function tone(audio, frequency, from) {
  const source = new OscillatorNode(audio, { frequency });
  const loudness = new GainNode(audio, { gain: 0 });
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(0.12, from + 0.02);
  loudness.gain.linearRampToValueAtTime(0, from + LENGTH);
  source.connect(loudness).connect(audio.destination);
  source.start(from);
  source.stop(from + LENGTH);
}
