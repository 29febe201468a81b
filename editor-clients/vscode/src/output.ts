/**
 * The *Runbook* view: one terminal a runbook that shows what its cells print, as it comes, with colours. A terminal
 * has what people need here: scrolling, searching, copying, links, and an accessible view for screen readers.
 */

import { basename } from "node:path";
import * as vscode from "vscode";

import type { Run, Runs } from "./runs";
import { ended } from "./wording";

/** What a view remembers, so that it can be shown again after it was closed. */
const KEPT = 500_000;
const [BOLD, DIM, GREEN, RED, RESET] = ["\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[0m"];

class Link extends vscode.TerminalLink {
  constructor(
    start: number,
    length: number,
    readonly uri: string,
    readonly line: number,
  ) {
    super(start, length, "Go to the cell");
  }
}

/** Show a cell, by its document and the 0-based line of its fence. */
async function goTo({ uri, line }: { uri: string; line: number }): Promise<void> {
  const place = new vscode.Position(line, 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri), { selection: new vscode.Range(place, place) });
}

/** By keyboard what the links in the output are by mouse: the runs of this window, and the way to their cells. */
export async function goToRun(runs: Runs): Promise<void> {
  const items = runs.all().map((run) => ({
    label: run.name,
    description: `${basename(vscode.Uri.parse(run.uri).fsPath)}, line ${run.line + 1}`,
    detail: run.finished ? ended(run.finished) : "running",
    run,
  }));
  if (items.length === 0) throw new Error("No cell has run in this window yet.");
  const chosen = await vscode.window.showQuickPick(items, { title: "Go to the cell of a run", matchOnDescription: true });
  if (chosen) await goTo(chosen.run);
}

class View implements vscode.Pseudoterminal {
  readonly writes = new vscode.EventEmitter<string>();
  readonly closes = new vscode.EventEmitter<void>();
  readonly onDidWrite = this.writes.event;
  readonly onDidClose = this.closes.event;
  terminal: vscode.Terminal | undefined;
  shown = false;
  private kept = "";
  private opened = false;
  private atLineStart = true;

  open(): void {
    this.opened = true;
    this.writes.fire(this.kept);
  }

  close(): void {
    this.opened = false;
    this.terminal = undefined;
  }

  write(text: string): void {
    if (!text) return;
    this.atLineStart = text.endsWith("\n");
    const shown = text.replace(/\r?\n/g, "\r\n");
    this.kept = (this.kept + shown).slice(-KEPT);
    if (this.opened) this.writes.fire(shown);
  }

  /** Begin a new line unless the last output ended with one. */
  freshLine(): void {
    if (!this.atLineStart) this.write("\n");
  }
}

export class Output implements vscode.Disposable, vscode.TerminalLinkProvider<Link> {
  private readonly views = new Map<string, View>();
  private readonly registered: vscode.Disposable;

  constructor(private readonly runs: Runs) {
    this.registered = vscode.window.registerTerminalLinkProvider(this);
    runs.onChange((run, event, text) => {
      if (event === "started") this.begin(run);
      else if (event === "output") this.view(run.uri).write(text);
      else this.end(run);
    });
  }

  /** Show the view of a runbook; it never takes the focus unless asked. */
  show(uri: string, focus = false): void {
    const view = this.view(uri);
    view.terminal ??= vscode.window.createTerminal({
      name: `${basename(vscode.Uri.parse(uri).fsPath)} runbook`,
      pty: view,
      iconPath: new vscode.ThemeIcon("book"),
      isTransient: true,
    });
    view.shown = true;
    view.terminal.show(!focus);
  }

  has(uri: string): boolean {
    return this.views.has(uri);
  }

  provideTerminalLinks(context: vscode.TerminalLinkContext): Link[] {
    const [uri] = [...this.views].find(([, view]) => view.terminal === context.terminal) ?? [];
    const found = uri && /^▶ (.+) · line (\d+)/.exec(context.line);
    if (!uri || !found) return [];
    const length = found[0].length - 2;
    // The cell may have moved since: its newest run knows where it is.
    const line = this.runs.latest(uri).findLast((run) => run.name === found[1])?.line ?? Number(found[2]) - 1;
    return [new Link(2, length, uri, line)];
  }

  async handleTerminalLink(link: Link): Promise<void> {
    await goTo(link);
  }

  dispose(): void {
    this.registered.dispose();
    for (const view of this.views.values()) view.terminal?.dispose();
  }

  private begin(run: Run): void {
    const view = this.view(run.uri);
    view.freshLine();
    const time = run.started.toTimeString().slice(0, 8);
    view.write(`${BOLD}▶ ${run.name} · line ${run.line + 1}${RESET} ${DIM}${time}${RESET}\n`);
    const wanted = vscode.workspace.getConfiguration("runbook-ls").get<string>("showOutput", "first");
    // Where the output of another runbook is in view, this one's is meant to be.
    const another = [...this.views.values()].some((one) => one !== view && one.terminal && one.terminal === vscode.window.activeTerminal);
    if (wanted === "always" || (wanted === "first" && (!view.shown || another))) this.show(run.uri);
  }

  private end(run: Run): void {
    const end = run.finished ?? { exitCode: null, durationMs: 0, receipt: "" };
    const view = this.view(run.uri);
    view.freshLine();
    const [colour, mark] = end.exitCode === 0 ? [GREEN, "✓"] : [RED, "✗"];
    view.write(`${RESET}${colour}${mark} ${ended(end)}${RESET}${end.receipt ? ` · ${end.receipt}` : ""}\n\n`);
  }

  private view(uri: string): View {
    let view = this.views.get(uri);
    if (!view) this.views.set(uri, (view = new View()));
    return view;
  }
}
