--- Runnable markdown runbooks that learn: the client of runbook-ls. `:help runbook`
local M = {}

---@class runbook.Options
---@field cmd? string[] The server, by default `{ "runbook-ls", "serve" }`.
---@field settings? table Settings of the server, such as `{ consent = "strict" }`.
---@field output? "lines"|"split"|"none" Where the output of a cell goes: virtual lines under it, a split, nowhere.
---@field output_lines? integer How many of the last lines are shown under a cell.
---@field trust? boolean Whether every folder is trusted; nil asks once per folder.
---@field ghost_text? boolean Ghost text where Neovim has it (0.12).
---@field enable? boolean Whether setup enables the server; true by default.

---@type runbook.Options
M.options = {
  cmd = { "runbook-ls", "serve" },
  settings = {},
  output = "lines",
  output_lines = 12,
  trust = nil,
  ghost_text = true,
  enable = true,
}

--- Set options, and start the server with the next markdown file.
---@param options? runbook.Options
function M.setup(options)
  options = options or {}
  for name in pairs(options) do
    if M.options[name] == nil and name ~= "trust" then
      error(("runbook.setup: there is no option %q; :help runbook-options"):format(name), 2)
    end
  end
  M.options = vim.tbl_deep_extend("force", M.options, options)
  if options.cmd then
    M.options.cmd = options.cmd
  end
  vim.lsp.config("runbook_ls", require("runbook.client").config())
  if M.options.enable then
    vim.lsp.enable("runbook_ls")
  end
end

return M
