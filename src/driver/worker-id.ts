import type {WorkerMode} from '../model/protocol.ts'

/** Which compiler a worker is. */
export interface CompilerIdentity {
  mode: WorkerMode
  toolchain: string
  version: string
}

/** The id of a compiler's worker, `serve:esbuild@0.28.2`, which tells every client of the supervisor what runs. */
export function workerId({mode, toolchain, version}: CompilerIdentity): string {
  return `${mode}:${toolchain}@${version}`
}

/** Undefined for a worker that is no compiler of a project. */
export function readWorkerId(id: string): CompilerIdentity | undefined {
  const [, mode, toolchain, version] = /^(build|watch|serve):([^@]+)@(.+)$/.exec(id) ?? []
  return isMode(mode) && toolchain && version ? {mode, toolchain, version} : undefined
}

function isMode(word: string | undefined): word is WorkerMode {
  return word === 'build' || word === 'watch' || word === 'serve'
}
