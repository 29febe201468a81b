/** *Run Cell in a Terminal*: for programs that talk with you. What goes there is shown first, whole and escaped. */

import { dirname } from "node:path";
import * as vscode from "vscode";

import type { Fence } from "./cells";
import { ask } from "./questions";
import { terminalText } from "./wording";

const NAME = "Runbook terminal";

export async function runInTerminal(document: vscode.TextDocument, cell: Fence): Promise<void> {
  if (!vscode.workspace.isTrusted) {
    throw new Error("This folder is not trusted, so nothing of it runs. Trust it first: Workspaces: Manage Workspace Trust.");
  }
  const text = terminalText(cell.body);
  const directory = dirname(document.uri.fsPath);
  const message = [
    "A terminal runs this as you would have typed it. Nothing is learned from it.",
    ...text.split("\n").map((line) => `  ${line}`),
    `in ${directory}`,
  ].join("\n");
  const actions = [{ title: "Run in Terminal" }, { title: "Cancel" }];
  if ((await ask({ type: 2, message, actions }))?.title !== "Run in Terminal") return;
  const open = vscode.window.terminals.find((terminal) => terminal.name === NAME && terminal.exitStatus === undefined);
  const terminal = open ?? vscode.window.createTerminal({ name: NAME, cwd: directory });
  terminal.show();
  terminal.sendText(text, true);
}
