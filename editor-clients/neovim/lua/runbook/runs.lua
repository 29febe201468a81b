--- The runs of this Neovim as the server tells of them, and what of them is seen at the cell: its state in words at
--- the fence, the last lines of its output under it. Extmarks carry both through edits.
local M = {}

local space = vim.api.nvim_create_namespace("runbook")

---@class runbook.Run
---@field id string
---@field uri string
---@field buffer integer
---@field name string
---@field mark integer the extmark at the fence
---@field below? integer the extmark of the output
---@field text string what it printed
---@field done? { exitCode: integer?, durationMs: integer, outcome: string, receipt: string }

---@type table<string, runbook.Run>
local runs = {}
---@type runbook.Run?
local last

---@param milliseconds integer
local function duration(milliseconds)
  if milliseconds < 1000 then
    return ("%d ms"):format(milliseconds)
  elseif milliseconds < 60000 then
    return ("%.1f s"):format(milliseconds / 1000)
  end
  return ("%d min %d s"):format(math.floor(milliseconds / 60000), math.floor(milliseconds / 1000) % 60)
end

---@param run runbook.Run
---@return string, string
local function state(run)
  local done = run.done
  if not done then
    return "◌ running", "RunbookRunning"
  end
  local words = "✗ " .. done.outcome
  if done.durationMs > 0 then
    words = words .. " after " .. duration(done.durationMs)
  end
  if done.exitCode ~= nil and done.exitCode ~= vim.NIL then
    local mark = done.exitCode == 0 and "✓" or "✗"
    words = ("%s exit %d in %s"):format(mark, done.exitCode, duration(done.durationMs))
  end
  if done.receipt ~= "" then
    words = words .. " · " .. done.receipt
  end
  return words, done.exitCode == 0 and "RunbookSucceeded" or "RunbookFailed"
end

---@param run runbook.Run
---@return integer? line 0-based, of the fence
function M.line(run)
  if not vim.api.nvim_buf_is_loaded(run.buffer) then
    return nil
  end
  return vim.api.nvim_buf_get_extmark_by_id(run.buffer, space, run.mark, {})[1]
end

--- The line where the cell ends that begins at `line`; both 0-based.
local function ending(buffer, line)
  local lines = vim.api.nvim_buf_get_lines(buffer, line, line + 500, false)
  local mark = (lines[1] or ""):match("```+") or (lines[1] or ""):match("~~~+")
  for offset = 2, #lines do
    local closing = lines[offset]:match("^[%s>]*([`~]+)%s*$")
    if mark and closing and #closing >= #mark and closing:sub(1, 1) == mark:sub(1, 1) then
      return line + offset - 1
    end
  end
  return line + #lines - 1
end

---@param run runbook.Run
local function draw(run)
  local line = M.line(run)
  if not line then
    return
  end
  local words, group = state(run)
  vim.api.nvim_buf_set_extmark(run.buffer, space, line, 0, {
    id = run.mark,
    virt_text = { { "  " .. words, group } },
    virt_text_pos = "eol",
  })
  local options = require("runbook").options
  if options.output ~= "lines" or run.text == "" then
    return
  end
  local printed = vim.split(run.text:gsub("\r\n", "\n"):gsub("[^\n]*\r", ""):gsub("\n$", ""), "\n")
  local shown = {}
  local first = math.max(1, #printed - options.output_lines + 1)
  if first > 1 then
    table.insert(shown, { { ("│ … %d lines before; :Runbook output"):format(first - 1), "RunbookOutput" } })
  end
  for index = first, #printed do
    table.insert(shown, { { "│ " .. printed[index], "RunbookOutput" } })
  end
  run.below = vim.api.nvim_buf_set_extmark(run.buffer, space, ending(run.buffer, line), 0, {
    id = run.below,
    virt_lines = shown,
  })
end

--- `runbook/cellStarted`
function M.started(_, told)
  local buffer = vim.uri_to_bufnr(told.uri)
  local line = math.min(told.cell.line, vim.api.nvim_buf_line_count(buffer) - 1)
  for id, run in pairs(runs) do
    if run.buffer == buffer and M.line(run) == line then
      vim.api.nvim_buf_del_extmark(buffer, space, run.mark)
      if run.below then
        vim.api.nvim_buf_del_extmark(buffer, space, run.below)
      end
      runs[id] = nil
    end
  end
  local run = {
    id = told.executionId,
    uri = told.uri,
    buffer = buffer,
    name = told.cell.name,
    mark = vim.api.nvim_buf_set_extmark(buffer, space, line, 0, {}),
    text = "",
  }
  runs[run.id] = run
  last = run
  require("runbook.output").begin(run, line)
  draw(run)
end

local KEPT = 200000
local due = {}

--- `runbook/cellOutput`
function M.output(_, told)
  local run = runs[told.executionId]
  if not run then
    return
  end
  run.text = (run.text .. told.text):sub(-KEPT)
  require("runbook.output").add(run, told.text)
  if not due[run.id] then
    due[run.id] = true
    vim.defer_fn(function()
      due[run.id] = nil
      draw(run)
    end, 30)
  end
end

--- `runbook/cellFinished`
function M.finished(_, told)
  local run = runs[told.executionId]
  if not run then
    return
  end
  run.done = {
    exitCode = told.exitCode,
    durationMs = told.durationMs,
    outcome = told.outcome or "cancelled",
    receipt = told.receipt or "",
  }
  draw(run)
  require("runbook.output").finish(run, (state(run)))
  vim.api.nvim_exec_autocmds("User", { pattern = "RunbookCellFinished", data = told, modeline = false })
end

--- The server went away: what was running has ended with it.
function M.lost()
  for id, run in pairs(runs) do
    if not run.done then
      M.finished(nil, { executionId = id, durationMs = 0, outcome = "cut off", receipt = "the server ended" })
    end
  end
end

--- The server's hints say how a cell went, too: at a cell that ran in this Neovim that would be twice.
function M.hints(failure, result, context, config)
  local shown = {}
  for _, run in pairs(runs) do
    if run.buffer == context.bufnr then
      shown[M.line(run) or -1] = true
    end
  end
  local kept = vim.tbl_filter(function(hint)
    return not shown[hint.position.line]
  end, result or {})
  vim.lsp.inlay_hint.on_inlayhint(failure, result and kept, context, config)
end

--- Whether a message only says again how a run ended.
---@param message string
function M.tells(message)
  return last ~= nil
    and last.done ~= nil
    and vim.startswith(message, last.name .. ": ")
    and vim.endswith(message, "; " .. last.done.receipt)
end

--- The run of the cell at a 0-based line of a buffer, or the last one of the buffer.
---@return runbook.Run?
function M.at(buffer, line)
  for _, run in pairs(runs) do
    local fence = run.buffer == buffer and M.line(run)
    if fence and fence <= line and line <= ending(buffer, fence) then
      return run
    end
  end
  return last and last.buffer == buffer and last or nil
end

--- For a statusline: what runs, or what the last run taught. "" outside of runbooks.
---@return string
function M.status()
  if not last or last.buffer ~= vim.api.nvim_get_current_buf() then
    return ""
  end
  return last.name .. ": " .. (state(last))
end

return M
