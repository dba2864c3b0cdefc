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
  return new Blob([lines.join("\r\n")], { type: "text/calendar" });
}

/** @param {Date} instant */
function stamp(instant) {
  return instant.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\n/g, "\\n");
}
