--- `:Runbook …` and the <Plug> maps.
local M = {}

local client = require("runbook.client")

--- Show markdown that the server gave in a floating window, as hover does.
local function page(result)
  if result.markdown then
    vim.lsp.util.open_floating_preview(
      vim.split(result.markdown, "\n"),
      "markdown",
      { border = "rounded", focus_id = "runbook" }
    )
  end
end

local function output()
  if not require("runbook.output").show(vim.uri_from_bufnr(0)) then
    client.execute("runbook.showOutput")
  end
end

--- Run the cell in a terminal window, where a program can talk with you. It is learned from there too.
local function terminal()
  if vim.bo.modified then
    vim.cmd.write()
  end
  client.execute("runbook.runInTerminal", {}, function(answer)
    local program = require("runbook").options.cmd[1]
    local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(0))
    vim.cmd.new()
    vim.fn.jobstart({ program, "run", answer.file, answer.name }, { term = true, cwd = folder })
    vim.cmd.startinsert()
  end)
end

local function history()
  local file = vim.api.nvim_buf_get_name(0)
  local command = { require("runbook").options.cmd[1], "history", "--file", file, "--format", "md" }
  vim.system(command, { text = true }, function(done)
    vim.schedule(function()
      if done.code ~= 0 then
        vim.notify(vim.trim(done.stderr), vim.log.levels.ERROR)
        return
      end
      vim.cmd.new()
      vim.bo.buftype, vim.bo.bufhidden, vim.bo.swapfile = "nofile", "wipe", false
      vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(done.stdout, "\n"))
      vim.bo.filetype, vim.bo.modifiable = "markdown", false
    end)
  end)
end

--- Put the cursor into the next cell, or the one before.
local function go(forward)
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  local here = vim.api.nvim_win_get_cursor(0)[1]
  local starts, open = {}, nil
  for number, line in ipairs(lines) do
    local mark = line:match("^[%s>%d%.%-%*%+%)]*(```+)") or line:match("^[%s>%d%.%-%*%+%)]*(~~~+)")
    if mark and not open then
      open = mark
      table.insert(starts, number)
    elseif mark and open and #mark >= #open and mark:sub(1, 1) == open:sub(1, 1) and line:match("[`~]%s*$") then
      open = nil
    end
  end
  local target
  for _, number in ipairs(starts) do
    if forward and number > here then
      target = number
      break
    elseif not forward and number < here - 1 then
      target = number
    end
  end
  if target then
    vim.api.nvim_win_set_cursor(0, { math.min(target + 1, #lines), 0 })
    vim.cmd("normal! ^")
  end
end

---@type table<string, fun(command?: table)>
local ACTS = {
  run = function()
    client.execute("runbook.runCell")
  end,
  above = function()
    client.execute("runbook.runAbove")
  end,
  all = function()
    client.execute("runbook.runAll")
  end,
  cancel = function()
    client.execute("runbook.cancel")
  end,
  generate = function()
    client.execute("runbook.generate")
  end,
  explain = function()
    client.execute("runbook.explain", {}, page)
  end,
  forget = function()
    client.execute("runbook.forget")
  end,
  reset = function()
    client.execute("runbook.resetState")
  end,
  selection = function(command)
    local first, last = command and command.line1 or vim.fn.line("."), command and command.line2 or vim.fn.line(".")
    client.execute("runbook.runSelection", {
      line = first - 1,
      range = { start = { line = first - 1, character = 0 }, ["end"] = { line = last, character = 0 } },
    })
  end,
  output = output,
  terminal = terminal,
  history = history,
  next = function()
    go(true)
  end,
  previous = function()
    go(false)
  end,
  trust = function()
    local attached = client.of()
    require("runbook.trust").ask(attached and attached.root_dir or vim.fn.getcwd(), attached)
  end,
}

---@param act string
function M.act(act)
  ACTS[act]()
end

--- `:Runbook ACT`
function M.run(command)
  local act = command.fargs[1] or "run"
  if not ACTS[act] then
    local known = vim.tbl_keys(ACTS)
    table.sort(known)
    vim.notify(("runbook: there is no %q; there are %s"):format(act, table.concat(known, ", ")), vim.log.levels.ERROR)
    return
  end
  ACTS[act](command)
end

function M.complete(lead)
  local found = vim.tbl_filter(function(act)
    return vim.startswith(act, lead)
  end, vim.tbl_keys(ACTS))
  table.sort(found)
  return found
end

return M
