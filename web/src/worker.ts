/** Python in a web worker: loads Pyodide and the wheels, then answers as `segdsl studio` does. */

import type { loadPyodide as LoadPyodide, PyodideAPI } from "pyodide"

export type ToWorker = { question: string }
export type FromWorker = { ready: true } | { failed: string } | { answer: string }

const reply = (message: FromWorker) => postMessage(message)

async function bytes(name: string): Promise<Uint8Array> {
  const found = await fetch(new URL(name, import.meta.url))
  if (!found.ok) throw new Error(`${name} was answered with status ${found.status}`)
  return new Uint8Array(await found.arrayBuffer())
}

/** The names of the wheels, which the build writes beside this file. */
async function wheels(): Promise<Uint8Array[]> {
  const names: string[] = JSON.parse(new TextDecoder().decode(await bytes("wheels.json")))
  return Promise.all(names.map(bytes))
}

const ANSWER = `
from segdsl.studio.playground import playground
from segdsl.studio.session import answered
session = playground()
lambda question: answered(session, question)[1]
`

async function load(): Promise<(question: string) => string> {
  const home = new URL("pyodide/", import.meta.url)
  const [python, packages] = await Promise.all([runtime(home), wheels()])
  for (const wheel of packages) python.unpackArchive(wheel, "wheel")
  return python.runPython(ANSWER)
}

async function runtime(home: URL): Promise<PyodideAPI> {
  const { loadPyodide }: { loadPyodide: typeof LoadPyodide } = await import(new URL("pyodide.mjs", home).href)
  return loadPyodide({ indexURL: home.href })
}

const loading = load()
loading.then(
  () => reply({ ready: true }),
  (error: unknown) => reply({ failed: (error instanceof Error ? error.message : String(error)).trim().split("\n").at(-1) ?? "" }),
)
onmessage = async ({ data }: MessageEvent<ToWorker>) => {
  const answer = await loading
  try {
    reply({ answer: answer(data.question) })
  } catch (error) {
    reply({ answer: JSON.stringify({ error: String(error) }) })
  }
}
