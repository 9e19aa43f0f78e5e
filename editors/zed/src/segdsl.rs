//! Starts the language server: the command of the setting `lsp.segdsl.binary`, or `segdsl lsp` from the PATH.

use zed_extension_api::{self as zed, settings::LspSettings, LanguageServerId, Result};

struct Segdsl;

impl zed::Extension for Segdsl {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        server: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let settings = LspSettings::for_worktree(server.as_ref(), worktree)?;
        let (path, arguments) = settings
            .binary
            .map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path
            .or_else(|| worktree.which("segdsl"))
            .ok_or("`segdsl` is not found: install it (`pip install 'segdsl[lsp]'`), or set `lsp.segdsl.binary`")?;
        Ok(zed::Command {
            command,
            args: arguments.unwrap_or_else(|| vec!["lsp".into()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Segdsl);
