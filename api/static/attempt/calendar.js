// The exam as a calendar file (RFC 5545) that any calendar takes.

/**
 * @param {string} id
 * @param {import("./attempt.js").Briefing} briefing
 * @returns {Blob}
 */
export function calendarFile(id, briefing) {
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//ProctorWise//Exams//EN",
    "BEGIN:VEVENT",
    `UID:${id}@proctorwise`,
    `DTSTAMP:${stamp(new Date())}`,
    `DTSTART:${stamp(new Date(briefing.starts_at))}`,
    `DTEND:${stamp(new Date(briefing.ends_at))}`,
    `SUMMARY:${escaped(briefing.exam_title)}`,
    `URL:${location.origin}/attempts/${id}`,
    "END:VEVENT",
    "END:VCALENDAR",
    "",
  ];
  return new Blob([lines.map(folded).join("\r\n")], { type: "text/calendar" });
}

/** @param {Date} instant */
function stamp(instant) {
  return instant.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\n/g, "\\n");
}

/** Lines are at most 75 octets; the rest follows after a line break and a blank (RFC 5545, section 3.1). @param {string} line */
function folded(line) {
  const pieces = [""];
  for (const sign of line) {
    const piece = pieces[pieces.length - 1];
    if (new TextEncoder().encode(piece + sign).length > 74) pieces.push(sign);
    else pieces[pieces.length - 1] = piece + sign;
  }
  return pieces.join("\r\n ");
}
