// The bundles have a budget: VS Code pays for loading them.
import { readdirSync, statSync } from "node:fs";

const sizes = readdirSync("dist").map((name) => [name, statSync(`dist/${name}`).size]);
const [all, budget] = [sizes.reduce((sum, [, size]) => sum + size, 0), 500 * 1024];
for (const [name, size] of sizes) console.log(`dist/${name}: ${Math.round(size / 1024)} KB`);
console.log(`${Math.round(all / 1024)} KB of ${budget / 1024}`);
process.exitCode = all > budget ? 1 : 0;
