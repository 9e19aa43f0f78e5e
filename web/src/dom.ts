/** Elements without a framework. */

type Properties<E> = Partial<Omit<E, "style" | "dataset">> & { dataset?: Record<string, string> }

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  const { dataset, ...others } = properties
  Object.assign(made, others)
  Object.assign(made.dataset, dataset)
  made.append(...children)
  return made
}

export function button(label: string | Node, onclick: () => void, className = ""): HTMLButtonElement {
  return element("button", { type: "button", className, onclick }, label)
}

/** The element of the page with an id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (!found) throw new Error(`the page has no #${id}`)
  return found
}

/** A sentence of segdsl, with code between backticks. */
export function prose(text: string): DocumentFragment {
  const made = document.createDocumentFragment()
  text.split("`").forEach((part, index) => {
    if (part) made.append(index % 2 ? element("code", {}, part) : part)
  })
  return made
}

/** "1 segment", "2 segments". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`
}

/** A button that copies a text and says so. */
export function copyButton(label: string, text: () => string): HTMLButtonElement {
  const made = button(label, () => {
    navigator.clipboard.writeText(text()).then(
      () => say("Copied"),
      () => say("Could not copy"),
    )
  }, "quiet")
  const say = (word: string) => {
    made.textContent = word
    setTimeout(() => (made.textContent = label), 1500)
  }
  made.ariaLive = "polite"
  return made
}
