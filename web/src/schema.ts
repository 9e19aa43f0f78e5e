/** All known names, and example sentences. */

import { byId, button, element } from "./dom"
import type { Start } from "./protocol"

const GROUPS: [string, string[]][] = [
  ["Your properties", ["property", "conversation_property"]],
  ["Metrics", ["metric"]],
  ["Flags", ["flag"]],
  ["Activity", ["count", "last_seen"]],
]

/** Words that the title of the group already says. */
const KNOWN = /^(a (metric|flag)[,:] |a (user|conversation) property, declared as )/

export interface SchemaEvents {
  /** A name was chosen for the sentence. */
  named(name: string): void
  /** A whole sentence was chosen. */
  opened(text: string): void
}

export function showSchema(start: Start, { named, opened }: SchemaEvents): void {
  const groups = GROUPS.map(([title, kinds]) => group(
    title,
    start.fields
      .filter((field) => kinds.includes(field.kind))
      .map(({ name, words, values, kind }) => {
        const shown = kind.endsWith("property") && values.length ? values.join(", ") : words.replace(KNOWN, "")
        return entry(name, shown, () => named(name))
      }),
  ))
  const definitions = start.definitions.map(({ name, text }) => entry(`@${name}`, text, () => named(`@${name}`)))
  byId("names").replaceChildren(group("Definitions", definitions), ...groups)
  const segments = start.segments.map(({ name, text }) => sentence(name, text, opened))
  const examples = start.examples.map(({ title, text }) => sentence(title, text, opened))
  byId("examples").replaceChildren(group("", [...segments, ...examples]))
  byId("examples-title").textContent = segments.length ? "Segments of the file" : "Examples"
}

function group(title: string, entries: HTMLElement[]): HTMLElement {
  if (!entries.length) return element("div", { hidden: true })
  return element("div", { className: "group" }, ...(title ? [element("h3", {}, title)] : []), element("ul", {}, ...entries))
}

function entry(name: string, detail: string, chosen: () => void): HTMLElement {
  const label = element("span", {}, element("code", {}, name), element("span", { className: "detail" }, detail))
  return element("li", {}, button(label, chosen, "entry"))
}

function sentence(title: string, text: string, opened: (text: string) => void): HTMLElement {
  const label = element("span", {}, element("span", { className: "title" }, title), element("code", {}, text))
  return element("li", {}, button(label, () => opened(text), "entry example"))
}
