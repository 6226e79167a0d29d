import type {Context} from '../base/context.ts'
import {UserError} from '../base/errors.ts'
import type {Platform} from '../base/platform.ts'
import {createNetwork, type Network} from '../fetch/network.ts'
import type {Definition} from '../model/definition.ts'
import type {SourceDefinition} from '../model/source-definition.ts'
import {concrete} from '../toolchain/concrete.ts'
import {type Around, remember} from './around.ts'
import {artifactsOf} from './artifacts.ts'
import {directorySource} from './directory.ts'
import {failureOf, type SourceFailure, silences} from './failure.ts'
import {githubSource} from './github.ts'
import {indexSource} from './index-source.ts'
import {npmSource} from './npm.ts'
import {minimumAge, oldEnough} from './release-age.ts'
import type {Artifact, PlatformSource, Promised, Source} from './types.ts'

export interface SourceOptions {
  /** Asks the source even where a fresh copy of its index is in the cache. */
  refresh?: boolean
  /** By default one of its own. */
  network?: Network
  /** Lists also versions that came out too short a time ago to be chosen. */
  anyAge?: boolean
}

/**
 * Opens the sources of a definition; they are tried in order. Nothing is fetched or loaded before the
 * first question.
 */
export function openSource(context: Context, definition: Definition, options: SourceOptions = {}): Source {
  const {refresh = false, network = createNetwork(context), anyAge = false} = options
  const once = remember()
  const sourcesFor = (version: string | undefined, platform: Platform = context.platform): Opened[] =>
    concrete(definition, version, platform).sources.map((source, index, all) => {
      // Where there is another one, nobody waits long for this.
      const patience = index === all.length - 1 ? network : briefly(network)
      const around = {
        context: {...context, platform},
        network: patience,
        refresh,
        toolchain: definition.name,
        once: <T>(name: string, work: () => Promise<T>) => once(`${index} ${name}`, work),
      }
      return {definition: source, open: open(source, around)}
    })
  const ask = async <T>(
    version: string,
    question: (source: PlatformSource) => Promise<T>,
    platform?: Platform,
  ) => (await first(context, sourcesFor(version, platform), question)).answer
  return {
    async list() {
      const age = anyAge ? undefined : minimumAge(context, definition.name)
      const {answer, source, failures} = await first(context, sourcesFor(undefined), one =>
        one.list({dates: age !== undefined}),
      )
      const unasked = silences(failures)
      // What a person put into a folder of theirs, they chose.
      const chosen =
        age === undefined || source.kind === 'directory' ? answer : oldEnough(answer, age, Date.now())
      return {...chosen, ...(unasked.length > 0 && {unasked})}
    },
    artifact: async (version, platform) => ask(version, source => source.artifact(version), platform),
    artifacts: async version =>
      artifactsOf(definition, version, context.platform, {
        of: platform => ask(version, source => source.artifact(version), platform),
        all: () => ask(version, source => source.artifacts(version)),
      }),
    locked: async (version, promised) => firstLocked(context, sourcesFor(version), version, promised),
  }
}

interface Opened {
  definition: SourceDefinition
  open: PlatformSource
}

function open(source: SourceDefinition, around: Around): PlatformSource {
  switch (source.kind) {
    case 'npm':
      return npmSource(around, source)
    case 'directory':
      return directorySource(around, source)
    case 'index':
      return indexSource(around, source)
    case 'github':
      return githubSource(around, source)
  }
}

function briefly(network: Network): Network {
  return {...network, get: (request, read) => network.get({...request, brief: true}, read)}
}

/** The first answer, and the failures before it; if every source fails, the failure that says most is thrown. */
async function first<T>(
  context: Context,
  sources: readonly Opened[],
  ask: (source: PlatformSource) => Promise<T>,
): Promise<{answer: T; source: SourceDefinition; failures: readonly SourceFailure[]}> {
  const failures: SourceFailure[] = []
  for (const {definition, open} of sources) {
    try {
      return {answer: await ask(open), source: definition, failures}
    } catch (error) {
      failures.push({source: definition, error: passedOver(context, definition, error)})
    }
  }
  throw failureOf(failures)
}

/** A source that surely has what is locked; else the first that may, unless one that may have it could not be asked. */
async function firstLocked(
  context: Context,
  sources: readonly Opened[],
  version: string,
  promised: Promised,
): Promise<Artifact> {
  const failures: SourceFailure[] = []
  let perhaps: Artifact | undefined
  for (const {definition, open} of sources) {
    try {
      const {artifact, certain} = await open.locked(version, promised)
      if (certain) return artifact
      perhaps ??= artifact
    } catch (error) {
      failures.push({source: definition, error: passedOver(context, definition, error)})
    }
  }
  if (perhaps !== undefined && failures.length === 0) return perhaps
  throw failures[0]?.error
}

/** @throws what no other source can mend */
function passedOver({signal, log}: Context, {kind}: SourceDefinition, error: unknown): UserError {
  signal.throwIfAborted()
  if (!(error instanceof UserError) || error.code === 'SIGNATURE_INVALID') throw error
  log.debug(`${kind} source: ${error.message}`)
  return error
}
