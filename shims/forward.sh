if [ ! -x "$__tool_runtime" ] || [ ! -f "$__tool_script" ]; then
  echo "error SHIM_OUTDATED: the shim $0 asks a toolversion that is gone: $__tool_script" >&2
  echo "  try: install toolversion again, then: tool rehash" >&2
  exit 127
fi
# A home that the environment does not name is this shim's own.
if [ -z "${TOOL_HOME-}" ] && [ "${HOME-}/.tool" != "$__tool_home" ]; then
  TOOL_HOME=$__tool_home
  export TOOL_HOME
fi
exec "$__tool_runtime" "$__tool_script" exec -- "$__tool_name" "$@"
