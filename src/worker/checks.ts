import type {Schema} from '../ipc/types.ts'
import type {CompileParams, FilesChangedParams, InitializeResult} from '../model/protocol.ts'

/*
 * Small checks by hand of what a supervisor sends. The SDK lives in other people's programs, whose start must not
 * wait for a schema library.
 */

export const compileParams = check<CompileParams>(
  'an object with taskId and arguments',
  ({taskId, arguments: given}) => typeof taskId === 'string' && isTexts(given),
)

export const filesChangedParams = check<FilesChangedParams>('an object with changes', ({changes}) =>
  Array.isArray(changes),
)

export const initializeResult = check<InitializeResult>(
  'an object with root, mode, arguments and server',
  ({root, mode, arguments: given, server}) =>
    typeof root === 'string' && typeof mode === 'string' && isTexts(given) && isServer(server),
)

function check<T>(wanted: string, fits: (fields: Record<string, unknown>) => boolean): Schema<T> {
  return {
    safeParse: value =>
      isFields(value) && fits(value)
        ? {success: true, data: value as T}
        : {success: false, error: {message: `expected ${wanted}`}},
  }
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function isServer(value: unknown): boolean {
  return isFields(value) && typeof value.host === 'string' && typeof value.port === 'number'
}
