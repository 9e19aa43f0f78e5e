/** What the page asks, and the shapes of the answers: those of `Session.ask` in segdsl/studio/session.py. */

/** Offsets count UTF-16 code units, as strings of JavaScript do. */
export interface Span {
  start: number
  end: number
}

export interface Fix {
  title: string
  safe: boolean
  edits: (Span & { text: string })[]
}

export interface Diagnostic extends Span {
  code: string
  severity: "error" | "warning"
  message: string
  source: string
  line: number
  help: string[]
  fixes: Fix[]
}

export interface Completion {
  label: string
  insert: string
  kind: string
  detail: string
  help: string
}

export interface Completions extends Span {
  items: Completion[]
  expected: string
}

/** Whether the last word of the text is complete: the only completion is the word itself. */
export function isWhole({ start, end, items }: Completions, text: string): boolean {
  return start < end && items.every(({ insert }) => insert === text.slice(start, end))
}

export interface Hover extends Span {
  text: string
}

export interface Field {
  name: string
  kind: string
  values: string[]
  words: string
}

export interface Named {
  name: string
  text: string
}

/** `users` are the users that the session knows; `counts` says whether it answers `count`. */
export interface Start {
  version: string
  revision: number
  file: string | null
  problems: Diagnostic[]
  fields: Field[]
  definitions: Named[]
  segments: Named[]
  examples: { title: string; text: string }[]
  dialects: string[]
  users: { name: string; rows: number | null; problem?: string | null } | null
  counts: boolean
}

/** `json` is what `segdsl compile` prints. */
export interface Segment {
  name: string | null
  expression: string
  json: string
}

/** A text with errors has no segments and no SQL; `sql_diagnostics` say what the SQL leaves out, or why there is none. */
export interface Reading {
  revision: number
  diagnostics: Diagnostic[]
  formatted: string | null
  words: string | null
  segments: Segment[]
  sql: string | null
  sql_diagnostics: Diagnostic[]
}

export type Verdict = "member" | "not" | "unknown" | "malformed"

export interface Reason {
  term: string
  answer: "true" | "false" | "unknown"
  finding: string
  from: number | null
  to: number | null
}

/** `because` holds the terms that decide, as many as are listed; there are `more`. */
export interface Person {
  name: string
  answer: Verdict
  because: Reason[]
  more: number
}

/** The numbers are null for a text with errors. */
export interface People {
  people: Person[]
  members: number | null
  unknown: number | null
  malformed: number | null
  total: number
}

/** Of all users; an estimate comes from `drawn` of them. `diagnostics` say what the counts leave out. */
export interface Count {
  members: number
  unknown: number
  malformed: number
  total: number
  estimate: boolean
  drawn: number | null
  overlap: { segment: string; both: number }[]
  diagnostics: Diagnostic[]
}

export interface Methods {
  start: { params: Record<string, never>; answer: Start }
  read: { params: { text: string; dialect?: string }; answer: Reading }
  complete: { params: { text: string; offset: number }; answer: Completions }
  hover: { params: { text: string; offset: number }; answer: Hover | null }
  people: { params: { text: string; limit: number }; answer: People }
  count: { params: { text: string; exact: boolean; page: string }; answer: Count }
}

/** Answers a question of the page. It rejects with an Error that says why, or an AbortError after an abort. */
export type Ask = <M extends keyof Methods>(
  method: M,
  params: Methods[M]["params"],
  signal?: AbortSignal,
) => Promise<Methods[M]["answer"]>

/** The sentence of an error that is to be shown; undefined for a question that was withdrawn. */
export function reason(error: unknown): string | undefined {
  if (error instanceof DOMException && error.name === "AbortError") return undefined
  return error instanceof Error ? error.message : String(error)
}

/** Asks one question at a time: a new one withdraws the one before it. */
export class Latest {
  private controller = new AbortController()

  constructor(private readonly ask: Ask) {}

  /** The answer; undefined if a newer question came in between. */
  async get<M extends keyof Methods>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["answer"] | undefined> {
    this.cancel()
    const { signal } = this.controller
    try {
      const answer = await this.ask(method, params, signal)
      return signal.aborted ? undefined : answer
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
  }

  cancel(): void {
    this.controller.abort()
    this.controller = new AbortController()
  }
}
