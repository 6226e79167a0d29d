import {ResponseError} from 'vscode-jsonrpc/node'
import {Exit, type ExitCode, messageOf, UserError} from '../base/errors.ts'

/** JSON-RPC's and LSP's numbers for what can be wrong with a request. */
export const RpcCode = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
  messageWriteError: -32_099,
  requestCancelled: -32_800,
  /** The request was understood and could not be fulfilled; `data` says why. */
  requestFailed: -32_803,
} as const

/** An error reply, as one side gives and the other gets it. */
export class RpcError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.name = 'RpcError'
    this.code = code
    this.data = data
  }
}

export type IpcErrorCode =
  /** The connection ended; `cause` says why, if there was a reason. */
  | 'CONNECTION_CLOSED'
  | 'REQUEST_TIMEOUT'
  /** A message that is no JSON or larger than a frame may be. The connection lives on. */
  | 'MESSAGE_UNSENDABLE'
  /** The peer broke the framing. */
  | 'BAD_FRAME'
  /** The peer reads nothing while ever more is sent to it. */
  | 'PEER_STALLED'
  /** The peer's first message was no valid `initialize`, or a second one came, or none in time. */
  | 'BAD_HANDSHAKE'

/** What goes wrong with a connection itself. */
export class IpcError extends Error {
  readonly code: IpcErrorCode

  constructor(code: IpcErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = 'IpcError'
    this.code = code
  }
}

/** What a handler threw, as the reply that the library sends. */
export function toReply(error: unknown, cancelled: boolean): ResponseError<unknown> {
  if (error instanceof RpcError) return new ResponseError(error.code, error.message, error.data)
  if (error instanceof UserError) {
    const {code, hint, exitCode} = error
    return new ResponseError(RpcCode.requestFailed, error.message, {code, hint, exitCode})
  }
  if (cancelled) return new ResponseError(RpcCode.requestCancelled, 'the request was cancelled')
  return new ResponseError(RpcCode.internalError, messageOf(error))
}

/** An error reply, as the error that the request is rejected with. */
export function fromReply({code, message, data}: ResponseError<unknown>): RpcError | UserError {
  if (code === RpcCode.requestFailed && isUserErrorData(data)) {
    return new UserError({code: data.code, message, hint: data.hint, exitCode: data.exitCode})
  }
  return new RpcError(code, message, data)
}

function isUserErrorData(data: unknown): data is {code: string; hint?: string; exitCode: ExitCode} {
  if (typeof data !== 'object' || data === null) return false
  const {code, hint, exitCode} = data as Record<string, unknown>
  const exits: readonly unknown[] = Object.values(Exit)
  return (
    typeof code === 'string' && (hint === undefined || typeof hint === 'string') && exits.includes(exitCode)
  )
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
