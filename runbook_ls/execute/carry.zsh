# How a zsh cell hands its state on: the zsh way of carry.bash. Sourced as .zshenv of a private ZDOTDIR; the words in
# @…@ are filled in by carry_others.py.

zmodload zsh/parameter
__runbook_save() {
    builtin local __runbook_options="${(j. .)${(k)options[(R)on]}}" __runbook_name
    builtin emulate -L zsh
    builtin setopt no_xtrace no_verbose
    {
        builtin print -rnN -- "$PWD" "$__runbook_options"
        for __runbook_name in ${(k)parameters[(R)*export*]}; do
            builtin print -rnN -- "$__runbook_name=${(P)__runbook_name}"
        done
        builtin print -rnN -- ""
        for __runbook_name in ${(k)parameters}; do
            case ${parameters[$__runbook_name]}:$__runbook_name in
                *special*|*local*|*hide*|*:__runbook_*|*:zshexit_functions|*:(_|0|argv|status)) ;;
                *) builtin typeset -p -- $__runbook_name ;;
            esac
        done
        builtin print -rnN -- ""
        for __runbook_name in ${(k)functions}; do
            [[ $__runbook_name == __runbook_* ]] || builtin functions -- $__runbook_name
        done
        builtin alias -L
        builtin alias -L -g
        builtin alias -L -s
        builtin print -rnN -- "" ${(k)functions:#__runbook_*} ${(k)aliases}
        builtin print -rn -- end
    } >|@STATE@
} 2>/dev/null
zshexit_functions+=(__runbook_save)
