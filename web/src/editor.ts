/** The sentence: a CodeMirror editor whose help comes from segdsl. */

import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete"
import { defaultKeymap, history, historyKeymap, undo } from "@codemirror/commands"
import { type Diagnostic as Marked, lintKeymap, setDiagnostics } from "@codemirror/lint"
import { Annotation, EditorState, Transaction } from "@codemirror/state"
import {
  Decoration,
  EditorView,
  hoverTooltip,
  keymap,
  MatchDecorator,
  placeholder,
  type Tooltip,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view"

import { element, prose } from "./dom"
import { insertion } from "./insertion"
import { type Ask, type Diagnostic, type Fix, isWhole } from "./protocol"

export interface EditorEvents {
  /** The text changed, or the cursor moved. */
  changed(update: { text: boolean }): void
}

export class SentenceEditor {
  private readonly view: EditorView
  /** Whether the last change came from keys and not as a whole text. */
  isTyped = false

  constructor(parent: HTMLElement, labelledBy: string, ask: Ask, events: EditorEvents) {
    // CodeMirror puts its rules into adopted style sheets if it stands in a shadow root, and otherwise into a <style>
    // element, which a strict Content-Security-Policy refuses.
    const root = parent.attachShadow({ mode: "open", delegatesFocus: true })
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        extensions: [
          history(),
          EditorView.lineWrapping,
          placeholder("Type, or choose below"),
          EditorView.contentAttributes.of({ "aria-label": labelledBy, spellcheck: "false", autocapitalize: "off" }),
          autocompletion({ override: [(context) => completions(context, ask)], icons: false, interactionDelay: 0 }),
          hoverTooltip((view, position) => hover(view, position, ask)),
          words,
          keymap.of([...completionKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
          theme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) this.isTyped = !update.transactions.some((one) => one.annotation(whole))
            if (update.docChanged || update.selectionSet) events.changed({ text: update.docChanged })
          }),
        ],
      }),
    })
  }

  get text(): string {
    return this.view.state.doc.toString()
  }

  get cursor(): number {
    return this.view.state.selection.main.head
  }

  focus(): void {
    this.view.focus()
  }

  undo(): void {
    undo(this.view)
  }

  /** Another text, with the cursor at its end. */
  replaceAll(text: string, { undoable }: { undoable: boolean }): void {
    const { length } = this.view.state.doc
    this.view.dispatch({
      changes: { from: 0, to: length, insert: text },
      selection: { anchor: EditorState.create({ doc: text }).doc.length },
      annotations: [Transaction.addToHistory.of(undoable), whole.of(true)],
    })
  }

  /** Puts a word in place of a piece of the text. */
  put(start: number, end: number, word: string): void {
    put(this.view, start, end, word)
  }

  select(from: number, to: number): void {
    this.view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true })
    this.view.focus()
  }

  /** Returns what applies a fix of the present text; it does nothing after the text has changed. */
  fixing(fix: Fix): () => void {
    const { text } = this
    return () => {
      if (this.text !== text) return
      this.view.dispatch({ changes: changes(fix), userEvent: "input.fix" })
      this.view.focus()
    }
  }

  /** Underlines what is wrong; the diagnostics must be those of the present text. */
  mark(diagnostics: Diagnostic[]): void {
    const marked = diagnostics.map((one): Marked => ({
      from: one.start,
      to: one.end,
      severity: one.severity,
      message: one.message,
      renderMessage: () => element("span", {}, prose(one.message)),
      actions: one.fixes.map((fix) => ({
        name: fix.title.replaceAll("`", ""),
        apply: this.fixing(fix),
      })),
    }))
    this.view.dispatch(setDiagnostics(this.view.state, marked))
  }
}

/** Marks a change that replaces the whole text. */
const whole = Annotation.define<boolean>()

const changes = (fix: Fix) => fix.edits.map((edit) => ({ from: edit.start, to: edit.end, insert: edit.text }))

function put(view: EditorView, start: number, end: number, word: string): void {
  const change = insertion(view.state.doc.toString(), start, end, word)
  view.dispatch({
    changes: change,
    selection: { anchor: change.from + change.insert.length },
    userEvent: "input.complete",
    scrollIntoView: true,
  })
}

