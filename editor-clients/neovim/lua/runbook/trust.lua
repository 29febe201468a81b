--- Whether a folder is trusted: asked once per folder, kept under stdpath("state").
local M = {}

local asked = {}

local function file()
  return vim.fs.joinpath(vim.fn.stdpath("state"), "runbook", "trust.json")
end

---@return table<string, boolean>
local function read()
  local handle = io.open(file(), "r")
  if not handle then
    return {}
  end
  local ok, found = pcall(vim.json.decode, handle:read("a"))
  handle:close()
  return ok and type(found) == "table" and found or {}
end

--- What is known of a folder: true, false, or nil where nobody said.
---@param folder? string
---@return boolean?
function M.known(folder)
  local always = require("runbook").options.trust
  if always ~= nil then
    return always
  end
  return folder and read()[vim.fs.normalize(folder)]
end

--- Remember an answer; nil forgets it.
---@param folder string
---@param trusted boolean?
function M.set(folder, trusted)
  local known = read()
  known[vim.fs.normalize(folder)] = trusted
  vim.fn.mkdir(vim.fs.dirname(file()), "p", "0700")
  local handle = assert(io.open(file(), "w"))
  handle:write(vim.json.encode(known))
  handle:close()
end

--- Start the client anew in its buffers, so that the server knows the answer.
---@param client vim.lsp.Client
---@param answer string
local function restart(client, answer)
  local buffers = vim.tbl_keys(client.attached_buffers)
  client:stop()
  local function again()
    if not client:is_stopped() then
      vim.defer_fn(again, 50)
      return
    end
    for _, buffer in ipairs(buffers) do
      if vim.api.nvim_buf_is_valid(buffer) then
        vim.lsp.start(client.config, { bufnr = buffer })
      end
    end
    vim.notify("runbook: this folder is " .. answer)
  end
  vim.defer_fn(again, 50)
end

--- Ask for a folder that nobody has spoken of, once in a session.
---@param client vim.lsp.Client
function M.ask_once(client)
  local folder = client.root_dir or vim.fn.getcwd()
  if M.known(folder) ~= nil or asked[folder] or #vim.api.nvim_list_uis() == 0 then
    return
  end
  asked[folder] = true
  vim.schedule(function()
    M.ask(folder, client)
  end)
end

--- Ask now.
---@param folder string
---@param client? vim.lsp.Client
function M.ask(folder, client)
  local answers = {
    { text = "Trust it: run cells by my act, ask before what destroys, learn from its runbooks", trusted = true },
    { text = "Not now: everything but reading is confirmed", trusted = nil },
    { text = "Never: only check its runbooks, run nothing", trusted = false },
  }
  vim.ui.select(answers, {
    prompt = ("Do you trust the runbooks of %s?"):format(vim.fn.fnamemodify(folder, ":~")),
    kind = "runbook",
    format_item = function(answer)
      return answer.text
    end,
  }, function(answer)
    if not answer or (answer.trusted == nil and M.known(folder) == nil) then
      return
    end
    M.set(folder, answer.trusted)
    if client then
      restart(client, answer.trusted == nil and "not decided" or answer.trusted and "trusted" or "not trusted")
    end
  end)
end

return M
