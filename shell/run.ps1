# By absolute paths, since a shim may be called tool; what was moved or upgraded elsewhere is found on PATH.
function global:__tool_run {
  if ((Test-Path -LiteralPath @runtime@) -and (Test-Path -LiteralPath @script@)) {
    if ($MyInvocation.ExpectingInput) { $input | & @runtime@ @script@ @args } else { & @runtime@ @script@ @args }
  } else {
    $real = Get-Command -Name tool -CommandType Application -TotalCount 1 -ErrorAction Stop
    if ($MyInvocation.ExpectingInput) { $input | & $real @args } else { & $real @args }
  }
}
