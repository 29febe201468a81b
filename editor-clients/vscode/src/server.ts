/** The life of the server: found, started, restarted when trust or settings change, ended with the window. */

import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  type FeatureState,
  type InitializeResult,
  LanguageClient,
  MessageType,
  ShowMessageNotification,
  type ShowMessageParams,
  ShowMessageRequest,
  type StaticFeature,
} from "vscode-languageclient/node";

import { fenceAt } from "./cells";
import { discover, DiscoveryError, type Found, misfit } from "./discovery";
import { linesOf } from "./place";
import { ask, askInput } from "./questions";
import type { CellFinished, CellOutput, CellStarted, Runs } from "./runs";

export type State = "starting" | "running" | "missing" | "failed" | "stopped";

/** Tells the server that this client shows output as it comes. */
const wantsOutput: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const experimental = (capabilities.experimental ?? {}) as Record<string, unknown>;
    capabilities.experimental = { ...experimental, runbook: { cellOutput: true, colours: true, terminal: true, input: true } };
  },
  initialize: () => undefined,
  getState: (): FeatureState => ({ kind: "static" }),
  clear: () => undefined,
};

export class Server implements vscode.Disposable {
  state: State = "stopped";
  found: Found | undefined;
  /** One sentence on what is wrong, for the status item. */
  trouble = "";

