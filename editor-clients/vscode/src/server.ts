/** The life of the server: found, started, restarted when trust or settings change, ended with the window. */

import { join } from "node:path";
import * as vscode from "vscode";
import type { InitializeResult, LanguageClient } from "vscode-languageclient/node";

import { fenceAt } from "./cells";
import type { ModelTold } from "./client";
import { discover, DiscoveryError, type Found, misfit } from "./discovery";
import { linesOf } from "./place";
import { ask, askInput, notify } from "./questions";
import type { CellStarted, Runs } from "./runs";

export type State = "starting" | "running" | "missing" | "failed" | "stopped";

export class Server implements vscode.Disposable {
  state: State = "stopped";
  found: Found | undefined;
  /** One sentence on what is wrong, for the status item. */
  trouble = "";
  /** Whether a model is asked, as the server tells it. */
  model: ModelTold = { asked: "never", name: "" };

  private client: LanguageClient | undefined;
  private quiet = 0;
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
    // A bundle of its own: opening a markdown file does not wait until it is loaded.
    const { build } = await import("./client.js");
    const client = build(this.found.program, {
      log: this.log,
      runs: this.runs,
      command: this.command,
      started: (told) => this.started(told),
      said: (type, message) => this.say(type, message),
      ask,
      askInput,
      closed: (ended) => this.closed(ended),
      model: (told) => {
        this.model = told;
        this.changed.fire(this.state);
      },
    });
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

  private started(told: CellStarted): void {
    const uri = vscode.Uri.parse(told.uri).toString(); // VS Code's own spelling of it
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
    const fence = document && fenceAt(linesOf(document), told.cell.line);
    this.runs.started({ ...told, uri }, fence?.body ?? "", fence?.language ?? "");
  }

  private say(type: number, message: string): void {
    if (this.quiet > 0 || this.runs.tells(message)) return;
    void notify(type, message);
  }

  private closed(client: LanguageClient): void {
    if (this.client !== client) return;
    this.client = this.wanted = undefined;
    this.runs.lost();
    void this.fail("failed", "The runbook server ended unexpectedly.", "Restart", "Show Log");
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
