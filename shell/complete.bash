function _tool_complete {
  local line word nl=$'\n' lines
  COMPREPLY=()
  # The line as typed: bash takes "@", "=" and ":" for ends of words.
  lines=$(__tool_run complete --line -- "${COMP_LINE:0:COMP_POINT}" "${2-}" 2>/dev/null) || return 0
  case ${lines%%"$nl"*} in
    files) type compopt >/dev/null 2>&1 && compopt -o default ;;
    folders) type compopt >/dev/null 2>&1 && compopt -o dirnames ;;
    unfinished) type compopt >/dev/null 2>&1 && compopt -o nospace ;;
  esac
  case $lines in *"$nl"*) ;; *) return 0 ;; esac
  while IFS= read -r line; do
    word=${line%%$'\t'*}
    [ -z "$word" ] || COMPREPLY[${#COMPREPLY[@]}]=$word
  done <<<"${lines#*"$nl"}"
  return 0
}
if type complete >/dev/null 2>&1; then complete -F _tool_complete tool; fi
