;;; segdsl.el --- segdsl in Emacs  -*- lexical-binding: t; -*-

;; `(load "/path/to/editors/segdsl.el")' in your init file.  Eglot comes with Emacs 29; for older ones it is in GNU ELPA.
;; The server starts in files named `segments*' or `*.segments.*'; in other configs with `M-x segdsl'.
;; Completion is `completion-at-point' (M-TAB), or pops up with company or corfu.

(require 'eglot)

(defvar segdsl-command '("segdsl" "lsp")
  "The command of the language server: a program and its arguments.")

(defun segdsl ()
  "Attach the language server to this buffer, instead of other servers for its mode."
  (interactive)
  (setq-local eglot-server-programs (cons (cons major-mode segdsl-command) eglot-server-programs))
  (eglot-ensure))

(defun segdsl-in-configs ()
  "Attach the language server if the name of the file says that it is a config."
  (let ((name (file-name-nondirectory (or buffer-file-name ""))))
    (when (and (member (file-name-extension name) '("toml" "yaml" "yml" "json"))
               (string-match-p "\\`segments\\|\\.segments\\." name))
      (segdsl))))

(add-hook 'find-file-hook #'segdsl-in-configs)

(provide 'segdsl)
;;; segdsl.el ends here
