/** The status item: whether the server is there, what runs, what the last run taught, whether a model is asked. */

import * as vscode from "vscode";

import type { Run, Runs } from "./runs";
import type { Server } from "./server";
import { ended } from "./wording";

export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("runbook-ls.status", vscode.StatusBarAlignment.Left, 0);
  private readonly registered: vscode.Disposable[];
  private last: Run | undefined;

  constructor(
    private readonly server: Server,
    private readonly runs: Runs,
  ) {
    this.item.name = "Runbook";
    this.item.command = "runbook-ls.menu";
    runs.onChange((run, event) => {
      if (event === "output") return;
      if (event === "finished") this.last = run;
      this.show();
    });
    this.registered = [
      server.onChange(() => this.show()),
      vscode.window.onDidChangeActiveTextEditor(() => this.show()),
    ];
    this.show();
  }

  dispose(): void {
    vscode.Disposable.from(this.item, ...this.registered).dispose();
  }

  private show(): void {
    const active = vscode.window.activeTextEditor;
    const wanted = active?.document.languageId === "markdown" || this.runs.running().length > 0;
    if (!wanted) {
      this.item.hide();
      return;
    }
    const [icon, text] = this.state();
    const on = this.server.state === "running" && this.server.model.asked !== "never";
    this.item.text = `${icon} ${text}${on ? " $(sparkle)" : ""}`;
    const bad = this.server.state === "missing" || this.server.state === "failed";
    this.item.backgroundColor = bad ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.item.tooltip = this.tooltip();
    this.item.accessibilityInformation = { label: `${text}, model ${on ? "on" : "off"}`, role: "button" };
    this.item.show();
  }

  private state(): [string, string] {
    const running = this.runs.running();
    if (running.length > 0) return ["$(loading~spin)", `Running ${running.map((run) => run.name).join(", ")}`];
    if (this.server.state === "missing") return ["$(warning)", "Runbook: install the server"];
    if (this.server.state === "failed") return ["$(warning)", "Runbook: server not running"];
    if (this.server.state === "starting") return ["$(loading~spin)", "Runbook: starting"];
    if (!vscode.workspace.isTrusted) return ["$(shield)", "Runbook: folder not trusted"];
    const finished = this.last?.finished;
    if (!finished) return ["$(book)", "Runbook"];
    if (finished.exitCode !== 0) return ["$(error)", `Runbook: ${ended(finished)}`];
    return [finished.receipt.startsWith("learned") ? "$(mortar-board)" : "$(check)", `Runbook: ${short(finished.receipt)}`];
  }

  private tooltip(): vscode.MarkdownString {
    const { server } = this;
    const lines = [
      server.state === "running"
        ? `runbook-ls ${server.version} from ${server.found?.where ?? "?"}: \`${server.found?.program ?? ""}\``
        : server.trouble || "The server starts with the first runbook.",
      vscode.workspace.isTrusted
        ? "This folder is trusted: cells run by your act, what destroys is asked first."
        : "This folder is not trusted: runbooks are linted, nothing runs.",
    ];
    const { asked, name } = server.model;
    const when = asked === "always" ? "asked for every suggestion" : "asked where nothing learned fits";
    lines.push(asked === "never" ? "Model: off. Suggestions come from what runs taught." : `Model: ${name}, ${when}.`);
    if (this.last?.finished) lines.push(`Last run: ${this.last.name}, ${this.last.finished.receipt}.`);
    return new vscode.MarkdownString(lines.join("\n\n"));
  }
}

function short(receipt: string): string {
  return receipt.length > 40 ? `${receipt.slice(0, 39)}…` : receipt || "done";
}
