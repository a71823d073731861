/** Text of strangers, fit to be shown. */

/** Controls, and the marks that turn the direction of what follows or have no width: each can make a text look like another. */
// eslint-disable-next-line no-control-regex
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udfff]/gu;

/**
 * The text with what cannot be seen written out as its code point, cut to a number of characters.
 * It is still to be shown as text, never as markup.
 */
export function visibleText(text: string, maxCharacters: number): string {
  // Cut twice: before, so that a text of a megabyte costs no more than a line, and after, since codes are longer.
  const head = text.slice(0, maxCharacters * 2);
  const shown = Array.from(head.replace(invisible, code));
  const isWhole = head.length === text.length && shown.length <= maxCharacters;
  return isWhole ? shown.join('') : `${shown.slice(0, maxCharacters).join('')}…`;
}

function code(character: string): string {
  return `<${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`;
}
