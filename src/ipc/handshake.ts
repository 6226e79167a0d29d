import {createHash, timingSafeEqual} from 'node:crypto'
import {Message} from 'vscode-jsonrpc/node'
import {Exit, messageOf, UserError} from '../base/errors.ts'
import {maxFrameBytes, protocolVersion} from '../model/wire.ts'
import type {StreamConnection} from './connection.ts'
import {IpcError, RpcCode, RpcError} from './errors.ts'
import type {Connection, Greeting, Handshake, RequestOptions, Schema} from './types.ts'

const defaultTimeout = 10_000
/** A peer that nobody knows yet can make us hold this many bytes. */
const greetingBytes = 64 * 1024

/**
 * The peer's side: says who we are.
 * @returns the result of `initialize`
 * @throws UserError PROTOCOL_VERSION if the other side speaks only versions that we don't
 * @throws IpcError CONNECTION_CLOSED if it refused us
 */
export async function initialize<R extends {protocolVersion: number}>(
  connection: Connection,
  params: Greeting & object,
  options?: RequestOptions,
): Promise<R> {
  const result = await connection.request<R>('initialize', params, options)
  const version = result?.protocolVersion
  if (version === protocolVersion) return result
  const error = versionError(`the other side speaks version ${version} of the protocol`)
  connection.close(error)
  throw error
}

/**
 * The door's side: until the peer's first message was a valid `initialize` with the right token, nothing else is
 * taken and nothing is answered.
 */
export function guard<P extends Greeting>(
  connection: StreamConnection,
  handshake: Handshake<P>,
  onAdmitted: () => void,
): void {
  const refuse = (why: string) => connection.close(new IpcError('BAD_HANDSHAKE', why))
  const timeout = handshake.timeout ?? defaultTimeout
  const timer = setTimeout(() => refuse(`no initialize within ${timeout} ms`), timeout)
  connection.closed.then(() => clearTimeout(timer))
  connection.frameLimit = greetingBytes
  connection.gate = message => {
    const params = greeting(message, handshake)
    if (params === undefined) {
      refuse('the first message was no initialize with the right token')
      return false
    }
    clearTimeout(timer)
    connection.gate = undefined
    connection.frameLimit = maxFrameBytes
    onAdmitted()
    answerInitialize(connection, handshake, params)
    return true
  }
}

function greeting<P extends Greeting>(message: object, {schema, tokenFor}: Handshake<P>): P | undefined {
  const request = message as Message & {method?: unknown; params?: unknown}
  if (!Message.isRequest(request) || request.method !== 'initialize') return undefined
  const parsed = schema.safeParse(request.params)
  if (!parsed.success) return undefined
  const expected = tokenFor(parsed.data)
  return expected && sameText(expected, parsed.data.token) ? parsed.data : undefined
}

function answerInitialize<P extends Greeting>(
  connection: StreamConnection,
  handshake: Handshake<P>,
  params: P,
): void {
  let answered = false
  connection.onRequest('initialize', anything, () => {
    try {
      if (answered) throw new RpcError(RpcCode.invalidRequest, 'initialize was said before')
      answered = true
      if (params.protocolVersion < 1) {
        throw versionError(`the peer speaks version ${params.protocolVersion} of the protocol`)
      }
      const agreed = Math.min(params.protocolVersion, protocolVersion)
      return {...handshake.welcome(connection, params), protocolVersion: agreed}
    } catch (error) {
      connection.closeAfterReply(new IpcError('BAD_HANDSHAKE', messageOf(error)))
      throw error
    }
  })
}

const anything: Schema<unknown> = {safeParse: data => ({success: true, data})}

/** Compares digests, so that neither content nor length shows in the time it takes. */
function sameText(one: string, other: string): boolean {
  const [a, b] = [one, other].map(text => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function versionError(message: string): UserError {
  return new UserError({
    code: 'PROTOCOL_VERSION',
    message: `${message}, this one speaks version ${protocolVersion}`,
    hint: 'use releases of both that speak the same version',
    exitCode: Exit.workerFailed,
  })
}
