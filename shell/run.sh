# By absolute paths, since a shim may be called tool; what was moved or upgraded elsewhere is found on PATH.
function __tool_run {
  if [ -x @runtime@ ] && [ -f @script@ ]; then
    @runtime@ @script@ "$@"
  else
    command tool "$@"
  fi
}
