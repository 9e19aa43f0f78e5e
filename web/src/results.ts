/** The results of a sentence: words, filters, SQL. */

import { byId, copyButton, element, prose } from "./dom"
import type { Reading, Segment } from "./protocol"

const DASH = /^( *)- /

export class Words {
  private readonly home = byId("words")

  /** Lines that begin with `- ` become lists, nested by their indent. */
  show({ words }: Reading): void {
    const made = document.createDocumentFragment()
    const open: HTMLElement[] = []
    for (const line of words?.split("\n") ?? []) {
      const depth = (DASH.exec(line)?.[1]?.length ?? -2) / 2
      open.length = Math.min(open.length, depth + 1)
      if (depth < 0) {
        made.append(element("p", {}, prose(line)))
        continue
      }
      let list = open[depth]
      if (!list) {
        list = element("ul")
        const above = open[depth - 1]
        ;(above?.lastElementChild ?? made).append(list)
        open.push(list)
      }
      list.append(element("li", {}, prose(line.replace(DASH, ""))))
    }
    if (!words) made.append(element("p", { className: "muted" }, "Nothing yet: the sentence has errors."))
    this.home.replaceChildren(made)
  }
}

export class Filters {
  private readonly home = byId("filters")

  show({ segments }: Reading): void {
    this.home.replaceChildren(...segments.map((one) => this.segment(one)))
    if (!segments.length) this.home.append(element("p", { className: "muted" }, "Filters appear when nothing is wrong."))
  }

  private segment({ name, expression, json }: Segment): HTMLElement {
    const title = name === null ? [] : [element("p", { className: "part-title" }, `${name}  `, element("code", {}, expression))]
    return element("div", { className: "part" }, ...title, code(json))
  }
}

export class Sql {
  private readonly home = byId("sql")

  show({ sql, sql_diagnostics: found }: Reading): void {
    this.home.replaceChildren(...found.map((one) => element("p", { className: "muted" }, prose(one.message))))
    if (sql !== null) this.home.append(code(sql))
    else if (!found.length) this.home.append(element("p", { className: "muted" }, "A condition for WHERE appears here."))
  }
}

/** A block that scrolls on its own, so the keyboard must reach it; a button copies it. */
function code(text: string): HTMLElement {
  const block = element("pre", { tabIndex: 0 }, element("code", {}, text))
  return element("div", { className: "code" }, copyButton("Copy", () => text), block)
}
