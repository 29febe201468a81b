/** Which `runbook-ls` is started: the setting's, the active Python environment's, the one on PATH, or our own. */

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute, join, relative } from "node:path";

/** The series of servers that this extension works with. */
export const WANTED = "0.1";

export interface Places {
  /** The setting `runbook-ls.server.path`; "" if not set. */
  readonly setting: string;
  /** The interpreter of the active Python environment, if an extension knows one. */
  readonly python?: string | undefined;
  readonly path: string;
  /** The folder of the private environment that *Install Server* makes. */
  readonly privateEnvironment: string;
  /** The open folders. Programs inside them only count where they are trusted. */
  readonly workspace: readonly string[];
  readonly trusted: boolean;
}

export interface Found {
  readonly program: string;
  readonly where: "setting" | "Python environment" | "PATH" | "private environment";
}

export class DiscoveryError extends Error {}

/** The program to start; undefined if there is none. Throws DiscoveryError when the setting names no program. */
export function discover(places: Places): Found | undefined {
  if (places.setting) {
    const program = places.setting.replace(/^~(?=\/)/, homedir());
    const found = isAbsolute(program) ? program : onPath(program, places.path);
    if (!found || !isProgram(found)) {
      throw new DiscoveryError(
        `The setting runbook-ls.server.path names ${places.setting}, which is no program: correct it, or clear it.`,
      );
    }
    return { program: found, where: "setting" };
  }
  const candidates: [Found["where"], string | undefined][] = [
    ["Python environment", places.python && join(dirname(places.python), "runbook-ls")],
    ["PATH", onPath("runbook-ls", `${places.path}${delimiter}${join(homedir(), ".local", "bin")}`)],
    ["private environment", join(places.privateEnvironment, "bin", "runbook-ls")],
  ];
  for (const [where, program] of candidates) {
    if (program && isProgram(program) && (places.trusted || !within(program, places.workspace))) {
      return { program, where };
    }
  }
  return undefined;
}

/** Why a server of this version does not fit, in one sentence; "" if it does. */
export function misfit(version: string | undefined, program: string): string {
  const [major, minor] = numbers(version ?? "");
  const [wantedMajor, wantedMinor] = numbers(WANTED);
  if (major === wantedMajor && minor === wantedMinor) return "";
  const older = major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
  const advice = older ? "update the server: Runbook: Install Server" : "update the extension";
  return `runbook-ls ${version ?? "of an unknown version"} (${program}) does not fit this extension, which needs ${WANTED}.x: ${advice}.`;
}

/** A Python that can hold the server; undefined if none is on `path`. The version is asked of it when it is used. */
export function findPython(path: string): string | undefined {
  const names = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"];
  return names.map((name) => onPath(name, path)).find((found) => found !== undefined);
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function within(program: string, folders: readonly string[]): boolean {
  // By the name and by where a link leads: neither may be the workspace's.
  return [program, realpathSync(program)].some((file) =>
    folders.some((folder) => {
      const way = relative(folder, file);
      return way !== "" && !way.startsWith("..") && !isAbsolute(way);
    }),
  );
}

function numbers(version: string): [number, number] {
  const found = /^(\d+)\.(\d+)/.exec(version);
  return found ? [Number(found[1]), Number(found[2])] : [-1, -1];
}
