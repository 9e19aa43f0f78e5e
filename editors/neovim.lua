-- segdsl in Neovim 0.7 or newer: `:luafile editors/neovim.lua`, or its text in your init.lua.
-- The server ignores files that are not configs of segments.

local config = {
  name = "segdsl",
  cmd = vim.g.segdsl_cmd or { "segdsl", "lsp" },
  root_dir = vim.fn.getcwd(),
}
local client

local function attach(buffer)
  if vim.lsp.start then -- since 0.8
    vim.lsp.start(config, { bufnr = buffer })
    return
  end
  client = client or vim.lsp.start_client(config)
  vim.lsp.buf_attach_client(buffer, client)
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "toml", "yaml", "json" },
  callback = function(event)
    attach(event.buf)
    vim.bo[event.buf].omnifunc = "v:lua.vim.lsp.omnifunc" -- completion with Ctrl-X Ctrl-O
  end,
})
