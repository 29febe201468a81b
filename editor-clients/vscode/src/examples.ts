/** What `runbook-ls export` prints: one example a line. */

export interface Example {
  readonly id: string;
  readonly intent: string;
  readonly command: string;
  readonly source: string;
  readonly author: string;
  readonly file: string;
  /** 0-based; -1 if unknown. */
  readonly line: number;
  /** Seconds since the epoch; 0 if unknown. */
  readonly time: number;
  readonly confirmations: number;
}

/** The examples of such a text, newest first. Lines that are no example are passed over. */
export function parseExamples(text: string): Example[] {
  const found: Example[] = [];
  for (const line of text.split("\n")) {
    if (!line.trim()) continue;
    let row: Record<string, unknown>;
    try {
      row = JSON.parse(line) as Record<string, unknown>;
    } catch {
      continue;
    }
    const words = (key: string): string => (typeof row[key] === "string" ? row[key] : "");
    const number = (key: string, otherwise: number): number => (typeof row[key] === "number" ? row[key] : otherwise);
    if (!words("command") || !words("id")) continue;
    found.push({
      id: words("id"),
      intent: words("intent"),
      command: words("command"),
      source: words("source"),
      author: words("author"),
      file: words("file"),
      line: number("line", -1),
      time: number("time", 0),
      confirmations: number("confirmations", 0),
    });
  }
  return found.sort((one, other) => other.time - one.time);
}

const SOURCES: Record<string, string> = {
  corrected: "Corrected by you",
  confirmed: "Confirmed by you",
  "hand-written": "Written by you",
  taught: "Taught from a file",
  documented: "Read in runbooks",
};

/** Sources as they are listed: the user's own first. */
export function inOrder(sources: Iterable<string>): string[] {
  const known = Object.keys(SOURCES);
  const rank = (source: string): number => (known.includes(source) ? known.indexOf(source) : known.length);
  return [...sources].sort((one, other) => rank(one) - rank(other));
}

/** `Corrected by you` for `corrected`; an unknown source as it is. */
export function sourceInWords(source: string): string {
  return SOURCES[source] ?? source;
}
