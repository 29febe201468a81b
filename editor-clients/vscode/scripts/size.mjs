// The bundle has a budget: opening a markdown file pays for loading it.
import { statSync } from "node:fs";

const [size, budget] = [statSync("dist/extension.js").size, 500 * 1024];
console.log(`dist/extension.js: ${Math.round(size / 1024)} KB of ${budget / 1024}`);
process.exitCode = size > budget ? 1 : 0;
