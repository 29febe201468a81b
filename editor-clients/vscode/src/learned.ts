/** The view *Learned*: every example, where it came from, and the way to forget it. Read by the command line. */

import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename } from "node:path";
import { promisify } from "node:util";
import * as vscode from "vscode";

import { type Example, inOrder, parseExamples, sourceInWords } from "./examples";
import type { Server } from "./server";

type Node = { kind: "source"; source: string; examples: Example[] } | { kind: "example"; example: Example };

export class Learned implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<Node>;
  private stale = false;

  constructor(private readonly server: Server) {
    this.view = vscode.window.createTreeView("runbook-ls.learned", { treeDataProvider: this, showCollapseAll: true });
    this.view.onDidChangeVisibility(() => {
      if (this.stale) this.refresh();
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.changed).dispose();
  }

  /** Read again, now or when the view is next seen. */
  refresh(): void {
    this.stale = !this.view.visible;
    if (this.view.visible) this.changed.fire();
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node) return node.kind === "source" ? node.examples.map((example) => ({ kind: "example", example })) : [];
    const examples = parseExamples(await this.cli("export"));
    const sources = inOrder(new Set(examples.map((example) => example.source)));
    return sources.map((source) => ({
      kind: "source",
      source,
      examples: examples.filter((example) => example.source === source),
    }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === "source") {
      const item = new vscode.TreeItem(sourceInWords(node.source), vscode.TreeItemCollapsibleState.Expanded);
      item.description = String(node.examples.length);
      return item;
    }
    const { intent, command, file, line, author, time, confirmations } = node.example;
    const item = new vscode.TreeItem(intent || "(no intent)");
    item.description = command.split("\n")[0] ?? "";
    item.contextValue = file ? "example file" : "example";
    const tooltip = new vscode.MarkdownString().appendText(intent).appendCodeblock(command, "sh");
    const facts = [
      file ? `${basename(file)}${line >= 0 ? `, line ${line + 1}` : ""}` : "",
      author,
      time > 0 ? new Date(time * 1000).toLocaleString() : "",
      confirmations > 0 ? `confirmed ${confirmations} times` : "",
    ];
    item.tooltip = tooltip.appendText(facts.filter(Boolean).join(" · "));
    item.accessibilityInformation = { label: `${intent}: ${command}` };
    return item;
  }

  async forget(node: Node): Promise<void> {
    if (node.kind !== "example") return;
    const { intent, command, id } = node.example;
    const detail = `${intent}\n\n${command}\n\nIt goes from the disk and is never suggested again.`;
    const sure = await vscode.window.showWarningMessage("Forget this example?", { modal: true, detail }, "Forget");
    if (sure !== "Forget") return;
    await this.server.execute("runbook.forget", { id });
    this.changed.fire();
  }

  async export(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
    const place = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(folder, "examples.jsonl"),
      saveLabel: "Export",
      filters: { "JSON lines": ["jsonl"] },
    });
    if (!place) return;
    await writeFile(place.fsPath, await this.cli("export"));
    void vscode.window.showInformationMessage(`Exported. Elsewhere: runbook-ls learn --jsonl ${basename(place.fsPath)}`);
  }

  async open(node: Node): Promise<void> {
    if (node.kind !== "example" || !node.example.file) return;
    const place = new vscode.Position(Math.max(0, node.example.line), 0);
    await vscode.window.showTextDocument(vscode.Uri.file(node.example.file), { selection: new vscode.Range(place, place) });
  }

  async copy(node: Node): Promise<void> {
    if (node.kind === "example") await vscode.env.clipboard.writeText(node.example.command);
  }

  /** What `runbook-ls ARGUMENTS` prints; its sentence is thrown when it fails. */
  async cli(...given: string[]): Promise<string> {
    if (!(await this.server.start()) || !this.server.found) throw new Error(this.server.trouble);
    try {
      const options = { cwd: homedir(), maxBuffer: 256 * 1024 * 1024 };
      return (await promisify(execFile)(this.server.found.program, given, options)).stdout;
    } catch (error) {
      const { stderr, stdout } = error as { stderr?: string; stdout?: string };
      if (given[0] === "doctor" && stdout) return stdout;
      throw new Error(stderr?.trim() || String(error), { cause: error });
    }
  }
}
