/** The state of the page in the fragment of its address, which a browser never sends to a server. */

export interface State {
  text: string
  dialect: string
}

export function readLink(): Partial<State> {
  const found = new URLSearchParams(location.hash.slice(1))
  const state: Partial<State> = {}
  const [text, dialect] = [found.get("text"), found.get("sql")]
  if (text !== null) state.text = text
  if (dialect) state.dialect = dialect
  return state
}

export function writeLink({ text, dialect }: State): void {
  history.replaceState(null, "", `#${new URLSearchParams({ text, sql: dialect })}`)
}
