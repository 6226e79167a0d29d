import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Platform} from '../base/platform.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {Definition, SourceDefinition} from '../model/definition.ts'
import {concrete} from '../toolchain/concrete.ts'
import {artifactsOf} from './artifacts.ts'
import {directorySource} from './directory.ts'
import {npmSource} from './npm.ts'
import type {PlatformSource, Source} from './types.ts'

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
  const ask = <T>(
    version: string | undefined,
    question: (source: PlatformSource) => Promise<T>,
    platform: Platform = context.platform,
  ) => {
    const around = {context: {...context, platform}, network, refresh, toolchain: definition.name}
    const open = (source: SourceDefinition) =>
      source.kind === 'npm' ? npmSource(around, source) : directorySource(around, source)
    return first(context, concrete(definition, version, platform).sources, source => question(open(source)))
  }
  return {
    list: async () => ask(undefined, source => source.list()),
    artifact: async (version, platform) => ask(version, source => source.artifact(version), platform),
    artifacts: async version =>
      artifactsOf(definition, version, context.platform, {
        of: platform => ask(version, source => source.artifact(version), platform),
        all: () => ask(version, source => source.artifacts(version)),
      }),
    locked: async (version, promised) => ask(version, source => source.locked(version, promised)),
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
