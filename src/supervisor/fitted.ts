import type {LspDiagnostic} from '../model/diagnostic.ts'

/** Most that one diagnostic takes in a frame, in bytes. */
export const maxDiagnosticBytes = 64 * 1024
/** In UTF-16 units, each of which takes no more than six bytes. */
const maxMessage = 8 * 1024
const maxName = 512

/** What a value takes in a frame, in bytes. */
export function frameBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}

/** The diagnostic with its size; of one that is too large only what says where and what is wrong, cut short. */
export function fitted(diagnostic: LspDiagnostic): {diagnostic: LspDiagnostic; bytes: number} {
  const bytes = bytesIfAny(diagnostic)
  if (bytes <= maxDiagnosticBytes) return {diagnostic, bytes}
  const {range, severity, code, source, message} = diagnostic
  const {start, end} = range
  const short: LspDiagnostic = {
    range: {
      start: {line: start.line, character: start.character},
      end: {line: end.line, character: end.character},
    },
    ...(severity !== undefined && {severity}),
    ...(code !== undefined && {code: typeof code === 'string' ? cut(code, maxName) : code}),
    ...(source !== undefined && {source: cut(source, maxName)}),
    message:
      typeof message === 'string'
        ? cut(message, maxMessage)
        : {kind: message.kind, value: cut(message.value, maxMessage)},
  }
  return {diagnostic: short, bytes: frameBytes(short)}
}

/** What is nested so deeply that it can be read, but not be written again, has no size. */
function bytesIfAny(value: unknown): number {
  try {
    return frameBytes(value)
  } catch (error) {
    if (error instanceof RangeError) return Number.POSITIVE_INFINITY
    throw error
  }
}

function cut(text: string, length: number): string {
  // Half a character at the end would be none.
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}
