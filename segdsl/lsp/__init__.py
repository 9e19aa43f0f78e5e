"""The language server, `segdsl lsp`: configs in editors, over the Language Server Protocol. One file for each feature.

It needs pygls (`pip install 'segdsl[lsp]'`), and only `segdsl.cli.lsp` imports it.
"""
