/**
 * Where the fenced cells of a markdown text are, well enough for keys and the cursor. What a cell *is* the server
 * decides: it parses CommonMark, containers and attributes; nothing here is sent to it but a line number.
 */

/** Lines are 0-based; `end` is the closing fence's line, or the last line of a block that is never closed. */
export interface Fence {
  readonly start: number;
  readonly end: number;
  readonly language: string;
  readonly body: string;
}

// A fence may stand in lists and block quotes: what is before it is kept, to be cut from the body.
const OPENING = /^((?:[ \t]*(?:>|[-*+]|\d{1,9}[.)]))*[ \t]*)(`{3,}|~{3,})[ \t]*(.*)$/;

/** The fenced cells of `lines`, in order. */
export function fences(lines: readonly string[]): Fence[] {
  const found: Fence[] = [];
  for (let start = 0; start < lines.length; start++) {
    const opening = OPENING.exec(lines[start] ?? "");
    const [, before = "", mark = "", info = ""] = opening ?? [];
    if (!opening || (mark.startsWith("`") && info.includes("`"))) continue;
    let end = start + 1;
    while (end < lines.length && !closes(lines[end] ?? "", mark)) end++;
    const body = lines.slice(start + 1, end).map((line) => within(line, before));
    found.push({ start, end: Math.min(end, lines.length - 1), language: languageOf(info), body: body.join("\n") });
    start = end;
  }
  return found;
}

/** The cell that holds the 0-based `line`, its fences included. */
export function fenceAt(lines: readonly string[], line: number): Fence | undefined {
  return fences(lines).find((fence) => fence.start <= line && line <= fence.end);
}

/** The first cell that begins after `line`. */
export function nextFence(lines: readonly string[], line: number): Fence | undefined {
  return fences(lines).find((fence) => fence.start > line);
}

/** The last cell that ends before `line`. */
export function previousFence(lines: readonly string[], line: number): Fence | undefined {
  return fences(lines).findLast((fence) => fence.end < line);
}

/** The text from `column` of line `first` to line `last` is replaced by a text with `added` line ends. */
export interface Replacement {
  readonly first: number;
  readonly column: number;
  readonly last: number;
  readonly added: number;
}

/** Where the line that was `line` is after an edit. */
export function moved(line: number, edit: Replacement): number {
  if (line > edit.last) return line + edit.added - (edit.last - edit.first);
  if (line < edit.first || (line === edit.first && edit.column > 0)) return line;
  // What stands at the end of the replaced text goes to where the new text ends.
  return line === edit.last ? edit.first + edit.added : edit.first;
}

function closes(line: string, mark: string): boolean {
  const text = line.replace(/^[ \t>]*/, "").trimEnd();
  return text.length >= mark.length && text === (mark[0] ?? "").repeat(text.length);
}

function languageOf(info: string): string {
  return (/^[^\s{]+/.exec(info)?.[0] ?? "").toLowerCase();
}

/** A line of the body without the quote marks and the indentation of its block. */
function within(line: string, before: string): string {
  const quotes = (before.match(/>/g) ?? []).length;
  let rest = line;
  for (let i = 0; i < quotes; i++) rest = rest.replace(/^[ \t]*>/, "");
  if (quotes > 0) rest = rest.replace(/^ /, "");
  const indent = quotes > 0 ? 0 : before.length;
  let cut = 0;
  while (cut < indent && (rest[cut] === " " || rest[cut] === "\t")) cut++;
  return rest.slice(cut);
}
