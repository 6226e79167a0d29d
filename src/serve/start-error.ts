import {createServer} from 'node:net'
import {Exit, errnoOf, UserError} from '../base/errors.ts'
import type {Address} from '../driver/plan.ts'
import type {Target} from '../driver/target.ts'
import {messageText, Severity} from '../model/diagnostic.ts'
import type {Snapshot} from '../model/event.ts'
import {targetError} from '../session/target-error.ts'
import type {WorkerSpec} from '../supervisor/types.ts'

interface FailedServer {
  target: Target
  spec: WorkerSpec
  /** What it was asked to bind: port 0 means any. */
  address: Address
}

/**
 * Why a server never listened, as the person can mend it: the system is asked whether the address can be had at all,
 * and the compiler's own words go with it.
 */
export async function startError(
  error: UserError,
  {target, spec: {id, label}, address}: FailedServer,
  cwd: string,
  diagnostics: Snapshot['diagnostics'],
): Promise<UserError> {
  const said = firstError(diagnostics, id)
  const problem = addressProblems[(await bindProblem(address)) ?? '']
  if (problem === undefined) {
    const words = said === undefined || error.message.includes(said) ? '' : `; it said: ${said}`
    return targetError(error, target, cwd, words)
  }
  const {host, port} = address
  return new UserError({
    code: problem.code,
    message: `${label} can't listen on ${host} port ${port}: ${problem.what}${said === undefined ? '' : ` (${said})`}`,
    hint: problem.hint,
    exitCode: Exit.workerFailed,
    cause: error,
  })
}

const addressProblems: Readonly<Record<string, {code: string; what: string; hint: string}>> = {
  EADDRINUSE: {
    code: 'PORT_IN_USE',
    what: 'another program has that port',
    hint: 'end that program, or leave the choice to the system: --port 0',
  },
  EACCES: {
    code: 'PORT_NOT_PERMITTED',
    what: 'the system keeps that port for privileged programs',
    hint: 'take a port above 1023, or leave the choice to the system: --port 0',
  },
  EADDRNOTAVAIL: {
    code: 'HOST_NOT_AVAILABLE',
    what: 'this machine has no such address',
    hint: 'take an address of this machine: --host 127.0.0.1',
  },
  ENOTFOUND: {
    code: 'HOST_NOT_AVAILABLE',
    what: 'no such host is known',
    hint: 'take an address of this machine: --host 127.0.0.1',
  },
}

/** Node's error code for binding the address; undefined if that works. */
function bindProblem({host, port}: Address): Promise<string | undefined> {
  const {promise, resolve} = Promise.withResolvers<string | undefined>()
  const server = createServer()
  server.once('error', error => resolve(errnoOf(error)))
  server.listen({host, port, exclusive: true}, () => server.close(() => resolve(undefined)))
  return promise
}

function firstError(diagnostics: Snapshot['diagnostics'], workerId: string): string | undefined {
  const own = diagnostics.filter(published => published.workerId === workerId)
  const error = own
    .flatMap(published => published.diagnostics)
    .find(({severity = Severity.error}) => severity === Severity.error)
  return error && messageText(error)
}
