Register-ArgumentCompleter -Native -CommandName tool -ScriptBlock {
  param($word, $command, $position)
  $line = $command.ToString()
  $line = $line.PadRight($position - $command.Extent.StartOffset).Substring(0, $position - $command.Extent.StartOffset)
  $lines = @(__tool_run complete --line -- $line $word 2>$null)
  $lines | Select-Object -Skip 1 | ForEach-Object {
    $text, $about = $_ -split "`t", 2
    if (-not $about) { $about = $text }
    [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $about)
  }
}
