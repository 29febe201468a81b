;; emacs -q --batch -l emacs.el -- RUNBOOK-LS FILE: eglot by configuration alone, in the words of its user.
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'cl-lib)

(defvar said nil "What the server showed, newest first.")

(defun until (what happened)
  "Go on until HAPPENED gives something; it. WHAT names it when it does not."
  (let ((end (+ (float-time) 30)) found)
    (while (not (or (setq found (funcall happened)) (> (float-time) end)))
      (accept-process-output nil 0.05))
    (or found (progn (princ (format "NOT SEEN: %s\nsaid: %S\n" what said)) (kill-emacs 1)))))

(defun choose (title)
  "Choose the code action that begins with TITLE, as from its menu."
  (let (offered (last-nonmenu-event ?.))  ; a key, not the mouse
    (cl-letf (((symbol-function 'completing-read)
               (lambda (_prompt choices &rest _)
                 (setq offered (mapcar (lambda (choice) (if (consp choice) (car choice) choice)) choices))
                 (or (cl-find-if (lambda (each) (string-prefix-p title each)) offered)
                     (progn (princ (format "NO ACTION %s among %S\n" title offered)) (kill-emacs 1))))))
      (eglot-code-actions (line-beginning-position) (line-end-position) nil t))))

(defun text-of-messages () (with-current-buffer (messages-buffer) (buffer-string)))

(let* ((arguments (cdr (member "--" command-line-args)))
       (server (nth 0 arguments))
       (file (nth 1 arguments)))
  (setq command-line-args-left nil)
  (define-derived-mode markdown-mode text-mode "Markdown")
  (add-to-list 'eglot-server-programs
               `(markdown-mode . (,server "serve" :initializationOptions (:trusted t))))
  (setq eglot-sync-connect 30 eglot-autoshutdown t eglot-confirm-server-initiated-edits nil
        create-lockfiles nil make-backup-files nil)
  (advice-add 'message :before (lambda (form &rest values) (when form (push (apply #'format form values) said))))
  (find-file file)
  (markdown-mode)
  (apply #'eglot--connect
         (list '(markdown-mode) (project-current t) 'eglot-lsp-server
               (list server "serve" :initializationOptions '(:trusted t)) "markdown"))
  (unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))

  (flymake-start)
  (until "a problem" (lambda () (cl-find-if (lambda (each) (string-match-p "prompt is part" (flymake-diagnostic-text each)))
                                            (flymake-diagnostics))))
  (princ "saw the problem\n")

  (goto-char (point-min))
  (search-forward "$ find")
  (choose "Remove the prompts")
  (until "the fix" (lambda () (not (string-match-p "^\\$ find" (buffer-string)))))
  (princ "fixed it\n")

  (choose "Run cell")
  (until "the receipt" (lambda () (cl-find-if (lambda (each) (string-match-p "exit 0 in .*learned" each)) said)))
  (princ "ran the cell\n")

  (set-buffer-modified-p nil)
  (let ((process (jsonrpc--process (eglot-current-server))))
    (eglot-shutdown (eglot-current-server))
    (until "the end of the server" (lambda () (not (process-live-p process)))))
  (princ "ended\n"))
