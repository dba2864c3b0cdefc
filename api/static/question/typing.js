// Hears of whatever changes a field: keys, pasting, dropping, dictation, a word put right, undoing, filling in, another alphabet's letters.

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} field
 * @param {() => void} changed called once for each new content
 */
export function listenToTyping(field, changed) {
  let known = field.value;
  const look = () => {
    if (field.value === known) return;
    known = field.value;
    changed();
  };
  // Some programs fill in a field without a word until it is left, hence not `input` alone.
  for (const event of ["input", "change", "compositionend", "blur"]) field.addEventListener(event, look);
}

/** Look once more at every field: a program may have filled it in without a word, or the page may go. @param {Element} place */
export function lookOnceMore(place) {
  for (const field of place.querySelectorAll("textarea, input:not(.choice)")) field.dispatchEvent(new Event("change"));
}
