// The person's own microphone, for trying it out: its level is looked at on this device, and nothing is kept.

const PATIENCE = 5_000; // milliseconds to wait for a sound
const STEP = 50;
const AUDIBLE = 0.01; // root mean square of full scale: well above a quiet room, below a low voice

/** @returns {Promise<MediaStream>} raises DOMException, named by the Media Capture standard */
export function openMicrophone() {
  return navigator.mediaDevices.getUserMedia({ audio: true, video: false });
}

/**
 * Whether anything is heard within a few seconds.
 * @param {MediaStream} stream
 * @param {(level: number) => void} shown told the level, 0 to 1, as it changes
 * @returns {Promise<boolean>}
 */
export async function isHeard(stream, shown) {
  const context = new AudioContext();
  try {
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let audible = 0;
    for (let waited = 0; waited < PATIENCE; waited += STEP) {
      await new Promise((resolve) => setTimeout(resolve, STEP));
      analyser.getFloatTimeDomainData(samples);
      const level = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
      shown(level);
      audible += level > AUDIBLE ? 1 : 0;
      if (audible >= 3) return true;
    }
    return false;
  } finally {
    await context.close();
  }
}
