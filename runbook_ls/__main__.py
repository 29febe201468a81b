"""`python -m runbook_ls` is `runbook-ls`."""

from runbook_ls.cli.main import main

main()
