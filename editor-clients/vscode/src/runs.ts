/** The runs of this window, as the server reports them: what decorations, output, status and *Copy Run* show. */

import { moved, type Replacement } from "./cells";
import type { End } from "./wording";

export interface CellStarted {
  readonly uri: string;
  readonly cell: { readonly key: string; readonly name: string; readonly line: number };
  readonly executionId: string;
}
export interface CellOutput {
  readonly executionId: string;
  readonly stream: string;
  readonly text: string;
}
export interface CellFinished extends End {
  readonly executionId: string;
  readonly receipt: string;
}

export interface Run {
  readonly id: string;
  readonly uri: string;
  readonly name: string;
  /** 0-based line of the cell's opening fence, moved along by edits. */
  line: number;
  readonly language: string;
  readonly body: string;
  readonly started: Date;
  /** The beginning and the end of what it printed, colours included. */
  output: string;
  finished?: CellFinished;
}

const KEPT_OUTPUT = 200_000;
const KEPT_RUNS = 50;

/** Every run, newest last. Listeners are told of each change, after it. */
export class Runs {
  private readonly runs: Run[] = [];
  private readonly listeners: ((run: Run, event: "started" | "output" | "finished", text: string) => void)[] = [];

  onChange(listener: (run: Run, event: "started" | "output" | "finished", text: string) => void): void {
    this.listeners.push(listener);
  }

  started(told: CellStarted, body: string, language: string): void {
    const run: Run = {
      id: told.executionId,
      uri: told.uri,
      name: told.cell.name || `line ${told.cell.line + 1}`,
      line: told.cell.line,
      language,
      body,
      started: new Date(),
      output: "",
    };
    this.runs.push(run);
    if (this.runs.length > KEPT_RUNS && this.runs[0]?.finished) this.runs.shift();
    this.tell(run, "started");
  }

  output(told: CellOutput): void {
    const run = this.find(told.executionId);
    if (!run) return;
    run.output += told.text;
    if (run.output.length > 2 * KEPT_OUTPUT) {
      run.output = `${run.output.slice(0, KEPT_OUTPUT / 2)}\n[…]\n${run.output.slice(-KEPT_OUTPUT / 2)}`;
    }
    this.tell(run, "output", told.text);
  }

  finished(told: CellFinished): void {
    const run = this.find(told.executionId);
    if (!run) return;
    run.finished = told;
    this.tell(run, "finished");
  }

  /** The server went away: what was running has ended with it. */
  lost(): void {
    for (const run of this.running()) {
      const durationMs = Date.now() - run.started.getTime();
      this.finished({ executionId: run.id, exitCode: null, durationMs, outcome: "cut off", receipt: "the server ended" });
    }
  }

  /** An edit of a document moved its lines. */
  edited(uri: string, edit: Replacement): void {
    for (const run of this.runs) if (run.uri === uri) run.line = moved(run.line, edit);
  }

  /** Whether a message only says again how a run ended. */
  tells(message: string): boolean {
    const run = this.runs.findLast((one) => message.startsWith(`${one.name}: `));
    return run?.finished !== undefined && message.endsWith(`; ${run.finished.receipt}`);
  }

  running(uri?: string): Run[] {
    return this.runs.filter((run) => !run.finished && (uri === undefined || run.uri === uri));
  }

  /** The newest run of each cell of a document. */
  latest(uri: string): Run[] {
    const byLine = new Map<number, Run>();
    for (const run of this.runs) if (run.uri === uri) byLine.set(run.line, run);
    return [...byLine.values()];
  }

  /** All of them, newest first. */
  all(): Run[] {
    return this.runs.toReversed();
  }

  /** The newest run of the cell at `line`, else of the document. */
  last(uri: string, line?: number): Run | undefined {
    return this.runs.findLast((run) => run.uri === uri && (line === undefined || run.line === line));
  }

  private find(id: string): Run | undefined {
    return this.runs.findLast((run) => run.id === id);
  }

  private tell(run: Run, event: "started" | "output" | "finished", text = ""): void {
    for (const listener of this.listeners) listener(run, event, text);
  }
}
