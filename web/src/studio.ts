/** The page of `segdsl studio`: the server on this machine answers. */

import { Page } from "./page"
import type { Ask } from "./protocol"

/** A later count of the same page ends the one before. */
const page = crypto.randomUUID()

const ask: Ask = async (method, params, signal) => {
  const given = method === "count" ? { ...params, page } : params
  const question: RequestInit = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ method, params: given }),
  }
  if (signal) question.signal = signal
  const reply = await fetch("ask", question).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Error("the studio does not answer: is `segdsl studio` still running?")
  })
  const answer = await reply.json().catch(() => ({ error: `the studio answered with status ${reply.status}` }))
  if (!reply.ok || (answer !== null && typeof answer.error === "string")) throw new Error(answer.error)
  return answer
}

void new Page({ ask, starting: "Opening the file …" }).run()
