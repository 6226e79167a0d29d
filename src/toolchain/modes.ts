import type {Definition} from '../model/definition.ts'
import type {WorkerMode} from '../model/protocol.ts'

/** What some version of a toolchain can do for a project. What builds can be watched: the build is run anew. */
export function modesOf(definition: Pick<Definition, WorkerMode | 'overrides'>): WorkerMode[] {
  const parts = [definition, ...(definition.overrides ?? [])]
  const has = (mode: WorkerMode) => parts.some(part => part[mode])
  return (['build', 'watch', 'serve'] as const).filter(
    mode => has(mode) || (mode === 'watch' && has('build')),
  )
}
