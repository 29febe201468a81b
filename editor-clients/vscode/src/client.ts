/** The language client: what is sent to the server at its start, and where what it says goes. Loaded when needed. */

import { homedir } from "node:os";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  type FeatureState,
  LanguageClient,
  ShowMessageNotification,
  ShowMessageRequest,
  type StaticFeature,
} from "vscode-languageclient/node";

import type { ask, askInput } from "./questions";
import type { CellFinished, CellOutput, CellStarted, Runs } from "./runs";

/** `runbook/model`: when a model would be asked, and which. */
export interface ModelTold {
  readonly asked: "never" | "fallback" | "always";
  readonly name: string;
}

export interface Hooks {
  readonly log: vscode.LogOutputChannel;
  readonly runs: Runs;
  readonly command: (name: string, argument: unknown) => Promise<unknown>;
  readonly started: (told: CellStarted) => void;
  readonly said: (type: number, message: string) => void;
  // Handed over, not imported: this is a bundle of its own, and would have its own of what they remember.
  readonly ask: typeof ask;
  readonly askInput: typeof askInput;
  readonly closed: (client: LanguageClient) => void;
  readonly model: (told: ModelTold) => void;
}

/** Tells the server what this client can show: output as it comes, colours, a terminal, input boxes, the model. */
const canShow: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const experimental = (capabilities.experimental ?? {}) as Record<string, unknown>;
    const runbook = { cellOutput: true, colours: true, terminal: true, input: true, model: true };
    capabilities.experimental = { ...experimental, runbook };
  },
  initialize: () => undefined,
  getState: (): FeatureState => ({ kind: "static" }),
  clear: () => undefined,
};

/** A client of `program`, not started yet. */
export function build(program: string, hooks: Hooks): LanguageClient {
  const { runs } = hooks;
  const unshown = new Set<string | number>();
  const client: LanguageClient = new LanguageClient(
    "runbook-ls",
    "Runbooks",
    // Not started in the workspace: what lies there must not be imported.
    { command: program, args: ["serve"], options: { cwd: homedir() } },
    {
      documentSelector: [{ scheme: "file", language: "markdown" }],
      outputChannel: hooks.log,
      initializationOptions: () => ({ ...settings(), trusted: vscode.workspace.isTrusted }),
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => {
          hooks.closed(client);
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
      middleware: {
        executeCommand: (name, args: unknown[]) => hooks.command(name, args[0]),
        workspace: {
          // The server's own settings are one object here; the others are this extension's.
          configuration: (params, token, next) =>
            params.items.every((item) => item.section === "runbook-ls")
              ? params.items.map((item) => settings(item.scopeUri))
              : next(params, token),
        },
        // The status item and the fence show what runs; a notification would stand in the way.
        handleWorkDoneProgress: (token, params, next) => {
          if (params.kind === "begin" && params.title.startsWith("Running ")) unshown.add(token);
          if (!unshown.has(token)) next(token, params);
          if (params.kind === "end") unshown.delete(token);
        },
        provideInlayHints: async (document, range, token, next) => {
          // A run of this window stands at the fence as a decoration; the hint would say it twice.
          const hints = (await next(document, range, token)) ?? [];
          const shown = new Set(runs.latest(document.uri.toString()).map((run) => run.line));
          return hints.filter((hint) => !shown.has(hint.position.line));
        },
      },
    },
  );
  client.registerFeature(canShow);
  client.onNotification("runbook/cellStarted", (told: CellStarted) => hooks.started(told));
  client.onNotification("runbook/cellOutput", (told: CellOutput) => runs.output(told));
  client.onNotification("runbook/cellFinished", (told: CellFinished) => runs.finished(told));
  client.onNotification("runbook/model", (told: ModelTold) => hooks.model(told));
  client.onRequest(ShowMessageRequest.type, hooks.ask);
  client.onRequest("runbook/input", hooks.askInput);
  client.onNotification(ShowMessageNotification.type, ({ type, message }) => hooks.said(type, message));
  return client;
}

/** The settings of the server, of a folder or of the whole window. */
function settings(scope?: string): Record<string, unknown> {
  const uri = scope === undefined ? undefined : vscode.Uri.parse(scope);
  return vscode.workspace.getConfiguration("runbook-ls", uri).get<Record<string, unknown>>("settings", {});
}
