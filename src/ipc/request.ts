import {type CancellationToken, ResponseError} from 'vscode-jsonrpc/node'
import {messageOf} from '../base/errors.ts'
import {CancelToken} from './cancel-token.ts'
import {fromReply, IpcError, RpcCode} from './errors.ts'
import type {RequestOptions} from './types.ts'

const defaultTimeout = 30_000
const defaultCancelGrace = 5_000
/** Node fires a timer that is longer at once. */
const longestTimeout = 2 ** 31 - 1

/** Sends the request; rejects with a ResponseError where the peer or the library answered with an error. */
export type Send = (token: CancellationToken) => Promise<unknown>

/** One request from its sending to its settlement: answer, time-out, or cancellation with a last chance to answer. */
export function request(send: Send, method: string, options: RequestOptions): Promise<unknown> {
  const {signal, timeout = defaultTimeout, cancelGrace = defaultCancelGrace} = options
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const token = new CancelToken()
    let timer: NodeJS.Timeout | undefined
    const onAbort = () => {
      token.cancel()
      clearTimeout(timer)
      timer = setTimeout(() => settle(() => reject(signal?.reason)), cancelGrace)
    }
    const settle = (how: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      how()
    }
    signal?.addEventListener('abort', onAbort, {once: true})
    if (timeout !== Number.POSITIVE_INFINITY) {
      timer = setTimeout(
        () => {
          token.cancel()
          const late = new IpcError('REQUEST_TIMEOUT', `${method} was not answered within ${timeout} ms`)
          settle(() => reject(late))
        },
        Math.min(timeout, longestTimeout),
      )
    }
    send(token).then(
      result => settle(() => resolve(result)),
      error => settle(() => reject(signal?.aborted && isCancelled(error) ? signal.reason : rejection(error))),
    )
  })
}

function isCancelled(error: unknown): boolean {
  return error instanceof ResponseError && error.code === RpcCode.requestCancelled
}

function rejection(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error
  if (error.code === RpcCode.messageWriteError) return new IpcError('MESSAGE_UNSENDABLE', messageOf(error))
  return fromReply(error)
}
