// node stylua.cjs STYLUA FOLDER [--fix]: names the Lua files of a folder that are not formatted as its .stylua.toml says.
const { readFileSync, readdirSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const [place, folder, fix] = process.argv.slice(2);
const { Config, formatCode, IndentType, LuaVersion, OutputVerification } = require(`${place}/node_modules/@johnnymorganz/stylua`);

const settings = readFileSync(join(folder, ".stylua.toml"), "utf8").matchAll(/^(\w+) = "?(\w+)"?$/gm);
const options = [...settings].map(([, name, value]) => [name, name === "indent_type" ? IndentType[value] : Number(value)]);
// A configuration is gone once it was used.
const config = () => Object.assign(Config.new(), { syntax: LuaVersion.LuaJIT }, Object.fromEntries(options));
for (const name of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith(".lua")).sort()) {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  const formatted = formatCode(text, config(), undefined, OutputVerification.Full);
  if (formatted === text) continue;
  console.log(name);
  if (fix) writeFileSync(file, formatted);
}
