/** Wires the parts. Activation only registers: the server is found and started after the editor has the file. */

import { join } from "node:path";
import * as vscode from "vscode";

import { install } from "./install";
import { Decorations } from "./decorations";
import { Learned } from "./learned";
import { watchRuns } from "./notices";
import { goToRun, Output } from "./output";
import { cellHere, goToCell, here, runbookEditor, watchCursor } from "./place";
import { pages, SCHEME, showPage } from "./questions";
import { Runs } from "./runs";
import { Server } from "./server";
import { Status } from "./status";
import { runInTerminal } from "./terminal";
import { runAsMarkdown } from "./wording";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Runbooks", { log: true });
  const runs = new Runs();
  const server = new Server(context, runs, log, (name, argument) => perform(name, argument));
  const output = new Output(runs);
  const learned = new Learned(server);
  const status = new Status(server, runs);
  watchRuns(runs, output);
  runs.onChange((_, event) => event === "finished" && learned.refresh());

  /** Let the server do one of its commands; what it cannot do it says in one sentence. */
  async function perform(name: string, argument: unknown = here()): Promise<unknown> {
    if (argument === undefined) {
      void vscode.window.showInformationMessage("Put the cursor into a cell of a markdown runbook first.");
      return undefined;
    }
    try {
      if (name === "runbook.runInTerminal") { await inTerminal(argument as { uri: string; line: number }); return; }
      if (name === "runbook.explain") { await explain(await server.answer(name, argument)); return; }
      return await server.execute(name, argument);
    } catch (error) {
      say(error);
      return undefined;
    }
  }

  async function inTerminal(place: { uri: string; line: number }): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri));
    await runInTerminal(server, document, place.line);
  }

  /** A command of the palette. Its errors are shown as sentences. */
  function command(name: string, act: (...args: never[]) => unknown): vscode.Disposable {
    return vscode.commands.registerCommand(`runbook-ls.${name}`, async (...args: never[]) => {
      try {
        await act(...args);
      } catch (error) {
        say(error);
      }
    });
  }

  const ofServer = ["runCell", "runAbove", "runAll", "cancel", "generate", "explain", "resetState"];
  context.subscriptions.push(
    log,
    server,
    output,
    learned,
    status,
    new Decorations(runs),
    watchCursor(),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, pages),
    ...ofServer.map((name) => command(name, () => perform(`runbook.${name}`))),
    command("runCellAndMoveOn", () => {
      const place = here();
      goToCell("next");
      return perform("runbook.runCell", place);
    }),
    command("runSelection", () => {
      const editor = runbookEditor();
      if (!editor) throw new Error("Select the lines of a cell that should run.");
      const { start, end } = editor.selection;
      const range = editor.selection.isEmpty ? {} : { range: { start, end } };
      return perform("runbook.runSelection", { uri: editor.document.uri.toString(), line: start.line, ...range });
    }),
    command("nextCell", () => goToCell("next")),
    command("previousCell", () => goToCell("previous")),
    command("showOutput", () => {
      const uri = here()?.uri ?? runs.running()[0]?.uri;
      if (uri && output.has(uri)) output.show(uri, true);
      else if (uri && server.can("runbook.showOutput")) return perform("runbook.showOutput");
      else void vscode.window.showInformationMessage("No cell of this runbook has run in this window yet.");
      return undefined;
    }),
    command("goToRun", () => goToRun(runs)),
    command("copyRun", () => copyRun(runs)),
    command("runInTerminal", () => {
      const editor = runbookEditor();
      if (!editor) throw new Error("Put the cursor into the cell that a terminal should run.");
      return runInTerminal(server, editor.document, editor.selection.active.line);
    }),
    command("installServer", async () => {
      const wheels = vscode.workspace.getConfiguration("runbook-ls").get("server.wheels", "");
      await server.stop();
      const other = server.found !== undefined && server.found.where !== "private environment";
      const installed = await install(server.privateEnvironment, wheels, log);
      if (installed && other) {
        // Else the one that did not fit would be found first again. The change restarts the server.
        const program = join(server.privateEnvironment, "bin", "runbook-ls");
        await vscode.workspace.getConfiguration("runbook-ls").update("server.path", program, vscode.ConfigurationTarget.Global);
      }
      await server.start();
    }),
    command("chooseServer", async () => {
      const [file] = (await vscode.window.showOpenDialog({ openLabel: "Use This Program", title: "Where is runbook-ls?" })) ?? [];
      if (!file) return;
      const configuration = vscode.workspace.getConfiguration("runbook-ls");
      await configuration.update("server.path", file.fsPath, vscode.ConfigurationTarget.Global);
    }),
    command("openSettings", () => vscode.commands.executeCommand("workbench.action.openSettings", "@ext:runbook-ls.runbook-ls")),
    command("restartServer", () => server.restart()),
    command("showLog", () => log.show()),
    command("doctor", async () => {
      const content = await learned.cli("doctor");
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language: "plaintext" }));
    }),
    command("menu", () => menu(server, runs)),
    command("tour", () => vscode.commands.executeCommand("workbench.action.openWalkthrough", "runbook-ls.runbook-ls#tour")),
    command("practice", () => practice(context.globalStorageUri)),
    command("learned.refresh", () => learned.refresh()),
    command("learned.export", () => learned.export()),
    command("learned.forget", (node: Parameters<Learned["forget"]>[0]) => learned.forget(node)),
    command("learned.open", (node: Parameters<Learned["open"]>[0]) => learned.open(node)),
    command("learned.copy", (node: Parameters<Learned["copy"]>[0]) => learned.copy(node)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("runbook-ls.server") || event.affectsConfiguration("runbook-ls.settings")) {
        void server.restart();
      }
    }),
  );
  // Not awaited, and after this: the editor shows the file while the server starts.
  setTimeout(() => void server.start(), 0);
}

