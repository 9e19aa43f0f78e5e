// The extension: starts the language server with the first config that is opened.

import { commands, languages, window, workspace, type ExtensionContext, type TextDocument } from "vscode";
import { CloseAction, LanguageClient, RevealOutputChannelOn, type ErrorHandler } from "vscode-languageclient/node";
import { mayBeConfig } from "./recognition";
import { startServer, type Server } from "./server";

const SELECTOR = ["toml", "yaml", "json"].flatMap((language) =>
  ["file", "untitled"].map((scheme) => ({ language, scheme })),
);

/** The client. A start that fails is not tried again by itself, and is shown by `start` below, once. */
class Client extends LanguageClient {
  private hasStarted = false;

  override async start(): Promise<void> {
    await super.start();
    this.hasStarted = true;
  }

  override createDefaultErrorHandler(maxRestartCount?: number): ErrorHandler {
    const usual = super.createDefaultErrorHandler(maxRestartCount);
    return {
      error: (error, message, count) => usual.error(error, message, count),
      closed: () => (this.hasStarted ? usual.closed() : { action: CloseAction.DoNotRestart, handled: true }),
    };
  }

  override error(message: string, data?: unknown, show?: boolean | "force"): void {
    super.error(message, data, this.hasStarted ? show : false);
  }
}

let client: Client | undefined;
let wanted = false;
let changes = Promise.resolve();

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(
    workspace.onDidOpenTextDocument(startFor),
    workspace.onDidSaveTextDocument(startFor),
    workspace.onDidChangeConfiguration((change) => {
      if (wanted && change.affectsConfiguration("segdsl.command")) {
        void restart();
      }
    }),
    commands.registerCommand("segdsl.restart", restart),
  );
  workspace.textDocuments.forEach(startFor);
}

export function deactivate(): Promise<void> {
  return inTurn(stop);
}

function startFor(document: TextDocument): void {
  if (!wanted && languages.match(SELECTOR, document) && mayBeConfig(document.uri.path, document.getText())) {
    void restart();
  }
}

function restart(): Promise<void> {
  wanted = true;
  return inTurn(async () => {
    await stop();
    await start();
  });
}

/** Starts and stops follow one another. */
function inTurn(change: () => Promise<void>): Promise<void> {
  changes = changes.then(change);
  return changes;
}

async function stop(): Promise<void> {
  const stopped = client;
  client = undefined;
  if (stopped?.isRunning()) {
    await stopped.stop();
  }
}

async function start(): Promise<void> {
  const command = workspace.getConfiguration("segdsl").get<string[]>("command", []);
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  let server: Server | undefined;
  const started = new Client(
    "segdsl",
    "segdsl",
    async () => (server = await startServer(command, folder)).process,
    {
      documentSelector: SELECTOR,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationFailedHandler: () => false,
    },
  );
  try {
    await started.start();
    client = started;
  } catch (error) {
    server?.process.kill();
    const end = await server?.ended;
    const endedItself = server?.process.signalCode === null;
    void report(end && endedItself ? end : error instanceof Error ? error.message : String(error));
  }
}

async function report(problem: string): Promise<void> {
  const choice = await window.showErrorMessage(`segdsl: ${problem}`, "Open Settings");
  if (choice) {
    await commands.executeCommand("workbench.action.openSettings", "segdsl.command");
  }
}
