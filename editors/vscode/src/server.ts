// The process of the language server.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";

/** A server that runs; `ended` becomes a sentence about its end. */
export interface Server {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<string>;
}

/** Starts a command. Rejects with an error whose message says what to do. */
export function startServer(command: readonly string[], folder: string | undefined): Promise<Server> {
  const [program = "", ...words] = command;
  const shown = `\`${command.join(" ")}\``;
  const child = spawn(program, words, { cwd: folder });
  let written = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    written = (written + text).slice(-2000);
  });
  const ended = new Promise<string>((resolve) => {
    child.on("close", (code, signal) => {
      resolve(`${shown} ended (${signal ?? `exit code ${code}`}). ${written.trim()}`.trim());
    });
  });
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve({ process: child, ended }));
    child.once("error", (error: NodeJS.ErrnoException) => {
      const missing = `\`${program}\` is not found. Install it (\`pip install 'segdsl[lsp]'\`), or name the command`;
      const hint = "in the setting `segdsl.command`.";
      reject(new Error(error.code === "ENOENT" ? `${missing} ${hint}` : `${shown} cannot start: ${error.message}`));
    });
  });
}
