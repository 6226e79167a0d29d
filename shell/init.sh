__tool_shims=@shims@
__tool_path=:${PATH-}:
while case $__tool_path in *":$__tool_shims:"*) ;; *) false ;; esac; do
  __tool_path=${__tool_path%%":$__tool_shims:"*}:${__tool_path#*":$__tool_shims:"}
done
__tool_path=${__tool_path#:}
__tool_path=${__tool_path%:}
export PATH="$__tool_shims${__tool_path:+:$__tool_path}"
unset __tool_shims __tool_path

function tool {
  if [ "${1-}" != shell ]; then
    __tool_run "$@"
    return
  fi
  local code
  shift
  code=$(__tool_run shell --hook=@shell@ "$@") || return
  case $code in
    '# tool shell'*) eval "$code" ;;
    ?*) printf '%s\n' "$code" ;;
  esac
}
