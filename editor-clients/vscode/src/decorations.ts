/** The state of a cell at its fence: running and for how long, the exit code, the duration. Always in words. */

import * as vscode from "vscode";

import { fences } from "./cells";
import { linesOf } from "./place";
import type { Run, Runs } from "./runs";
import { duration, ended } from "./wording";

const STATES = ["running", "succeeded", "failed"] as const;
type CellState = (typeof STATES)[number];

export class Decorations implements vscode.Disposable {
  private readonly types: Record<CellState, vscode.TextEditorDecorationType>;
  private readonly registered: vscode.Disposable[];
  private clock: NodeJS.Timeout | undefined;

  constructor(private readonly runs: Runs) {
    this.types = Object.fromEntries(STATES.map((state) => [state, decoration(state)])) as typeof this.types;
    runs.onChange((run, event) => {
      if (event === "output") return;
      this.draw(run.uri);
      this.tick();
    });
    this.registered = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.drawAll()),
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event)),
    ];
  }

  dispose(): void {
    clearInterval(this.clock);
    vscode.Disposable.from(...this.registered, ...Object.values(this.types)).dispose();
  }

  private edited(event: vscode.TextDocumentChangeEvent): void {
    const uri = event.document.uri.toString();
    if (this.runs.last(uri) === undefined) return;
    // VS Code reports the changes of one edit from the end of the document to its beginning.
    for (const { range, text } of event.contentChanges) {
      const added = text.split(/\r\n|\r|\n/).length - 1;
      this.runs.edited(uri, { first: range.start.line, column: range.start.character, last: range.end.line, added });
    }
    this.draw(uri);
  }

  /** While something runs, its time is counted once a second. */
  private tick(): void {
    const running = this.runs.running().length > 0;
    if (running && !this.clock) this.clock = setInterval(() => this.drawAll(), 1000);
    if (!running) {
      clearInterval(this.clock);
      this.clock = undefined;
    }
  }

  private drawAll(): void {
    const uris = new Set(vscode.window.visibleTextEditors.map((editor) => editor.document.uri.toString()));
    for (const uri of uris) this.draw(uri);
  }

  private draw(uri: string): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.toString() !== uri) continue;
      const bodies = new Map(fences(linesOf(editor.document)).map((fence) => [fence.start, fence.body]));
      const byState: Record<CellState, vscode.DecorationOptions[]> = { running: [], succeeded: [], failed: [] };
      for (const run of this.runs.latest(uri)) {
        if (run.line >= editor.document.lineCount) continue;
        const end = editor.document.lineAt(run.line).range.end;
        byState[stateOf(run)].push({
          range: new vscode.Range(end, end),
          renderOptions: { after: { contentText: textOf(run, bodies.get(run.line) !== run.body) } },
        });
      }
      for (const state of STATES) editor.setDecorations(this.types[state], byState[state]);
    }
  }
}

function decoration(state: CellState): vscode.TextEditorDecorationType {
  const colour = new vscode.ThemeColor(`runbookLs.${state}`);
  return vscode.window.createTextEditorDecorationType({
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
    after: { color: colour, margin: "0 0 0 2ch" },
    overviewRulerColor: colour,
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}

function stateOf(run: Run): CellState {
  if (!run.finished) return "running";
  return run.finished.exitCode === 0 ? "succeeded" : "failed";
}

function textOf(run: Run, changed: boolean): string {
  if (!run.finished) {
    const seconds = Math.floor((Date.now() - run.started.getTime()) / 1000);
    return seconds > 0 ? `◌ running for ${seconds < 60 ? `${seconds} s` : duration(seconds * 1000)}` : "◌ running";
  }
  const { exitCode, receipt } = run.finished;
  const parts = [`${exitCode === 0 ? "✓" : "✗"} ${ended(run.finished)}`];
  if (receipt) parts.push(receipt);
  if (changed) parts.push("the cell was changed since");
  return parts.join(" · ");
}
