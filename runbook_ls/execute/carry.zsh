# How a zsh cell hands its state on: the zsh way of carry.bash. Sourced as the .zshenv of a private ZDOTDIR, after what
# carry_others.py puts before it; the words in @…@ are filled in there. xtrace is not carried: zsh traces this too.

__runbook_save() {
    builtin setopt localoptions no_xtrace no_verbose
    builtin local __runbook_on="${(j. .)${(k)options[(R)on]}}" __runbook_off="${(j. .)${(k)options[(R)off]}}"
    builtin local __runbook_name
    builtin emulate -L zsh
    builtin setopt no_err_exit no_err_return unset
    {
        builtin print -rN -- "$PWD" "$__runbook_on" "$__runbook_off"
        for __runbook_name in ${(k)parameters[(R)*export*]}; do
            builtin print -rN -- "$__runbook_name=${(P)__runbook_name}"
        done
        builtin print -rN -- ""
        for __runbook_name in ${(k)parameters}; do
            case ${parameters[$__runbook_name]}:$__runbook_name in
                *special*|*local*|*hide*|*export*|*:__runbook_*|*:zshexit_functions) ;;
                *) (( ${__runbook_own[(Ie)$__runbook_name]} )) || builtin typeset -p -- $__runbook_name ;;
            esac
        done
        builtin print -rN -- ""
        for __runbook_name in ${(k)functions:#__runbook_*}; do
            builtin functions -- $__runbook_name
        done
        builtin alias -L
        builtin alias -L -g
        builtin alias -L -s
        builtin print -rN -- "" ${(k)functions:#__runbook_*} ${(k)aliases} "end"
    } >|@STATE@
} 2>/dev/null
zshexit_functions+=(__runbook_save)
trap __runbook_save EXIT # errexit does not call zshexit_functions
