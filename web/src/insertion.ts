/** Inserts a completion into the text, with blanks around it. */

export interface Insertion {
  from: number
  to: number
  insert: string
}

const CLOSING = new Set([")", "]", ","])

/** The change that replaces `text[start:end]` by `word`, so that the next word can follow it at once; offsets past
 * the end count as the end. */
export function insertion(text: string, start: number, end: number, word: string): Insertion {
  let from = Math.min(start, text.length)
  if (CLOSING.has(word)) while (from > 0 && text[from - 1] === " ") from -= 1
  const before = text.slice(0, from)
  const needsBlank = /[^\s([.]$/.test(before) && /^\S/.test(word) && !CLOSING.has(word) && !(word === "[" && /\b(user|conversation)$/.test(before))
  const opens = /[.([]$/.test(word)
  let to = Math.min(end, text.length)
  if (!opens && text[to] === " ") to += 1
  return { from, to, insert: (needsBlank ? " " : "") + word + (opens || /^[)\],]/.test(text.slice(to)) ? "" : " ") }
}
