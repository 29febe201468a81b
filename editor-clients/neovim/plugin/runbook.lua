if vim.g.loaded_runbook then
  return
end
vim.g.loaded_runbook = true

if vim.fn.has("nvim-0.11") == 0 then
  vim.notify("runbook: Neovim 0.11 or newer is needed", vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command("Runbook", function(command)
  require("runbook.commands").run(command)
end, {
  nargs = "*",
  range = true,
  desc = "Run, generate and explain the cells of a runbook",
  complete = function(lead, line)
    return require("runbook.commands").complete(lead, line)
  end,
})

-- No default maps: every act has a <Plug> name to map as you like.
for _, act in ipairs({
  "run",
  "above",
  "all",
  "cancel",
  "generate",
  "explain",
  "forget",
  "output",
  "terminal",
  "next",
  "previous",
}) do
  vim.keymap.set("n", ("<Plug>(runbook-%s)"):format(act), function()
    require("runbook.commands").act(act)
  end, { desc = "Runbook: " .. act })
end
vim.keymap.set(
  "x",
  "<Plug>(runbook-selection)",
  ":Runbook selection<CR>",
  { desc = "Runbook: run the selected lines" }
)

for name, link in pairs({
  RunbookRunning = "DiagnosticInfo",
  RunbookSucceeded = "DiagnosticOk",
  RunbookFailed = "DiagnosticError",
  RunbookOutput = "Comment",
}) do
  vim.api.nvim_set_hl(0, name, { link = link, default = true })
end
