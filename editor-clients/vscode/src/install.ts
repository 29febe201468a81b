/** A private environment for the server, made by one click: a venv of the extension, filled by pip as you set it up. */

import { spawn } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as vscode from "vscode";

import { findPython, WANTED } from "./discovery";

/** Install the server into `folder`. True when it is there; what went wrong is shown. */
export async function install(folder: string, wheels: string, log: vscode.LogOutputChannel): Promise<boolean> {
  const python = findPython(process.env["PATH"] ?? "");
  if (!python) {
    void vscode.window.showErrorMessage("There is no python3 on PATH. Install Python 3.10 or newer, then try again.");
    return false;
  }
  const source = wheels ? `the wheels in ${wheels}` : "the package index that your pip uses";
  const detail = `A private Python environment is made in ${folder}, with runbook-ls ${WANTED} from ${source}. Nothing else on this machine is changed.`;
  const chosen = await vscode.window.showInformationMessage("Install the runbook server?", { modal: true, detail }, "Install", "Install without Memory");
  if (!chosen) return false;
  const what = `runbook-ls${chosen === "Install" ? "[full]" : ""}==${WANTED}.*`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Installing the runbook server", cancellable: true },
    async (progress, token) => {
      // The environment before this one, to go back to. A new one is made where it stays: its scripts name their
      // interpreter by its full path.
      const before = `${folder}.before`;
      let begun = false;
      try {
        await rm(before, { recursive: true, force: true });
        await mkdir(dirname(before), { recursive: true });
        progress.report({ message: "making an environment" });
        await run(python, ["-c", "import sys; sys.exit(sys.version_info < (3, 10) and 'Python 3.10 or newer is needed, this is %d.%d' % sys.version_info[:2] or 0)"], log, token);
        await rename(folder, before).catch(() => undefined);
        begun = true;
        await run(python, ["-m", "venv", folder], log, token);
        progress.report({ message: chosen === "Install" ? "fetching about 600 MB" : "fetching about 40 MB" });
        const offline = wheels ? ["--no-index", "--find-links", wheels] : [];
        const pip = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--upgrade", ...offline, what];
        await run(join(folder, "bin", "python"), pip, log, token);
        await rm(before, { recursive: true, force: true });
        return true;
      } catch (error) {
        if (begun) {
          await rm(folder, { recursive: true, force: true });
          await rename(before, folder).catch(() => undefined);
        }
        if (!token.isCancellationRequested) {
          const sentence = `The server was not installed: ${error instanceof Error ? error.message : String(error)}`;
          void vscode.window.showErrorMessage(sentence, "Show Log").then((answer) => answer && log.show());
        }
        return false;
      }
    },
  );
}

async function run(program: string, args: string[], log: vscode.LogOutputChannel, token: vscode.CancellationToken): Promise<void> {
  log.info([program, ...args].join(" "));
  await new Promise<void>((resolve, reject) => {
    let last = "";
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    const cancelled = token.onCancellationRequested(() => child.kill());
    const hear = (data: Buffer): void => {
      const text = data.toString().trimEnd();
      if (!text) return;
      log.info(text);
      last = text.split("\n").at(-1) ?? last;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (code) => {
      cancelled.dispose();
      if (code === 0) resolve();
      else reject(new Error(last || `${program} ended with exit code ${code ?? "none"}`));
    });
  });
}
