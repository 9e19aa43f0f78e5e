/** Counts the matching users while one types: if there are many, first an estimate, then the exact number. */

import { byId, element, prose } from "./dom"
import { type Ask, type Count, Latest, reason } from "./protocol"

export class CountPanel {
  private readonly home = byId("count")
  private readonly numbers = byId("count-numbers")
  private readonly overlap = byId("count-overlap")
  private readonly notes = byId("count-notes")
  private readonly latest: Latest
  private readonly page = crypto.randomUUID() // tells the host which counts are outdated

  constructor(ask: Ask) {
    this.latest = new Latest(ask)
  }

  open(users: string): void {
    byId("count-users").textContent = users
    this.home.hidden = false
  }

  /** Counts a text without errors. */
  async count(text: string): Promise<void> {
    if (this.home.hidden) return
    this.home.ariaBusy = "true"
    try {
      const first = await this.latest.get("count", { text, exact: false, page: this.page })
      if (!first) return
      this.show(first)
      if (!first.estimate) return
      const exact = await this.latest.get("count", { text, exact: true, page: this.page })
      if (exact) this.show(exact)
    } catch (error) {
      this.clear(reason(error) ?? "")
    }
  }

  /** Forgets the number of a text that is no longer there. */
  clear(why: string): void {
    this.latest.cancel()
    this.home.ariaBusy = "false"
    this.numbers.replaceChildren(element("p", { className: "muted" }, why))
    this.overlap.replaceChildren()
    this.notes.replaceChildren()
    byId("count-overlap-title").hidden = true
  }

  private show(found: Count): void {
    const { members, unknown, malformed, total, estimate, drawn, overlap, diagnostics } = found
    const about = estimate ? "≈ " : ""
    this.home.ariaBusy = String(estimate)
    this.numbers.replaceChildren(
      number(about + members.toLocaleString("en"), members === 1 ? "member" : "members"),
      number(share(members, total, about), `of ${total.toLocaleString("en")}`),
      number(about + unknown.toLocaleString("en"), "unknown"),
      ...(malformed ? [number(malformed.toLocaleString("en"), "unreadable")] : []),
      ...(estimate
        ? [element("p", { className: "muted" }, `an estimate from ${drawn?.toLocaleString("en") ?? "some"} users; counting all …`)]
        : []),
    )
    this.notes.replaceChildren(...diagnostics.map((one) => element("p", { className: "muted" }, prose(one.message))))
    const widest = Math.max(1, members)
    this.overlap.replaceChildren(
      ...overlap.filter(({ both }) => both > 0).sort((one, other) => other.both - one.both).map(({ segment, both }) => {
        const bar = element("meter", { min: 0, max: widest, value: both, ariaLabel: `share in ${segment}` })
        return element("li", {}, element("span", {}, segment), bar, element("span", {}, about + both.toLocaleString("en")))
      }),
    )
    if (overlap.length && !this.overlap.childElementCount)
      this.overlap.append(element("li", { className: "muted" }, "No member is in another segment of the file."))
    byId("count-overlap-title").hidden = !overlap.length
  }
}

function number(value: string, label: string): HTMLElement {
  return element("div", {}, element("strong", {}, value), ` ${label}`)
}

function share(members: number, total: number, about: string): string {
  if (!total) return "–"
  const percent = (100 * members) / total
  return percent > 0 && percent < 0.1 ? "< 0.1 %" : `${about}${percent.toLocaleString("en", { maximumFractionDigits: 1 })} %`
}
