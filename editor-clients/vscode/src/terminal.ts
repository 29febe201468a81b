/**
 * *Run Cell in a Terminal*: for programs that talk with you. The command line runs it there, asks there, and learns
 * from it as from every run.
 */

import { dirname } from "node:path";
import * as vscode from "vscode";

import type { Server } from "./server";
import { terminalLine } from "./wording";

const NAME = "Runbook terminal";

export async function runInTerminal(server: Server, document: vscode.TextDocument, line: number): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error("This folder is not trusted, so nothing of it runs: Workspaces: Manage Workspace Trust.");
  }
  // The command line reads the file.
  if (document.isDirty && !(await document.save())) throw new Error("Save the runbook first.");
  const answer = (await server.execute("runbook.runInTerminal", { uri: document.uri.toString(), line })) as { command: string };
  const text = terminalLine(answer.command, server.found?.program ?? "runbook-ls");
  const open = vscode.window.terminals.find((terminal) => terminal.name === NAME && terminal.exitStatus === undefined);
  const terminal = open ?? vscode.window.createTerminal({ name: NAME, cwd: dirname(document.uri.fsPath) });
  terminal.show();
  terminal.sendText(text, true);
}
