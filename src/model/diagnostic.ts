import type {Diagnostic as LspDiagnostic, Range} from 'vscode-languageserver-types'

export type {LspDiagnostic, Range}

/** An LSP diagnostic (0-based lines and UTF-16 columns, end exclusive) plus the file it is about and who said it. */
export interface Diagnostic extends LspDiagnostic {
  /** `file:` URI. For what concerns no file, the URI of the project root's folder. */
  uri: string
  /** Name of the toolchain that reported it. */
  toolchain: string
}

/** LSP's severities. */
export const Severity = {error: 1, warning: 2, information: 3, hint: 4} as const

/** The word for an LSP severity; without one it is an error, as LSP clients show it. */
export function severityName(severity: number | undefined): 'error' | 'warning' | 'information' | 'hint' {
  return severity === 2 ? 'warning' : severity === 3 ? 'information' : severity === 4 ? 'hint' : 'error'
}

/** A message as plain text: LSP 3.18 allows marked-up content, whose value is shown as it is. */
export function messageText(diagnostic: Pick<LspDiagnostic, 'message'>): string {
  return typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value
}
