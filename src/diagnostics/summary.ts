import {type Diagnostic, Severity} from '../model/diagnostic.ts'

/** How many diagnostics there are of each severity; one without a severity counts as an error. */
export interface DiagnosticsSummary {
  errors: number
  warnings: number
  information: number
  hints: number
  /** How many files have any. */
  files: number
}

/** Counts diagnostics. */
export function summarize(diagnostics: readonly Diagnostic[]): DiagnosticsSummary {
  const count = (severity: number) =>
    diagnostics.filter(diagnostic => (diagnostic.severity ?? Severity.error) === severity).length
  return {
    errors: count(Severity.error),
    warnings: count(Severity.warning),
    information: count(Severity.information),
    hints: count(Severity.hint),
    files: new Set(diagnostics.map(diagnostic => diagnostic.uri)).size,
  }
}
