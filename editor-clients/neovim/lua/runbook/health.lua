--- `:checkhealth runbook`
local M = {}

function M.check()
  local health = vim.health
  health.start("runbook: Neovim")
  if vim.fn.has("nvim-0.11") == 1 then
    health.ok("Neovim " .. tostring(vim.version()))
  else
    health.error("Neovim 0.11 or newer is needed", "Update Neovim")
    return
  end
  if vim.lsp.inline_completion then
    health.ok("suggestions are shown as ghost text")
  else
    health.info("ghost text needs Neovim 0.12; here suggestions are completion items and :Runbook generate")
  end

  health.start("runbook: server")
  local program = require("runbook").options.cmd[1]
  local found = vim.fn.exepath(program)
  if found == "" then
    health.error(("%s is not on PATH"):format(program), {
      "in a clone of runbook-ls: uv tool install '.[full]'",
      "or name it: require('runbook').setup{ cmd = { '/path/to/runbook-ls', 'serve' } }",
    })
    return
  end
  local version = vim.trim(vim.system({ found, "--version" }, { text = true }):wait().stdout or "")
  health.ok(("%s (%s)"):format(version, found))
  if #vim.lsp.get_clients({ name = "runbook_ls" }) > 0 then
    health.ok("the server is running")
  elseif vim.lsp.is_enabled and not vim.lsp.is_enabled("runbook_ls") then
    health.warn("it is not enabled", { "require('runbook').setup()", "or vim.lsp.enable('runbook_ls')" })
  else
    health.info("it starts with the first markdown file")
  end
  local doctor = vim.system({ found, "doctor" }, { text = true }):wait()
  for _, line in ipairs(vim.split(vim.trim(doctor.stdout or ""), "\n")) do
    if vim.startswith(line, "!!") then
      health.warn(vim.trim(line:sub(3)))
    else
      health.info(vim.trim((line:gsub("^ok", ""))))
    end
  end

  health.start("runbook: trust")
  local folder = vim.fs.root(0, { "runbook-ls.toml", ".git" }) or vim.fn.getcwd()
  local trusted = require("runbook.trust").known(folder)
  health.info(
    ("%s: %s"):format(
      folder,
      trusted == nil and "not decided (:Runbook trust)" or trusted and "trusted" or "not trusted"
    )
  )
end

return M
