--- The whole output of a runbook's runs, in a buffer that can be searched, copied and followed.
local M = {}

---@type table<string, integer> by URI
local buffers = {}

local function buffer_of(uri)
  local buffer = buffers[uri]
  if buffer and vim.api.nvim_buf_is_valid(buffer) then
    return buffer
  end
  buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, "runbook://" .. vim.fs.basename(vim.uri_to_fname(uri)) .. "/" .. buffer)
  vim.bo[buffer].filetype = "runbook-output"
  vim.bo[buffer].modifiable = false
  buffers[uri] = buffer
  return buffer
end

--- Append text after the buffer's last character, and keep windows that show its end at its end.
local function append(uri, text)
  local buffer = buffer_of(uri)
  local lines = vim.split(text:gsub("\r\n", "\n"), "\n")
  local count = vim.api.nvim_buf_line_count(buffer)
  local tail = vim.api.nvim_buf_get_lines(buffer, -2, -1, false)[1] or ""
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_text(buffer, count - 1, #tail, count - 1, #tail, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  for _, window in ipairs(vim.fn.win_findbuf(buffer)) do
    if vim.api.nvim_win_get_cursor(window)[1] >= count then
      vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(buffer), 0 })
    end
  end
end

---@param run runbook.Run
---@param line integer 0-based
function M.begin(run, line)
  append(run.uri, ("▶ %s · line %d · %s\n"):format(run.name, line + 1, os.date("%H:%M:%S")))
  if require("runbook").options.output == "split" then
    M.show(run.uri)
  end
end

---@param run runbook.Run
---@param text string
function M.add(run, text)
  append(run.uri, text)
end

---@param run runbook.Run
---@param words string
function M.finish(run, words)
  local newline = (run.text == "" or vim.endswith(run.text, "\n")) and "" or "\n"
  append(run.uri, newline .. words .. "\n\n")
end

--- Show the output of a runbook in a split; the cursor stays where it is.
---@param uri string
---@return boolean whether there is any
function M.show(uri)
  local buffer = buffers[uri]
  if not buffer or not vim.api.nvim_buf_is_valid(buffer) then
    return false
  end
  if #vim.fn.win_findbuf(buffer) == 0 then
    local height = math.max(5, math.floor(vim.o.lines / 3))
    local window = vim.api.nvim_open_win(buffer, false, { split = "below", win = 0, height = height })
    vim.wo[window].number = false
    vim.wo[window].relativenumber = false
    vim.wo[window].signcolumn = "no"
    vim.wo[window].wrap = true
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(buffer), 0 })
  end
  return true
end

return M
