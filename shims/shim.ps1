# A shim of toolversion, written by `tool rehash`: becomes the version of a program that is pinned where it is called.
if (-not (Test-Path -LiteralPath @runtime@) -or -not (Test-Path -LiteralPath @script@)) {
  [Console]::Error.WriteLine('error SHIM_OUTDATED: the shim ' + $PSCommandPath + ' asks a toolversion that is gone: ' + @script@)
  [Console]::Error.WriteLine('  try: install toolversion again, then: tool rehash')
  exit 127
}
$home_was = $env:TOOL_HOME
$user_home = if ($env:HOME) { $env:HOME } else { $env:USERPROFILE }
if (-not $env:TOOL_HOME -and "$user_home\.tool" -ne @home@) { $env:TOOL_HOME = @home@ }
try {
  if ($MyInvocation.ExpectingInput) { $input | & @runtime@ @script@ exec -- @name@ @args }
  else { & @runtime@ @script@ exec -- @name@ @args }
} finally {
  $env:TOOL_HOME = $home_was
}
exit $LASTEXITCODE
