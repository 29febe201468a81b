/** What people read: durations, ends of runs, the question before a run, a run as markdown. Nothing here is VS Code's. */

/** `900 ms`, `1.2 s`, `3 min 5 s` for a number of milliseconds. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** The end of a run. `outcome` says in words how one without an exit code ended. */
export interface End {
  readonly exitCode: number | null;
  readonly durationMs: number;
  readonly outcome?: string;
}

/** How a run ended, in words: `exit 0 in 1.2 s`, `timed out after 3.0 s`, `not started`. */
export function ended({ exitCode, durationMs, outcome = "cancelled" }: End): string {
  if (exitCode !== null) return `exit ${exitCode} in ${duration(durationMs)}`;
  return durationMs > 0 ? `${outcome} after ${duration(durationMs)}` : outcome;
}

/** A text without the control sequences that only a terminal understands. */
export function plain(text: string): string {
  return text.replace(/\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]|[\x00-\x08\x0b-\x1f\x7f]/g, "");
}

/** A markdown block whose fence no line of `text` can close. */
export function fenced(text: string, language: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${text.replace(/\n$/, "")}\n${fence}`;
}

export interface RunText extends End {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly language: string;
  readonly body: string;
  readonly output: string;
  readonly receipt: string;
  readonly time: Date;
}

/** A run for a ticket or a chat: what ran, how it ended, what it printed. `line` is 0-based. */
export function runAsMarkdown(run: RunText): string {
  const when = run.time.toISOString().replace("T", " ").slice(0, 19);
  const parts = [
    `**${run.name}** (${run.file}:${run.line + 1}) · ${ended(run)} · ${when} UTC`,
    fenced(run.body, run.language || "sh"),
  ];
  const output = plain(run.output).trimEnd();
  if (output) parts.push("Output:", fenced(output, "text"));
  if (run.receipt) parts.push(`_${run.receipt}_`);
  return `${parts.join("\n\n")}\n`;
}

/** The longest question that a dialog shows whole; longer ones are opened as a document first. */
const DIALOG_LINES = 30;
const DIALOG_COLUMNS = 400;

/**
 * The server's question for a dialog: its first sentence as the headline, the rest below it. When the whole would
 * not fit, `document` is the whole and `detail` only what it points out: the lines that begin with `>`, and the
 * facts (with which interpreter, in which folder) behind the command.
 */
export function question(message: string): { headline: string; detail: string; document?: string } {
  const [headline = "", ...rest] = message.split("\n");
  if (rest.length <= DIALOG_LINES && rest.every((line) => line.length <= DIALOG_COLUMNS)) {
    return { headline, detail: rest.join("\n") };
  }
  const risky = rest.filter((line) => line.startsWith(">"));
  const facts = rest.filter((line) => !line.startsWith("> ") && !line.startsWith("  "));
  const cut = (line: string): string => (line.length > 120 ? `${line.slice(0, 119)}…` : line);
  const shown = risky.slice(0, 6).map(cut);
  if (risky.length > shown.length) shown.push(`… and ${risky.length - shown.length} more`);
  const detail = ["The whole text is open beside this question. Look at:", ...shown, ...facts.map(cut)];
  return { headline, detail: detail.join("\n"), document: message };
}

/**
 * A command line for a terminal, with `program` in place of its first word. A control character would be a key press
 * there, so a line that holds one is refused.
 */
export function terminalLine(command: string, program: string): string {
  if (/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(command + program)) {
    throw new Error("The name of the file or of the cell holds a control character: a terminal would take it for a key.");
  }
  return `'${program.replaceAll("'", "'\\''")}'${command.replace(/^\S+/, "")}`;
}
