// A stand-in for the editor: enough of its API to run the built extension with a real server.
// node vscode_host.cjs EXTENSION <<< {command, documents: [{name, language, text}], complete: {name, line, character}}
// It opens the documents one after the other, and writes what the editor would show to stdout as JSON.

const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const asked = JSON.parse(fs.readFileSync(0, "utf8"));
const seen = { errors: [], diagnostics: {}, labels: [], executed: [], started: [], commands: [], failed: [] };
process.on("unhandledRejection", (error) => seen.failed.push(String(error?.stack ?? error)));

// What the tests do not look at: callable, constructible, and all of its members are like it.
const anything = new Proxy(function () {}, {
  get: (_, name) => (name === Symbol.toPrimitive ? () => "" : name === "then" ? undefined : anything),
  apply: () => anything,
  construct: () => anything,
});
const withDefaults = (known) => new Proxy(known, { get: (of, name) => (name in of ? of[name] : anything) });

class Event {
  listeners = new Set();
  on = (listener, self) => {
    const bound = self ? listener.bind(self) : listener;
    this.listeners.add(bound);
    return { dispose: () => this.listeners.delete(bound) };
  };
  fire = (value) => Promise.all([...this.listeners].map((listener) => listener(value)));
}
class EventEmitter extends Event {
  event = this.on;
  dispose() {}
}
class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}
class Range {
  constructor(start, end) {
    Object.assign(this, { start, end });
  }
}
class Item {
  constructor(label) {
    this.label = label;
  }
}
class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}
class Disposable {
  constructor(dispose) {
    this.dispose = dispose ?? (() => {});
  }
}
class CancellationTokenSource {
  token = noToken;
  cancel() {}
  dispose() {}
}
class CancellationError extends Error {}
const uri = (file) => ({ scheme: "file", path: file, fsPath: file, toString: () => `file://${file}` });
const noToken = { isCancellationRequested: false, onCancellationRequested: () => new Disposable() };

const opened = new Event();
const configured = new Event();
const documents = [];
let completion;
const enumeration = new Proxy({}, { get: (_, name) => name });
const shown = (message) => {
  seen.errors.push(message);
  return Promise.resolve(asked.choose);
};
const vscode = withDefaults({
  version: "1.91.0",
  env: withDefaults({ appName: "stand-in", language: "en" }),
  Uri: withDefaults({ file: uri, parse: (text) => uri(text.replace("file://", "")) }),
  EventEmitter,
  Position,
  Range,
  Diagnostic,
  Disposable,
  CancellationError,
  CancellationTokenSource,
  CompletionItem: Item,
  CompletionList: class {
    constructor(items, isIncomplete) {
      Object.assign(this, { items, isIncomplete });
    }
  },
  ...Object.fromEntries(
    ["CompletionItemKind", "DiagnosticSeverity", "DiagnosticTag", "SymbolKind", "CodeActionKind"].map((name) => [name, enumeration]),
  ),
  commands: withDefaults({
    registerCommand: (name, run) => {
      seen.commands.push(name);
      vscode.registered[name] = run;
      return new Disposable();
    },
    executeCommand: async (...words) => void seen.executed.push(words),
  }),
  registered: {},
  window: withDefaults({
    showErrorMessage: shown,
    createOutputChannel: () => withDefaults({ append: console.error, error: console.error }),
    visibleTextEditors: [],
    visibleNotebookEditors: [],
    tabGroups: withDefaults({ all: [] }),
  }),
  workspace: withDefaults({
    textDocuments: documents,
    notebookDocuments: [],
    workspaceFolders: [{ uri: uri(asked.folder), name: "folder", index: 0 }],
    onDidOpenTextDocument: opened.on,
    onDidChangeConfiguration: configured.on,
    getConfiguration: () => ({ get: (name, otherwise) => (name === "command" ? asked.command : otherwise) }),
  }),
  languages: withDefaults({
    match: (selector, document) =>
      selector.some((one) => one.language === document.languageId && one.scheme === document.uri.scheme) ? 10 : 0,
    createDiagnosticCollection: () => ({
      set: (of, found) => {
        seen.diagnostics[path.basename(of.path)] = found.map((one) => one.code?.value ?? one.code);
        published.fire(path.basename(of.path));
      },
      delete: () => {},
      clear: () => {},
      dispose: () => {},
    }),
    registerCompletionItemProvider: (_, provider) => {
      completion = provider;
      return new Disposable();
    },
  }),
});
const published = new Event();

const resolve = Module._resolveFilename;
Module._resolveFilename = (name, ...rest) => (name === "vscode" ? name : resolve(name, ...rest));
require.cache.vscode = { id: "vscode", filename: "vscode", loaded: true, exports: vscode };

const children = require("node:child_process");
const spawn = children.spawn;
children.spawn = (program, words, options) => {
  const child = spawn(program, words, options);
  seen.started.push([program, ...words]);
  running.push(new Promise((done) => child.on("close", done).on("error", done)));
  return child;
};
const running = [];

function open({ name, language, text }) {
  const document = {
    uri: uri(path.join(asked.folder, name)),
    languageId: language,
    version: 1,
    isClosed: false,
    getText: () => text,
  };
  documents.push(document);
  return opened.fire(document);
}

async function main() {
  const { activate, deactivate } = require(path.resolve(process.argv[2]));
  activate({ subscriptions: [] });
  for (const document of asked.documents) {
    const answered = new Promise((done) => published.on((name) => name === document.name && done()));
    await open(document);
    await (document.waits ? answered : undefined);
  }
  for (const again of asked.run ?? []) {
    const answered = new Promise((done) => published.on(done));
    await vscode.registered[again]();
    await answered;
  }
  if (asked.complete) {
    const { name, line, character } = asked.complete;
    const document = documents.find((one) => one.uri.path.endsWith(name));
    const found = await completion.provideCompletionItems(document, new Position(line, character), noToken, {});
    seen.labels = found.items.map((item) => item.label?.label ?? item.label);
  }
  if (asked.documents.some((one) => one.fails)) {
    await new Promise((done) => {
      const look = () => (seen.errors.length ? setTimeout(done, 50) : setTimeout(look, 10));
      look();
    });
  }
  await deactivate();
  await Promise.all(running);
  fs.writeSync(1, JSON.stringify(seen));
  process.exit(0);
}
void main();
