--- The server's questions: may this run, and what value has this input. Always by vim.ui, so that your picker is used.
local M = {}

--- Ask by a function of vim.ui, and wait for the answer without keeping Neovim waiting.
---@param ask fun(answered: fun(choice: any))
local function await(ask)
  local co = coroutine.running()
  local answered, choice, waiting = false, nil, false
  vim.schedule(function()
    ask(function(given)
      answered, choice = true, given
      if waiting then
        vim.schedule(function()
          coroutine.resume(co)
        end)
      end
    end)
  end)
  if not answered then
    waiting = true
    coroutine.yield()
  end
  return choice
end

--- A window with the exact text that would run; at the top, where no list of answers covers it.
local function show(lines)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = "wipe"
  local height = math.min(#lines, math.max(3, math.floor(vim.o.lines / 2)))
  local window = vim.api.nvim_open_win(buffer, false, { split = "above", win = -1, height = height })
  vim.wo[window].number = false
  vim.wo[window].relativenumber = false
  vim.wo[window].statusline = " Runbook: this would run"
  for index, line in ipairs(lines) do
    if vim.startswith(line, ">") then
      vim.hl.range(
        buffer,
        vim.api.nvim_create_namespace("runbook.question"),
        "WarningMsg",
        { index - 1, 0 },
        { index - 1, -1 }
      )
    end
  end
  vim.cmd.redraw()
  return window
end

--- `window/showMessageRequest`
function M.ask(_, params)
  local actions = params.actions or {}
  local lines = vim.split(params.message, "\n")
  local window = #lines > 1 and show(vim.list_slice(lines, 2)) or nil
  local choice = await(function(answered)
    vim.ui.select(actions, {
      prompt = lines[1],
      kind = "runbook",
      format_item = function(action)
        return (action.title:gsub("\n", " "))
      end,
    }, answered)
  end)
  if window and vim.api.nvim_win_is_valid(window) then
    vim.api.nvim_win_close(window, true)
  end
  return choice or vim.NIL
end

--- `runbook/input`: `{name, prompt, default?, choices?, secret?}` gives a text, or null if there is no answer.
function M.input(_, params)
  local choice = await(function(answered)
    if params.choices and #params.choices > 0 then
      vim.ui.select(params.choices, { prompt = params.prompt, kind = "runbook" }, answered)
    elseif params.secret then
      local given = vim.fn.inputsecret(params.prompt .. ": ")
      answered(given ~= "" and given or nil)
    else
      vim.ui.input({ prompt = params.prompt .. ": ", default = params.default }, answered)
    end
  end)
  return choice or vim.NIL
end

return M
