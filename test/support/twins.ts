import {mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {build} from '../../src/build/build.ts'
import {collectDiagnostics} from '../../src/diagnostics/collect.ts'
import {planBuild, planWarm} from '../../src/driver/plan.ts'
import type {Target} from '../../src/driver/target.ts'
import type {Diagnostic} from '../../src/model/diagnostic.ts'
import {createSupervisor} from '../../src/supervisor/supervisor.ts'
import {packageRoot, type Sandbox, sandbox} from './sandbox.ts'

interface Built {
  status: string
  /** As JSON, relative to the project. */
  diagnostics: string[]
  /** Every file that is no source, by path. */
  files: Record<string, string>
}

/** Two copies of one project: one is built by the compiler itself each time, the other by one that is kept. */
export interface Twins extends AsyncDisposable {
  box: Sandbox
  /** Has files written in both; undefined removes. */
  write(files: Readonly<Record<string, string | undefined>>): void
  /** Does something in the folder of each. */
  both(change: (folder: string) => void): void
  cold(args?: readonly string[]): Promise<Built>
  warm(args?: readonly string[], signal?: AbortSignal): Promise<Built>
  /** Folder of the one that is built warm. */
  folder: string
}

export function twins(target: Target): Twins {
  const box = sandbox()
  const [coldFolder, folder] = [join(box.root, 'cold'), join(box.root, 'warm')]
  for (const one of [coldFolder, folder]) mkdirSync(one)
  const supervisor = createSupervisor({directory: join(box.root, 'run')})
  const collector = collectDiagnostics()
  supervisor.onEvent(event => collector.add(event))
  const both: Twins['both'] = change => {
    change(coldFolder)
    change(folder)
  }
  const env = {HOME: box.root, PATH: process.env.PATH ?? ''}
  const planned = (args: readonly string[]) => {
    const plan = {target, root: folder, args, env, color: false, trust: 'unknown' as const}
    return planWarm(plan, planBuild(plan), packageRoot)
  }
  return {
    box,
    folder,
    both,
    write: files =>
      both(root => {
        for (const [path, text] of Object.entries(files)) {
          const file = join(root, path)
          mkdirSync(dirname(file), {recursive: true})
          if (text === undefined) rmSync(file, {force: true})
          else writeFileSync(file, text)
        }
      }),
    async cold(args = []) {
      const {toolchains, diagnostics} = await build(box.context, {root: coldFolder, targets: [target], args})
      return built(toolchains[0]?.status ?? '', diagnostics, coldFolder)
    },
    async warm(args = [], signal) {
      const plan = planned(args)
      if (plan === undefined) throw new Error('this is not built warm')
      const worker = supervisor.get(plan.spec.id) ?? supervisor.start(plan.spec)
      const {status} = await worker.compile({taskId: 'build', arguments: [...plan.arguments]}, signal)
      return built(['', 'ok', 'errors', 'cancelled'][status] ?? '', collector.list(), folder)
    },
    async [Symbol.asyncDispose]() {
      await supervisor.shutdown({grace: 0})
      await box[Symbol.asyncDispose]()
    },
  }
}

function built(status: string, diagnostics: readonly Diagnostic[], root: string): Built {
  const shown = (text: string) => text.replaceAll(root, '{root}')
  return {
    status,
    diagnostics: diagnostics.map(one => shown(`${fileURLToPath(one.uri)} ${JSON.stringify(one)}`)),
    files: Object.fromEntries(
      readdirSync(root, {recursive: true, withFileTypes: true})
        .filter(entry => entry.isFile())
        .map(({parentPath, name}) => join(parentPath, name))
        .sort()
        .map(path => [path.slice(root.length + 1), shown(readFileSync(path, 'utf8'))]),
    ),
  }
}
