function _tool {
  local -a lines words_and_abouts quiet
  local line
  lines=("${(@f)$(__tool_run complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "${(@)lines[2,-1]}"; do
    [[ -n $line ]] || continue
    words_and_abouts+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  [[ $lines[1] == unfinished ]] && quiet=(-S '')
  (( $#words_and_abouts )) && _describe -V -t values value words_and_abouts "${(@)quiet}" && return
  case $lines[1] in
    files) _files ;;
    folders) _files -/ ;;
  esac
}
if [[ -n ${functions[compdef]-} ]]; then compdef _tool tool; fi