async function completions(context: CompletionContext, ask: Ask): Promise<CompletionResult | null> {
  const text = context.state.doc.toString()
  const controller = new AbortController()
  context.addEventListener("abort", () => controller.abort())
  let found
  try {
    found = await ask("complete", { text, offset: context.pos }, controller.signal)
  } catch {
    return null // the page says what is wrong with its host
  }
  if (context.aborted || isWhole(found, text) || !found.items.length) return null
  if (!context.explicit && found.start === context.pos) return null // the chips show it; a menu would be in the way
  return {
    from: found.start,
    to: found.end,
    filter: false,
    update: narrowed,
    options: found.items.map((item) => ({
      label: item.label,
      detail: item.detail,
      ...(item.help && item.help !== item.detail ? { info: item.help } : {}),
      apply: (view, _, from, to) => put(view, from, to, item.insert),
    })),
  }
}

/** While a word is typed, the menu narrows at once, so that Enter always takes what is shown. */
function narrowed(current: CompletionResult, from: number, to: number, context: CompletionContext): CompletionResult | null {
  const typed = context.state.sliceDoc(from, to).toLowerCase()
  const options = current.options.filter(({ label }) => label.toLowerCase().includes(typed))
  return /\w$/.test(typed) && options.length ? { ...current, to, options } : null
}

async function hover(view: EditorView, position: number, ask: Ask): Promise<Tooltip | null> {
  const found = await ask("hover", { text: view.state.doc.toString(), offset: position }).catch(() => null)
  if (!found) return null
  const lines = found.text.split("\n").map((line) => element("div", {}, prose(line)))
  return {
    pos: found.start,
    end: found.end,
    above: true,
    create: () => ({ dom: element("div", { className: "hover" }, ...lines) }),
  }
}

// ── colours ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const WORDS =
  /("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|([@$][A-Za-z_][\w-]*)|\b(and|or|not|in|is|between|contains|within|before|during|from|to|for|products?|true|false)\b(?![.-])|(?<![\w.])(-?\d[\w.:+-]*)|(#.*)/g
const CLASSES = ["", "cm-string", "cm-reference", "cm-keyword", "cm-number", "cm-comment"]
const decorator = new MatchDecorator({
  regexp: WORDS,
  decoration: (match) => Decoration.mark({ class: CLASSES[match.findIndex((group, index) => index > 0 && group)] ?? "" }),
})
const words = ViewPlugin.fromClass(
  class {
    decorations
    constructor(view: EditorView) {
      this.decorations = decorator.createDeco(view)
    }
    update(update: ViewUpdate) {
      this.decorations = decorator.updateDeco(update, this.decorations)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

const underline = (colour: string) => ({
  backgroundImage: "none", // the library's is a data: image, which a strict Content-Security-Policy refuses
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: "4px",
  textDecorationSkipInk: "none",
})
const theme = EditorView.theme({
  "&": { fontSize: "var(--sentence-size)", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.65" },
  ".cm-content": { padding: "0", caretColor: "var(--accent)", minHeight: "3.3em" },
  ".cm-line": { padding: "0" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-string": { color: "var(--string)" },
  ".cm-number": { color: "var(--number)" },
  ".cm-keyword": { color: "var(--keyword)" },
  ".cm-reference": { color: "var(--reference)" },
  ".cm-comment": { color: "var(--muted)", fontStyle: "italic" },
  ".cm-lintRange-error": underline("var(--error)"),
  ".cm-lintRange-warning": underline("var(--warning)"),
  ".cm-lintRange-active": { backgroundColor: "var(--hint)" },
  ".cm-lintPoint-error::after": { borderBottomColor: "var(--error)" },
  ".cm-lintPoint-warning::after": { borderBottomColor: "var(--warning)" },
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "8px",
    backgroundColor: "var(--raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
    fontFamily: "var(--sans)",
    fontSize: "0.875rem",
    overflow: "hidden",
    maxWidth: "min(32rem, calc(100vw - 2rem))",
  },
  ".hover": { padding: "0.5rem 0.75rem", whiteSpace: "pre-wrap", lineHeight: "1.5" },
  ".cm-tooltip code, .cm-diagnostic code": { fontFamily: "var(--mono)", fontSize: "0.92em" },
  ".cm-diagnostic": { padding: "0.5rem 0.75rem", borderLeft: "none", fontFamily: "var(--sans)" },
  ".cm-diagnosticAction": {
    font: "inherit",
    padding: "0.2rem 0.6rem",
    marginLeft: "0.75rem",
    borderRadius: "6px",
    backgroundColor: "var(--accent)",
    color: "var(--on-accent)",
    cursor: "pointer",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "15rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    padding: "0.25rem 0.75rem",
    display: "flex",
    justifyContent: "space-between",
    gap: "1.5rem",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: "0.8", marginLeft: "0" },
  ".cm-completionMatchedText": { textDecoration: "none" },
  ".cm-tooltip.cm-completionInfo": { padding: "0.4rem 0.75rem" },
})

