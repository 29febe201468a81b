/** The server's questions. Before a run they show the exact text, in a dialog that waits for an answer. */

import * as vscode from "vscode";
import type { MessageActionItem, ShowMessageRequestParams } from "vscode-languageclient/node";

import { question } from "./wording";

export const SCHEME = "runbook-ls";

/** Texts that are shown as documents: questions too long for a dialog, explanations. By the path of their document. */
const texts = new Map<string, string>();
let number = 0;

export const pages: vscode.TextDocumentContentProvider = {
  provideTextDocumentContent: (uri) => texts.get(uri.path) ?? "",
};

/** `window/showMessageRequest`: a dialog when something may run, a notification otherwise. */
export async function ask(params: ShowMessageRequestParams): Promise<MessageActionItem | null> {
  const actions = params.actions ?? [];
  const cancel = actions.find((action) => action.title === "Cancel");
  if (!cancel) {
    const titles = actions.map((action) => action.title);
    const chosen = await notify(params.type, params.message, ...titles);
    return actions.find((action) => action.title === chosen) ?? null;
  }
  const { headline, detail, document } = question(params.message);
  const shown = document === undefined ? undefined : await show(document);
  try {
    const items = actions
      .filter((action) => action !== cancel)
      .map((action) => ({ title: action.title, isCloseAffordance: false, action }));
    const chosen = await vscode.window.showWarningMessage(headline, { modal: true, detail }, ...items);
    return chosen?.action ?? cancel;
  } finally {
    if (shown) await close(shown);
  }
}

export interface InputQuestion {
  readonly name: string;
  readonly prompt?: string;
  readonly default?: string;
  readonly choices?: readonly string[];
  readonly secret?: boolean;
}

/** `runbook/input`: the value of an input of a runbook; null if there is none. Secret ones are not shown. */
export async function askInput(asked: InputQuestion): Promise<string | null> {
  const title = `Runbook: ${asked.name}`;
  const prompt = asked.prompt ?? asked.name;
  if (asked.choices && asked.choices.length > 0) {
    return (await vscode.window.showQuickPick([...asked.choices], { title, placeHolder: prompt, ignoreFocusOut: true })) ?? null;
  }
  const options = { title, prompt, password: asked.secret ?? false, ignoreFocusOut: true };
  const value = asked.default === undefined || asked.secret ? {} : { value: asked.default };
  return (await vscode.window.showInputBox({ ...options, ...value })) ?? null;
}

/** Show markdown as people read it. */
export async function showPage(title: string, markdown: string): Promise<void> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title} ${++number}.md` });
  texts.clear();
  texts.set(uri.path, markdown);
  await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
}

/** A notification of the protocol's type: 1 is an error, 2 a warning. The title that was chosen. */
export function notify(type: number, message: string, ...titles: string[]): Thenable<string | undefined> {
  // A long sentence without a button would be cut to one line.
  if (titles.length === 0 && message.length > 60) titles = ["OK"];
  if (type === 1) return vscode.window.showErrorMessage(message, ...titles);
  if (type === 2) return vscode.window.showWarningMessage(message, ...titles);
  return vscode.window.showInformationMessage(message, ...titles);
}

async function show(text: string): Promise<vscode.Uri> {
  const uri = vscode.Uri.from({ scheme: SCHEME, path: `/What would run ${++number}.txt` });
  texts.set(uri.path, text);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true, preserveFocus: true });
  return uri;
}

async function close(uri: vscode.Uri): Promise<void> {
  texts.delete(uri.path);
  for (const tab of vscode.window.tabGroups.all.flatMap((group) => group.tabs)) {
    if (tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString()) {
      await vscode.window.tabGroups.close(tab, true);
    }
  }
}
