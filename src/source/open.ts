import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {Definition, SourceDefinition} from '../model/definition.ts'
import {concrete} from '../toolchain/concrete.ts'
import {directorySource} from './directory.ts'
import {npmSource} from './npm.ts'
import type {Source} from './types.ts'

export interface SourceOptions {
  /** Asks the source even where a fresh copy of its index is in the cache. */
  refresh?: boolean
  /** By default one of its own. */
  network?: Network
}

/**
 * Opens the sources of a definition; they are tried in order. Nothing is fetched or loaded before the
 * first question.
 */
export function openSource(context: Context, definition: Definition, options: SourceOptions = {}): Source {
  const {refresh = false, network = createNetwork(context)} = options
  const open = (source: SourceDefinition) => {
    const around = {context, network, refresh, toolchain: definition.name}
    return source.kind === 'npm' ? npmSource(around, source) : directorySource(around, source)
  }
  return {
    async list() {
      const {sources} = concrete(definition, undefined, context.platform)
      return first(context, sources, source => open(source).list())
    },
    async artifact(version) {
      const {sources} = concrete(definition, version, context.platform)
      return first(context, sources, source => open(source).artifact(version))
    },
  }
}

/** The first answer; if every source fails, the failure of the first. */
async function first<T>(
  {signal, log}: Context,
  sources: readonly SourceDefinition[],
  ask: (source: SourceDefinition) => Promise<T>,
): Promise<T> {
  const failures: unknown[] = []
  for (const source of sources) {
    try {
      return await ask(source)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof UserError)) throw error
      failures.push(error)
      if (sources.length > 1) log.debug(`${source.kind} source: ${error.message}`)
    }
  }
  throw failures[0]
}
