/** The page: one sentence, and everything that segdsl says of it. The text is the only state. */

import { Chips } from "./chips"
import { CountPanel } from "./count"
import { byId, copyButton, element } from "./dom"
import { SentenceEditor } from "./editor"
import { readLink, type State, writeLink } from "./link"
import { PeopleList } from "./people"
import { Problems } from "./problems"
import { type Ask, isWhole, Latest, type Reading, reason, type Start } from "./protocol"
import { Filters, Sql, Words } from "./results"
import { showSchema } from "./schema"

const PEOPLE_SHOWN = 50
const PAUSE = 80 // milliseconds without a key before a text is read

/** Who answers. `starting` is shown until it can answer; `sentence` is the first text if the link holds none. */
export interface Host {
  ask: Ask
  starting: string
  sentence?: string
}

export class Page {
  private readonly editor: SentenceEditor
  private readonly problems = new Problems((fix) => this.editor.fixing(fix))
  private readonly chips = new Chips({
    chosen: (start, end, word) => {
      if (this.editor.text === this.completed) this.editor.put(start, end, word)
    },
  })
  private readonly words = new Words()
  private readonly filters = new Filters()
  private readonly sql = new Sql()
  private readonly people: PeopleList
  private readonly count: CountPanel
  private readonly format = byId("format") as HTMLButtonElement
  private readonly dialect = byId("dialect") as HTMLSelectElement
  private readonly reading: Latest
  private readonly completing: Latest
  private readonly asking: Latest
  private start: Start | undefined
  private formatted = ""
  /** The text that the chips continue. */
  private completed = ""
  private pause: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly host: Host) {
    this.reading = new Latest(host.ask)
    this.completing = new Latest(host.ask)
    this.asking = new Latest(host.ask)
    this.count = new CountPanel(host.ask)
    this.editor = new SentenceEditor(byId("editor"), byId("sentence-title").textContent ?? "", host.ask, {
      changed: ({ text }) => this.changed(text),
    })
    this.people = new PeopleList((from, to) => this.editor.select(from, to))
    this.format.onclick = () => this.editor.replaceAll(this.formatted, { undoable: true })
    byId("undo").onclick = () => this.editor.undo()
    byId("clear").onclick = () => this.editor.replaceAll("", { undoable: true })
    byId("share").replaceWith(copyButton("Copy link", () => location.href))
    this.dialect.onchange = () => this.changed(true)
    addEventListener("hashchange", () => this.open(readLink()))
  }

  /** Shows the sentence at once, and its results when the host has started. */
  async run(): Promise<void> {
    const linked = readLink()
    this.open({ text: linked.text ?? this.host.sentence ?? "" })
    this.problems.say(this.host.starting, "waiting")
    this.chips.wait(this.host.starting)
    try {
      await this.begin(linked)
    } catch (error) {
      this.fail(error)
    }
  }

  private async begin(linked: Partial<State> = {}): Promise<void> {
    const start = await this.host.ask("start", {})
    this.start = start
    byId("version").textContent = start.version
    byId("file").textContent = start.file ?? ""
    this.problems.showOfFile(start.problems, start.users?.problem ?? "")
    const chosen = this.dialect.value || linked.dialect
    this.dialect.replaceChildren(...start.dialects.map((name) => element("option", { value: name }, name)))
    if (chosen && start.dialects.includes(chosen)) this.dialect.value = chosen
    showSchema(start, {
      named: (name) => {
        this.editor.put(this.editor.cursor, this.editor.cursor, name)
        this.editor.focus()
      },
      opened: (text) => {
        this.editor.replaceAll(text, { undoable: true })
        scrollTo({ top: 0 })
      },
    })
    if (start.counts) this.count.open(start.users?.name ?? "all users")
    this.people.rows = start.users?.rows ?? null
    byId("people-panel").hidden = start.users === null
    const first = start.segments[0] ?? start.examples[0]
    if (linked.text === undefined && !this.editor.text && first) this.editor.replaceAll(first.text, { undoable: false })
    this.changed(true)
  }

  private open({ text, dialect }: Partial<State>): void {
    if (dialect && this.start?.dialects.includes(dialect)) this.dialect.value = dialect
    if (text !== undefined && text !== this.editor.text) this.editor.replaceAll(text, { undoable: this.start !== undefined })
    else if (this.start) this.changed(true)
  }

  private changed(text: boolean): void {
    if (!this.start) return
    void this.complete()
    if (!text) return
    writeLink({ text: this.editor.text, dialect: this.dialect.value })
    this.count.clear("…")
    clearTimeout(this.pause)
    this.pause = setTimeout(() => void this.read(), PAUSE)
  }

  /** Shows the words that fit at the cursor; after a whole word, those that can follow it. */
  private async complete(): Promise<void> {
    const { text, cursor, isTyped } = this.editor
    const following = { text: `${text} `, offset: text.length + 1 }
    const isAtEnd = text !== "" && cursor === text.length
    try {
      let found = await this.completing.get("complete", isAtEnd && !isTyped ? following : { text, offset: cursor })
      if (found && isAtEnd && isTyped && isWhole(found, text)) found = await this.completing.get("complete", following)
      if (!found || text !== this.editor.text) return
      this.completed = text
      this.chips.show(found)
    } catch (error) {
      this.fail(error)
    }
  }

  private async read(): Promise<void> {
    const { text } = this.editor
    if (!text.trim()) return this.blank()
    try {
      const [reading, people] = await Promise.all([
        this.reading.get("read", { text, dialect: this.dialect.value }),
        this.asking.get("people", { text, limit: PEOPLE_SHOWN }),
      ])
      if (!reading || !people || text !== this.editor.text) return // else the next reading is on its way
      if (reading.revision !== this.start?.revision) return await this.begin()
      this.show(reading)
      this.people.show(people)
      if (reading.segments.length) void this.count.count(text)
      else this.count.clear("Counts when nothing is wrong.")
    } catch (error) {
      this.fail(error)
    }
  }

  private show(reading: Reading): void {
    this.formatted = reading.formatted ?? ""
    this.format.disabled = !this.formatted || this.formatted === this.editor.text.trim()
    this.editor.mark(reading.diagnostics.filter((one) => one.source === "expression"))
    this.problems.show(reading)
    this.words.show(reading)
    this.filters.show(reading)
    this.sql.show(reading)
  }

  private blank(): void {
    this.reading.cancel()
    this.asking.cancel()
    const revision = this.start?.revision ?? 0
    this.show({ revision, diagnostics: [], formatted: null, words: null, segments: [], sql: null, sql_diagnostics: [] })
    this.problems.say("Write a sentence, or choose its words below", "waiting")
    this.people.show({ people: [], members: null, unknown: null, malformed: null, total: this.start?.users?.rows ?? 0 })
    this.count.clear("Counts when there is a sentence.")
  }

  private fail(error: unknown): void {
    const why = reason(error)
    if (why === undefined) return
    this.problems.clear()
    this.problems.say(why, "error")
    if (!this.start) this.chips.wait("")
  }
}
