/** People who match or do not, each with the terms that decide. */

import { byId, button, counted, element, prose } from "./dom"
import type { People, Person, Reason, Verdict } from "./protocol"

const WORDS: Record<Verdict, string> = { member: "in", not: "out", unknown: "unknown", malformed: "unreadable" }
const ORDER: Verdict[] = ["member", "unknown", "not", "malformed"]

export class PeopleList {
  private readonly list = byId("people")
  private readonly summary = byId("people-summary")
  /** How many users there are in all; null where that is not known. */
  rows: number | null = null

  constructor(private readonly point: (from: number, to: number) => void) {}

  show({ people, members, unknown, total }: People): void {
    const shown = this.rows === total ? total : `the first ${total}`
    this.summary.textContent =
      members === null ? "" : `${members} of ${shown} match${unknown ? `, unknown for ${unknown}` : ""}`
    const sorted = people.toSorted((one, other) => ORDER.indexOf(one.answer) - ORDER.indexOf(other.answer))
    this.list.replaceChildren(...sorted.map((one) => this.person(one)))
    if (members === null) this.list.append(element("li", { className: "muted" }, counted(total, "person").replace("persons", "people"), " wait for a sentence without errors."))
  }

  private person({ name, answer, because, more }: Person): HTMLElement {
    return element(
      "li",
      { dataset: { answer } },
      element("span", { className: "badge" }, WORDS[answer]),
      element("span", { className: "name" }, name),
      element("span", { className: "because" }, ...because.map((one) => this.reason(one)), more ? `and ${more} more` : ""),
    )
  }

  private reason({ finding, term, from, to }: Reason): HTMLElement {
    if (from === null || to === null) return element("span", { className: "reason" }, finding)
    const made = button(element("span", {}, prose(finding)), () => this.point(from, to), "reason")
    made.title = `Show ${term}`
    return made
  }
}