function say(error: unknown): void {
  void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
}

/** Show the server's explanation as a page. */
async function explain(answer: unknown): Promise<void> {
  const { markdown } = answer as { markdown?: string };
  if (markdown) await showPage("Why this suggestion", `# Why this suggestion?\n\n${markdown}\n`);
}

async function copyRun(runs: Runs): Promise<void> {
  const place = here();
  const run = place && (runs.last(place.uri, cellHere()?.start) ?? runs.last(place.uri));
  if (!run?.finished) throw new Error("No cell has run here yet: there is no run to copy.");
  const file = vscode.workspace.asRelativePath(vscode.Uri.parse(run.uri));
  await vscode.env.clipboard.writeText(runAsMarkdown({ ...run, ...run.finished, file, time: run.started }));
  void vscode.window.showInformationMessage(`Copied the run of ${run.name} as markdown.`);
}

async function menu(server: Server, runs: Runs): Promise<void> {
  const items: (vscode.QuickPickItem & { command?: string })[] = [];
  if (runs.running().length > 0) items.push({ label: "$(debug-stop) Cancel the running cell", command: "runbook-ls.cancel" });
  if (server.state === "missing") items.push({ label: "$(cloud-download) Install the server", command: "runbook-ls.installServer" });
  if (!vscode.workspace.isTrusted) items.push({ label: "$(shield) Manage workspace trust", command: "workbench.trust.manage" });
  items.push(
    { label: "$(book) Show the output", command: "runbook-ls.showOutput" },
    { label: "$(mortar-board) Show what was learned", command: "runbook-ls.learned.focus" },
    { label: "$(pulse) What works here? (Doctor)", command: "runbook-ls.doctor" },
    { label: "$(settings-gear) Settings", command: "runbook-ls.openSettings" },
    { label: "$(refresh) Restart the server", command: "runbook-ls.restartServer" },
    { label: "$(output) Show the server's log", command: "runbook-ls.showLog" },
    { label: "$(compass) The five-minute tour", command: "runbook-ls.tour" },
  );
  const chosen = await vscode.window.showQuickPick(items, { title: "Runbook", placeHolder: server.trouble });
  if (chosen?.command) await vscode.commands.executeCommand(chosen.command);
}

/** Open a runbook to try things with. It is written once; what you change in it stays. */
async function practice(folder: vscode.Uri): Promise<void> {
  const content = [
    "# Practice",
    "",
    "Show how full the disk of /tmp is",
    "",
    "```sh",
    "df -h /tmp",
    "```",
    "",
    "Show how full the disk of /var is",
    "",
    "```sh",
    "```",
    "",
  ].join("\n");
  const file = vscode.Uri.joinPath(folder, "practice.md");
  try {
    await vscode.workspace.fs.stat(file);
  } catch {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
  }
  await vscode.window.showTextDocument(file);
}