  private client: LanguageClient | undefined;
  private quiet = 0;
  private readonly unshown = new Set<string | number>();
  private wanted: Promise<boolean> | undefined;
  private readonly changed = new vscode.EventEmitter<State>();
  readonly onChange = this.changed.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly runs: Runs,
    private readonly log: vscode.LogOutputChannel,
    private readonly command: (name: string, argument: unknown) => Promise<unknown>,
  ) {}

  get version(): string {
    return this.initialized?.serverInfo?.version ?? "";
  }

  /** What the server says of its model: "" if it says nothing. */
  get model(): string {
    const experimental = this.initialized?.capabilities.experimental as { runbook?: { model?: unknown } } | undefined;
    const model = experimental?.runbook?.model;
    return typeof model === "string" ? model : "";
  }

  get privateEnvironment(): string {
    return join(this.context.globalStorageUri.fsPath, "server");
  }

  /** Start the server unless it runs or is on its way; false if there is none to start. */
  async start(): Promise<boolean> {
    this.wanted ??= this.launch();
    return this.wanted;
  }

  async restart(): Promise<boolean> {
    await this.stop();
    return this.start();
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = this.wanted = undefined;
    if (client) await client.dispose(3000).catch(() => undefined);
    this.runs.lost();
    this.become("stopped");
  }

  /** Ask the server to do one of its commands. What it answers; its error's sentence is thrown. */
  async execute(command: string, argument?: unknown): Promise<unknown> {
    if (!(await this.start()) || !this.client) throw new Error(this.trouble || "The runbook server is not running.");
    const params = { command, arguments: argument === undefined ? [] : [argument] };
    return this.client.sendRequest("workspace/executeCommand", params);
  }

  /** As `execute`, for what is shown better than as the notification that the server would give. */
  async answer(command: string, argument: unknown): Promise<unknown> {
    this.quiet++;
    try {
      return await this.execute(command, argument);
    } finally {
      this.quiet--;
    }
  }

  /** Commands that the running server has. */
  can(command: string): boolean {
    return this.initialized?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  dispose(): void {
    void this.stop();
    this.changed.dispose();
  }

  private get initialized(): InitializeResult | undefined {
    return this.client?.initializeResult;
  }

  private async launch(): Promise<boolean> {
    this.become("starting");
    try {
      this.found = discover(await this.places());
    } catch (error) {
      if (!(error instanceof DiscoveryError)) throw error;
      return this.fail("failed", error.message, "Open Settings");
    }
    if (!this.found) {
      const sentence = "Runbooks need the program runbook-ls, which is not on this machine yet.";
      return this.fail("missing", sentence, "Install", "Choose the Program…");
    }
    const client = this.build(this.found.program);
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.log.error(String(error));
      if (this.client !== client) return false;
      return this.fail("failed", `${this.found.program} did not start as a language server.`, "Show Log", "Install");
    }
    const wrong = misfit(client.initializeResult?.serverInfo?.version, this.found.program);
    if (wrong) {
      await client.dispose(3000).catch(() => undefined);
      this.client = undefined;
      return this.fail("failed", wrong, "Install");
    }
    this.become("running");
    return true;
  }

  private build(program: string): LanguageClient {
    // Not started in the workspace: what lies there must not be imported.
    const options = { cwd: homedir() };
    const client: LanguageClient = new LanguageClient(
      "runbook-ls",
      "Runbooks",
      { command: program, args: ["serve"], options },
      {
        documentSelector: [{ scheme: "file", language: "markdown" }],
        outputChannel: this.log,
        initializationOptions: () => ({ ...settings(), trusted: vscode.workspace.isTrusted }),
        errorHandler: {
          error: () => ({ action: ErrorAction.Continue, handled: true }),
          closed: () => this.closed(client),
        },
        middleware: {
          executeCommand: (name, args: unknown[]) => this.command(name, args[0]),
          workspace: {
            // The server's own settings are one object here; the others are this extension's.
            configuration: (params, token, next) =>
              params.items.every((item) => item.section === "runbook-ls")
                ? params.items.map((item) => settings(item.scopeUri))
                : next(params, token),
          },
          // The status item and the fence show what runs; a notification would stand in the way.
          handleWorkDoneProgress: (token, params, next) => {
            if (params.kind === "begin" && params.title.startsWith("Running ")) this.unshown.add(token);
            if (!this.unshown.has(token)) next(token, params);
            if (params.kind === "end") this.unshown.delete(token);
          },
          provideInlayHints: async (document, range, token, next) => {
            // A run of this window stands at the fence as a decoration; the hint would say it twice.
            const hints = (await next(document, range, token)) ?? [];
            const shown = new Set(this.runs.latest(document.uri.toString()).map((run) => run.line));
            return hints.filter((hint) => !shown.has(hint.position.line));
          },
        },
      },
    );
    client.registerFeature(wantsOutput);
    client.onNotification("runbook/cellStarted", (told: CellStarted) => this.started(told));
    client.onNotification("runbook/cellOutput", (told: CellOutput) => this.runs.output(told));
    client.onNotification("runbook/cellFinished", (told: CellFinished) => this.runs.finished(told));
    client.onRequest(ShowMessageRequest.type, ask);
    client.onRequest("runbook/input", askInput);
    client.onNotification(ShowMessageNotification.type, (told) => this.say(told));
    return client;
  }

  private started(told: CellStarted): void {
    const uri = vscode.Uri.parse(told.uri).toString(); // VS Code's own spelling of it
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    const fence = document && fenceAt(linesOf(document), told.cell.line);
    this.runs.started({ ...told, uri }, fence?.body ?? "", fence?.language ?? "");
  }

  private say(told: ShowMessageParams): void {
    if (this.quiet > 0 || this.runs.tells(told.message)) return;
    if (told.type === MessageType.Error) void vscode.window.showErrorMessage(told.message);
    else if (told.type === MessageType.Warning) void vscode.window.showWarningMessage(told.message);
    else void vscode.window.showInformationMessage(told.message);
  }

  private closed(client: LanguageClient): { action: CloseAction; handled: true } {
    if (this.client === client) {
      this.client = this.wanted = undefined;
      this.runs.lost();
      void this.fail("failed", "The runbook server ended unexpectedly.", "Restart", "Show Log");
    }
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  private async places(): Promise<Parameters<typeof discover>[0]> {
    return {
      setting: vscode.workspace.getConfiguration("runbook-ls").get("server.path", ""),
      python: await activePython(),
      path: process.env["PATH"] ?? "",
      privateEnvironment: this.privateEnvironment,
      workspace: (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath),
      trusted: vscode.workspace.isTrusted,
    };
  }

  private fail(state: State, sentence: string, ...actions: string[]): false {
    this.trouble = sentence;
    this.wanted = undefined;
    this.become(state);
    void vscode.window.showWarningMessage(sentence, ...actions).then((chosen) => {
      if (chosen) void vscode.commands.executeCommand(ACTIONS[chosen] ?? "runbook-ls.showLog");
    });
    return false;
  }

  private become(state: State): void {
    if (state === "running") this.trouble = "";
    this.state = state;
    void vscode.commands.executeCommand("setContext", "runbook-ls.running", state === "running");
    this.changed.fire(state);
  }
}

const ACTIONS: Record<string, string> = {
  Install: "runbook-ls.installServer",
  "Choose the Program…": "runbook-ls.chooseServer",
  "Open Settings": "runbook-ls.openSettings",
  Restart: "runbook-ls.restartServer",
  "Show Log": "runbook-ls.showLog",
};

/** The settings of the server, of a folder or of the whole window. */
function settings(scope?: string): Record<string, unknown> {
  const uri = scope === undefined ? undefined : vscode.Uri.parse(scope);
  return vscode.workspace.getConfiguration("runbook-ls", uri).get<Record<string, unknown>>("settings", {});
}

interface PythonExtension {
  environments?: { getActiveEnvironmentPath(resource?: vscode.Uri): { path: string } };
}

/** The interpreter that the Python extension has chosen, if there is one. */
async function activePython(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  if (!extension) return undefined;
  try {
    const python = await extension.activate();
    return python.environments?.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri).path;
  } catch {
    return undefined;
  }
}
