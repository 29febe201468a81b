--- What Neovim's LSP client needs to know of the server, and the way to ask it for something.
local M = {}

local NAME = "runbook_ls"
local quiet = 0

--- The configuration for `vim.lsp.config`.
---@return vim.lsp.Config
function M.config()
  local options = require("runbook").options
  local runs = require("runbook.runs")
  return {
    cmd = options.cmd,
    filetypes = { "markdown" },
    root_markers = { "runbook-ls.toml", ".git" },
    init_options = options.settings,
    capabilities = {
      experimental = { runbook = { cellOutput = true, colours = false, terminal = true, input = true } },
    },
    handlers = {
      ["runbook/cellStarted"] = runs.started,
      ["runbook/cellOutput"] = runs.output,
      ["runbook/cellFinished"] = runs.finished,
      ["runbook/input"] = require("runbook.questions").input,
      ["window/showMessageRequest"] = require("runbook.questions").ask,
      ["window/showMessage"] = M.said,
      ["textDocument/inlayHint"] = runs.hints,
    },
    before_init = function(params, config)
      local trusted = require("runbook.trust").known(config.root_dir)
      local given = vim.tbl_extend("force", {}, params.initializationOptions or {})
      given.trusted = trusted
      params.initializationOptions = vim.tbl_isempty(given) and vim.empty_dict() or given
    end,
    on_attach = function(client, buffer)
      require("runbook.trust").ask_once(client)
      if
        options.ghost_text
        and vim.lsp.inline_completion
        and client:supports_method("textDocument/inlineCompletion")
      then
        vim.lsp.inline_completion.enable(true, { bufnr = buffer })
      end
      if vim.lsp.inlay_hint and client:supports_method("textDocument/inlayHint") then
        vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
      end
    end,
    on_exit = function()
      vim.schedule(runs.lost)
    end,
  }
end

--- The client of a buffer, or nil.
---@param buffer? integer
---@return vim.lsp.Client?
function M.of(buffer)
  return vim.lsp.get_clients({ bufnr = buffer or 0, name = NAME })[1]
end

--- Ask the server for one of its commands at the cursor; what it cannot do it says in one sentence.
---@param command string
---@param more? table
---@param answered? fun(result: any) shows the answer; what the server says of it meanwhile is not shown
function M.execute(command, more, answered)
  local client = M.of()
  if not client then
    vim.notify("runbook: no server is attached to this buffer; :checkhealth runbook says why", vim.log.levels.WARN)
    return
  end
  local argument = vim.tbl_extend("force", {
    uri = vim.uri_from_bufnr(0),
    line = vim.api.nvim_win_get_cursor(0)[1] - 1,
  }, more or {})
  quiet = quiet + (answered and 1 or 0)
  client:request(
    "workspace/executeCommand",
    { command = command, arguments = { argument } },
    function(failure, result)
      quiet = quiet - (answered and 1 or 0)
      if failure then
        vim.notify(failure.message, vim.log.levels.ERROR)
      elseif answered and result and result ~= vim.NIL then
        answered(result)
      end
    end,
    vim.api.nvim_get_current_buf()
  )
end

local LEVELS =
  { vim.log.levels.ERROR, vim.log.levels.WARN, vim.log.levels.INFO, vim.log.levels.INFO, vim.log.levels.DEBUG }

--- `window/showMessage`, but for what stands at the cell anyway.
function M.said(_, params)
  if quiet == 0 and not require("runbook.runs").tells(params.message) then
    vim.notify(params.message, LEVELS[params.type] or vim.log.levels.INFO)
  end
end

return M
