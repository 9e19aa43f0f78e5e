/** The errors and warnings, in a list with a button for each fix; screen readers read the line above it. */

import { button, byId, counted, element, prose } from "./dom"
import type { Diagnostic, Fix, Reading } from "./protocol"

export class Problems {
  private readonly status = byId("status")
  private readonly list = byId("problems")

  /** `fixing` returns what a click on a fix does. */
  constructor(private readonly fixing: (fix: Fix) => () => void) {}

  show({ diagnostics, segments }: Reading): void {
    const errors = diagnostics.filter((one) => one.severity === "error")
    const warnings = diagnostics.length - errors.length
    const found = [errors.length && counted(errors.length, "error"), warnings && counted(warnings, "warning")]
    const said = found.filter(Boolean).join(" and ")
    if (segments.length) {
      const becomes = `Becomes ${segments.length === 1 ? "one segment" : counted(segments.length, "segment")}`
      this.say(said ? `${becomes}, with ${said}` : becomes, warnings ? "warning" : "fine")
    } else {
      this.say(said, "error")
    }
    this.list.replaceChildren(...diagnostics.map((one) => this.item(one)))
  }

  say(text: string, state: "fine" | "warning" | "error" | "waiting"): void {
    this.status.textContent = text
    this.status.dataset["state"] = state
  }

  clear(): void {
    this.list.replaceChildren()
  }

  /** The problems of the file, which have no buttons. */
  showOfFile(found: Diagnostic[], usersProblem: string): void {
    const items = found.map((one) => this.item({ ...one, fixes: [] }))
    if (usersProblem) items.push(element("li", { dataset: { severity: "error" } }, element("p", {}, prose(usersProblem))))
    byId("file-problems").replaceChildren(...items)
  }

  private item(one: Diagnostic): HTMLElement {
    const place = one.source === "expression" ? "" : `${one.source}:${one.line}: `
    const titles = new Set(one.fixes.map((fix) => fix.title))
    const fixes = one.fixes.map((fix) => button(prosed(fix.title), this.fixing(fix), "fix"))
    const help = one.help.filter((sentence) => !titles.has(sentence)).map((sentence) => element("p", {}, prose(sentence)))
    return element(
      "li",
      { dataset: { severity: one.severity } },
      element("p", { className: "message" }, place, prose(one.message)),
      ...help,
      ...(fixes.length ? [element("div", { className: "fixes" }, ...fixes)] : []),
    )
  }
}

function prosed(title: string): HTMLElement {
  return element("span", {}, prose(title[0]?.toUpperCase() + title.slice(1)))
}
