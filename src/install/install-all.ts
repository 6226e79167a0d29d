import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {createNetwork} from '../fetch/network.ts'
import {explain} from './explain.ts'
import {type InstallOptions, type InstallRequest, type InstallResult, installAs} from './install.ts'

export interface InstallAllOptions extends InstallOptions {
  /** How many at a time. */
  jobs?: number
}

/** What is to be installed, or how to find that out, which may fail as well. */
export type Asked = InstallRequest | (() => Promise<InstallRequest>)

/**
 * Installs several versions side by side. All of them are brought to an end; then the failure of the
 * first that failed is thrown, in the order of the requests. The log tells of the other failures, and of what was
 * installed nevertheless.
 * @throws UserError as `install`
 */
export async function installAll(
  context: Context,
  requests: readonly Asked[],
  {jobs = 8, ...options}: InstallAllOptions = {},
): Promise<InstallResult[]> {
  const shared = {...options, network: options.network ?? createNetwork(context)}
  const results: PromiseSettledResult<InstallResult>[] = []
  const queue = requests.entries()
  const work = async () => {
    for (const [id, asked] of queue) {
      const [result] = await Promise.allSettled([installOne(context, asked, shared, id)])
      results[id] = result
    }
  }
  await Promise.all(Array.from({length: Math.min(jobs, requests.length)}, work))
  context.signal.throwIfAborted()
  return allOf(context, results)
}

async function installOne(
  context: Context,
  asked: Asked,
  options: InstallOptions,
  id: number,
): Promise<InstallResult> {
  const request = typeof asked === 'function' ? await asked() : asked
  try {
    return await installAs(context, request, options, id)
  } catch (error) {
    throw await explain(context, request, options, error)
  }
}

function allOf({log}: Context, results: readonly PromiseSettledResult<InstallResult>[]): InstallResult[] {
  const done = results.flatMap(result => (result.status === 'fulfilled' ? result.value : []))
  const failures = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  if (failures.length === 0) return done
  for (const {toolchain, version, fresh} of done) if (fresh) log.info(`installed ${toolchain} ${version}`)
  const [first, ...others] = failures
  for (const error of others) {
    // A mistake of ours is told by itself, in full.
    if (!(error instanceof UserError)) throw error
    log.error(`${error.code}: ${error.message}${error.hint === undefined ? '' : `; ${error.hint}`}`)
  }
  throw first
}
