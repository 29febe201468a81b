/** Where the cursor is: the cell under it, for keys, menus and commands. */

import * as vscode from "vscode";

import { type Fence, fenceAt, nextFence, previousFence } from "./cells";

/** The lines of a document, as the protocol counts them. */
export function linesOf(document: vscode.TextDocument): string[] {
  return document.getText().split(/\r\n|\r|\n/);
}

/** The markdown editor that has, or last had, the cursor. */
export function runbookEditor(): vscode.TextEditor | undefined {
  const editor = vscode.window.activeTextEditor;
  return editor?.document.languageId === "markdown" ? editor : undefined;
}

/** What the commands of the server take: `{uri, line}` of the cursor. */
export function here(): { uri: string; line: number } | undefined {
  const editor = runbookEditor();
  return editor && { uri: editor.document.uri.toString(), line: editor.selection.active.line };
}

export function cellHere(): Fence | undefined {
  const editor = runbookEditor();
  return editor && fenceAt(linesOf(editor.document), editor.selection.active.line);
}

/** Put the cursor into the cell after or before the one it is in. */
export function goToCell(which: "next" | "previous"): void {
  const editor = runbookEditor();
  if (!editor) return;
  const step = which === "next" ? nextFence : previousFence;
  const lines = linesOf(editor.document);
  const cell = step(lines, fenceAt(lines, editor.selection.active.line)?.[which === "next" ? "end" : "start"] ?? editor.selection.active.line);
  if (!cell) return;
  const line = Math.min(cell.start + 1, cell.end);
  const place = new vscode.Position(line, editor.document.lineAt(line).firstNonWhitespaceCharacterIndex);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Keeps the context key `runbook-ls.inCell` true while the cursor is inside a cell, so that keys work only there. */
export function watchCursor(): vscode.Disposable {
  let known: boolean | undefined;
  const look = (): void => {
    const inside = cellHere() !== undefined;
    if (inside === known) return;
    known = inside;
    void vscode.commands.executeCommand("setContext", "runbook-ls.inCell", inside);
  };
  look();
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorSelection(look),
    vscode.window.onDidChangeActiveTextEditor(look),
    vscode.workspace.onDidChangeTextDocument(look),
  );
}
