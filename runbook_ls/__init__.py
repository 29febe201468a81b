"""runbook_ls: a language server and command line for runnable markdown runbooks."""

__version__ = "0.1.0"
