/** What can come next, as buttons: a whole sentence can be built by choosing only. */

import { byId, button, element, prose } from "./dom"
import type { Completions } from "./protocol"

export interface ChipEvents {
  /** A word was chosen for `text[start:end]`. */
  chosen(start: number, end: number, word: string): void
}

/** Input fields for values without a list, by the first words of `expected`. */
const INPUTS: [RegExp, { type: string; label: string; value: string; spell: (value: string) => string }][] = [
  [/^a (whole )?number/, { type: "number", label: "Number", value: "1", spell: (value) => value }],
  [/^a date/, { type: "date", label: "Date", value: "", spell: (value) => value }],
  [/^a (value|string|declared value)/, { type: "text", label: "Text", value: "", spell: (value) => JSON.stringify(value) }],
]

export class Chips {
  private readonly list = byId("chips")
  private readonly expected = byId("expected")

  constructor(private readonly events: ChipEvents) {}

  show({ start, end, items, expected }: Completions): void {
    const hadFocus = this.list.contains(document.activeElement)
    const chips = items.map((item) => {
      const chip = button(item.label, () => this.events.chosen(start, end, item.insert), "chip")
      chip.dataset.kind = item.kind
      if (item.detail) chip.title = item.detail
      return chip
    })
    this.expected.replaceChildren(expected ? prose(`Next: ${expected}`) : "Nothing can come here")
    this.list.replaceChildren(...chips, ...(chips.length ? [] : this.input(expected, start, end)))
    if (hadFocus) this.list.querySelector<HTMLElement>("button, input")?.focus()
  }

  /** Before segdsl can answer. */
  wait(why: string): void {
    this.expected.textContent = why
    this.list.replaceChildren()
  }

  private input(expected: string, start: number, end: number): HTMLElement[] {
    const kind = INPUTS.find(([pattern]) => pattern.test(expected))?.[1]
    if (!kind) return []
    const field = element("input", { type: kind.type, value: kind.value, ariaLabel: kind.label })
    if (kind.type === "number") field.step = "any"
    if (kind.type === "date") field.valueAsDate = new Date()
    const insert = () => {
      if (field.value !== "" || kind.type === "text") this.events.chosen(start, end, kind.spell(field.value))
    }
    field.onkeydown = (event) => {
      if (event.key === "Enter") insert()
    }
    const step = (label: string, by: number) => {
      const made = button(label, () => (field.value = String(Number(field.value) + by)), "chip step")
      made.ariaLabel = by > 0 ? "One more" : "One less"
      return made
    }
    const steps = kind.type === "number" ? [step("−", -1), step("+", 1)] : []
    return [field, ...steps, button("Insert", insert, "chip insert")]
  }
}
