$env:PATH = (@(@shims@) + @($env:PATH -split [IO.Path]::PathSeparator | Where-Object { $_ -ne '' -and $_ -ne @shims@ })) -join [IO.Path]::PathSeparator

function global:tool {
  if ($args.Count -eq 0 -or $args[0] -ne 'shell') {
    if ($MyInvocation.ExpectingInput) { $input | __tool_run @args } else { __tool_run @args }
    return
  }
  $rest = @($args | Select-Object -Skip 1)
  $code = @(__tool_run shell --hook=powershell @rest)
  if ($LASTEXITCODE -ne 0 -or $code.Count -eq 0) { return }
  if ($code[0] -like '# tool shell*') { Invoke-Expression ($code -join "`n") } else { $code }
}
