-- For `vim.lsp.enable("runbook_ls")`. What `require("runbook").setup()` was given is laid over it.
return require("runbook.client").config()
