import type {SingleBar} from 'cli-progress'
import type {Context} from '../base/context.ts'
import type {InstallPhase, InstallProgress} from '../install/progress.ts'
import {isInteractive} from './terminal.ts'

interface ShownProgress {
  progress: InstallProgress
  /** Takes away what is shown. */
  stop(): void
}

/** Shows installs on stderr: a bar each on a terminal, a line each elsewhere; with --quiet nothing. */
export async function installProgress(context: Context, quiet: boolean): Promise<ShownProgress> {
  if (!quiet && isInteractive(process.stderr, context.env)) return bars()
  return {progress: lines(context), stop: () => {}}
}

const phases: Record<InstallPhase, string> = {
  waiting: 'waiting for another install',
  downloading: '',
  storing: 'storing',
}

async function bars(): Promise<ShownProgress> {
  const {MultiBar} = await import('cli-progress')
  const all = new MultiBar({
    format: '{name} {bar} {received} {note}',
    barsize: 24,
    barCompleteChar: '━',
    barIncompleteChar: '─',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  })
  const shown = new Map<number, SingleBar>()
  const update = (id: number, value: number | undefined, payload: object) => {
    const bar = shown.get(id)
    if (value === undefined) bar?.update(payload)
    else bar?.update(value, payload)
  }
  const progress: InstallProgress = {
    onStart: (id, {toolchain, version}) => {
      const payload = {name: `${toolchain} ${version}`.padEnd(20), received: '', note: ''}
      shown.set(id, all.create(1, 0, payload))
    },
    onBytes: (id, received, total) => {
      // Where the size is unknown the bar stays empty and the count tells how it goes.
      shown.get(id)?.setTotal(total ?? Number.MAX_SAFE_INTEGER)
      update(id, received, {received: megabytes(received)})
    },
    onPhase: (id, phase) => update(id, undefined, {note: phases[phase]}),
    onFinish: id => {
      const bar = shown.get(id)
      if (bar) all.remove(bar)
      shown.delete(id)
    },
  }
  return {progress, stop: () => all.stop()}
}

function lines({log}: Context): InstallProgress {
  const downloading = new Set<number>()
  const names = new Map<number, string>()
  return {
    onStart: (id, {toolchain, version}) => names.set(id, `${toolchain} ${version}`),
    onBytes: () => {},
    onPhase: (id, phase) => {
      if (phase === 'waiting') log.info(`waiting for another install of ${names.get(id)}`)
      if (phase !== 'downloading' || downloading.has(id)) return
      downloading.add(id)
      log.info(`installing ${names.get(id)}`)
    },
    onFinish: () => {},
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
