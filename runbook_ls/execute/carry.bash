# How a bash cell hands its state on. Sourced through BASH_ENV before the cell's first line, after the state of the
# cells before it; the words in @…@ are filled in by carry_bash.py. It uses builtins only (PATH may be broken) and
# no subshells (they cost a millisecond each). Names begin with __runbook_; they are not carried.

# Writes the state: shell options, aliases, variables and functions, parted by NUL bytes.
__runbook_save() {
    builtin local -
    builtin set +euvxC +o posix
    if [[ ${#FUNCNAME[@]} -gt 3 ]]; then
        __runbook_leave
    fi
    {
        builtin printf '%s\0' "$PWD" "$__runbook_options"
        builtin shopt -p
        builtin printf '\0'
        builtin alias -p
        builtin printf '\0'
        builtin declare -p
        builtin printf '\0'
        builtin declare -F
        builtin printf '\0'
        builtin declare -f
        builtin printf '\0end'
    } >|@STATE@
} 2>/dev/null

# `exit` in a function: unsets the locals of the functions that are left, or they would be saved as globals. A name
# is local where marking the global variable of that name does not show.
__runbook_leave() {
    builtin local __runbook_each __runbook_flags
    for __runbook_each in @NAMES@; do
        case $__runbook_each in __runbook_* | BASH* | FUNCNAME | DIRSTACK | GROUPS | PIPESTATUS | _) continue ;; esac
        builtin declare -gt "$__runbook_each"
        while builtin declare -p "$__runbook_each" >|@SCRATCH@; do
            IFS=' ' builtin read -r _ __runbook_flags _ <@SCRATCH@
            case $__runbook_flags in *[tn]*) break ;; esac
            builtin unset -v "$__runbook_each" || break
        done
    done
}

# Runs at the cell's end, whatever ends it. The user's own EXIT trap may `exit`, so the state is saved before it too.
__runbook_exit() {
    __runbook_save
    if [[ -n ${__runbook_trap-} ]]; then
        __runbook_return "$__runbook_status"
        builtin eval "$__runbook_trap"
        __runbook_options=$SHELLOPTS
        __runbook_save
    fi
}

__runbook_return() {
    return "$1"
}

# Keeps the user's EXIT trap beside ours. Every other use goes straight to the builtin.
trap() {
    builtin local __runbook_word __runbook_ours=$((!$#))
    for __runbook_word in "$@"; do
        case $__runbook_word in [Ee][Xx][Ii][Tt] | [Ss][Ii][Gg][Ee][Xx][Ii][Tt] | 0 | -p) __runbook_ours=1 ;; esac
    done
    if [[ $BASH_SUBSHELL != 0 || $__runbook_ours == 0 ]]; then
        builtin trap "$@"
        return
    fi
    if [[ -n ${__runbook_trap-} ]]; then
        builtin trap -- "$__runbook_trap" EXIT
    else
        builtin trap - EXIT
    fi
    __runbook_ours=0
    builtin trap "$@" || __runbook_ours=$?
    builtin trap -p EXIT >|@SCRATCH@
    __runbook_trap= __runbook_word=
    IFS= builtin read -r -d '' __runbook_word <@SCRATCH@ || :
    if [[ -n $__runbook_word ]]; then
        builtin eval "builtin set -- $__runbook_word"
        __runbook_trap=$3
    fi
    builtin trap -- @HANDLER@ EXIT
    return "$__runbook_ours"
}

builtin trap -- @HANDLER@ EXIT
