/** The page of the playground: Python answers in a worker of the browser, and nothing leaves it. */

import { Page } from "./page"
import type { Ask } from "./protocol"
import type { FromWorker, ToWorker } from "./worker"

interface Waiting {
  question: string
  signal: AbortSignal | undefined
  resolve(answer: unknown): void
  reject(error: unknown): void
}

/** Python answers one question at a time; a question that is withdrawn while it waits is dropped. */
class Python {
  private readonly worker: Worker | undefined
  private readonly waiting: Waiting[] = []
  private asked: Waiting | undefined
  private ready = false
  private failure: Error | undefined

  constructor() {
    if (location.protocol === "file:") {
      this.fail("a page from the disk may not start it; serve the folder, as with `python -m http.server`")
      return
    }
    this.worker = new Worker("worker.js", { type: "module" })
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if ("failed" in data) return this.fail(data.failed)
      if ("ready" in data) this.ready = true
      else this.answered(data.answer)
      this.next()
    }
    this.worker.onerror = (event) => this.fail(event.message || "its worker could not be loaded")
  }

  readonly ask: Ask = (method, params, signal) =>
    new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure)
      this.waiting.push({ question: JSON.stringify({ method, params }), signal, resolve, reject })
      this.next()
    })

  private next(): void {
    if (!this.ready || this.asked) return
    while ((this.asked = this.waiting.shift())?.signal?.aborted) this.asked.reject(this.asked.signal.reason)
    if (this.asked) this.worker?.postMessage({ question: this.asked.question } satisfies ToWorker)
  }

  private answered(text: string): void {
    const answer = JSON.parse(text)
    if (typeof answer?.error === "string") this.asked?.reject(new Error(answer.error))
    else this.asked?.resolve(answer)
    this.asked = undefined
  }

  private fail(why: string): void {
    this.failure = new Error(`Python could not be loaded: ${why}`)
    for (const one of [this.asked, ...this.waiting.splice(0)]) one?.reject(this.failure)
  }
}

const { ask } = new Python()
void new Page({
  ask,
  starting: "Python is loading; you can type already …",
  sentence: 'commercialIntent >= 0.6 and plan == "enterprise"',
}).run()
