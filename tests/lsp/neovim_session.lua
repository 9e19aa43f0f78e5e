-- Edits the file of the current buffer with the server, and writes what it was shown to $ANSWER as JSON.
local seen = {}

local function wait(what)
  assert(vim.wait(60000, what, 50), "the server did not answer")
end

wait(function() return #vim.diagnostic.get(0) > 0 end)
for _, one in ipairs(vim.diagnostic.get(0)) do
  table.insert(seen, { code = one.code, line = one.lnum, column = one.col, last = one.end_col })
end

local place = vim.lsp.util.make_position_params()
local answers = vim.lsp.buf_request_sync(0, "textDocument/completion", place, 60000)
local labels = {}
for _, answer in pairs(answers) do
  for _, item in ipairs(answer.result.items) do table.insert(labels, item.label) end
end

if vim.lsp.buf.format then -- since 0.8
  vim.lsp.buf.format({ timeout_ms = 60000 })
else
  vim.lsp.buf.formatting_sync(nil, 60000)
end
local file = assert(io.open(vim.env.ANSWER, "w"))
local lines = vim.api.nvim_buf_get_lines(0, 0, -1, true)
file:write(vim.json.encode({ diagnostics = seen, labels = labels, lines = lines }))
file:close()
vim.cmd("qall!")
