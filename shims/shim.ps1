# A shim of toolversion, written by `tool rehash`: becomes the version of a program that is pinned where it is called.
$home_was = $env:TOOL_HOME
if (-not $env:TOOL_HOME) { $env:TOOL_HOME = @home@ }
try {
  if ($MyInvocation.ExpectingInput) { $input | & @runtime@ @script@ exec -- @name@ @args }
  else { & @runtime@ @script@ exec -- @name@ @args }
} finally {
  $env:TOOL_HOME = $home_was
}
exit $LASTEXITCODE
