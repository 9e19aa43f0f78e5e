// The extension: starts the language server with the first config that is opened.

import { commands, languages, window, workspace, type ExtensionContext, type LogOutputChannel, type TextDocument } from "vscode";
import { CloseAction, LanguageClient, RevealOutputChannelOn, type ErrorHandler } from "vscode-languageclient/node";
import { mayBeConfig } from "./recognition";
import { startServer, type Server } from "./server";

const SELECTOR = ["toml", "yaml", "json"].flatMap((language) =>
  ["file", "untitled"].map((scheme) => ({ language, scheme })),
);

/** The client. A failed start is not repeated automatically; `start` below reports it once. */
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

let output: LogOutputChannel;
let server: Server | undefined;
let client: Client | undefined;
let wanted = false;
let changes = Promise.resolve();

export function activate(context: ExtensionContext): void {
  output = window.createOutputChannel("segdsl", { log: true });
  context.subscriptions.push(
    output,
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
    await stopped.stop().catch((error: unknown) => {
      output.error(`the server does not end: ${String(error)}`);
      server?.process.kill();
    });
  }
}

async function start(): Promise<void> {
  const command = workspace.getConfiguration("segdsl").get<string[]>("command", []);
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const launch = async () => (server = await startServer(command, folder)).process;
  const started = new Client("segdsl", "segdsl", launch, {
    documentSelector: SELECTOR,
    outputChannel: output,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationFailedHandler: () => false,
  });
  server = undefined;
  try {
    await started.start();
    client = started;
  } catch (error) {
    void report(await reasonOfFailure(error));
  }
}

/** Why a start failed: what the server said before it ended, or what the client says. */
async function reasonOfFailure(error: unknown): Promise<string> {
  const failed = server;
  failed?.process.kill();
  const end = await failed?.ended;
  const endedByItself = end !== undefined && failed?.process.signalCode === null;
  return endedByItself ? end : error instanceof Error ? error.message : String(error);
}

async function report(problem: string): Promise<void> {
  const choice = await window.showErrorMessage(`segdsl: ${problem}`, "Open Settings");
  if (choice) {
    await commands.executeCommand("workbench.action.openSettings", "segdsl.command");
  }
}
