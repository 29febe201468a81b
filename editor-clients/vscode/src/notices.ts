/** Telling of the end of a cell those who do not look at it: another window is in front, or a screen is read aloud. */

import * as vscode from "vscode";

import type { Output } from "./output";
import type { Run, Runs } from "./runs";
import { ended } from "./wording";

export function watchRuns(runs: Runs, output: Output): void {
  runs.onChange((run, event) => {
    if (event !== "finished" || !run.finished) return;
    void vscode.commands.executeCommand("setContext", "runbook-ls.hasRun", true);
    if (run.finished.receipt.startsWith("learned")) {
      void vscode.commands.executeCommand("setContext", "runbook-ls.hasLearned", true);
    }
    if (aloud() || longUnseen(run)) void tell(run, output);
  });
}

function aloud(): boolean {
  const wanted = vscode.workspace.getConfiguration("runbook-ls").get<string>("announce", "auto");
  const reader = vscode.workspace.getConfiguration("editor").get<string>("accessibilitySupport", "auto");
  return wanted === "always" || (wanted === "auto" && reader === "on");
}

function longUnseen(run: Run): boolean {
  const seconds = vscode.workspace.getConfiguration("runbook-ls").get<number>("longRun", 10);
  return seconds > 0 && !vscode.window.state.focused && (run.finished?.durationMs ?? 0) >= seconds * 1000;
}

async function tell(run: Run, output: Output): Promise<void> {
  const end = run.finished ?? { exitCode: null, durationMs: 0, receipt: "" };
  const sentence = `${run.name}: ${ended(end)}${end.receipt ? `; ${end.receipt}` : ""}`;
  const show = end.exitCode === 0 ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  if ((await show(sentence, "Show Output")) === "Show Output") output.show(run.uri, true);
}
