/*
 * Theory of operation
 *
 * `tsc` answers from nothing but the file system. So a compilation keeps what it asked it, and what it was answered
 * (file-view.ts); where a later one finds the same answers, and what was written still there, its result is the same
 * one, and it does nothing else. Nothing is watched, so nothing can be missed.
 *
 * Where something changed, as much is used again as leaves the result what `tsc` would make of it:
 * - Syntax trees of files whose text is the same (source-files.ts).
 * - The resolution of imports, if nothing changed but texts of source files.
 * - What is known of files that a change does not affect, for as long as there are no errors: how a message words a
 *   type can depend on the order in which files are checked, so with errors all of them are, in the order of `tsc`.
 * - With `incremental` or `composite` it is the file of `tsc` that tells what was done, and nothing else does.
 *
 * Diagnostics take the way through the compiler's own words, and the reader of those of `tsc`, to be the very same.
 */
import {setImmediate as nextTurn} from 'node:timers/promises'
import {createInterpreter} from '../diagnostics/interpreter.ts'
import type {CompileRequest, Compiler, TaskReport} from '../worker/compiler.ts'
import {FileTexts} from './file-texts.ts'
import {FileView} from './file-view.ts'
import {Outputs} from './outputs.ts'
import {SourceFiles} from './source-files.ts'
import type {Api, BuilderProgram, Diagnostic, Host, Options, Program} from './typescript-api.ts'
import {readArguments, type Task} from './typescript-arguments.ts'

/** TypeScript before version 7 as a compiler that keeps what it knows, by the API of an installed version. */
export function typescriptCompiler(api: Api, toolchain: string): Compiler {
  const warm = new WarmTypescript(api)
  return {
    name: toolchain,
    version: api.version,
    async compile(request, report) {
      await tell(await warm.compile(request), {root: request.root, toolchain}, report)
    },
  }
}

/** How a compilation went, and what must be as it is for it to be true. */
interface Done {
  arguments: string
  view: FileView
  output: string[]
}

/** The last program of all that had no errors, and what it is told by that a change affects little. */
interface Clean {
  builder: BuilderProgram
  settings: string
}

/** Ms of work after which a cancellation is looked for. */
const turn = 20

class WarmTypescript {
  readonly #api: Api
  readonly #texts: FileTexts
  readonly #sources = new SourceFiles()
  readonly #outputs: Outputs
  #done: Done | undefined
  #program: {program: Program; settings: string} | undefined
  #clean: Clean | undefined

  constructor(api: Api) {
    const {sys} = api
    this.#api = api
    this.#texts = new FileTexts(path => sys.readFile(path))
    this.#outputs = new Outputs(sys, text => sys.createHash?.(text) ?? text)
  }

  /** The lines that `tsc` would print. @throws UserError NOT_WARM; the signal's reason */
  async compile({arguments: words, signal}: CompileRequest): Promise<string[]> {
    const given = JSON.stringify(words)
    const before = this.#done?.arguments === given ? this.#done : undefined
    const difference = before?.view.compare() ?? {kind: 'other' as const}
    if (before && difference.kind === 'same' && this.#outputs.areThere()) return before.output

    this.#done = undefined
    const view = new FileView(this.#api.sys, this.#texts)
    const task = readArguments(this.#api, view.system, words)
    const changed = difference.kind === 'texts' ? difference.paths : undefined
    const diagnostics = await this.#run(task, view, difference.kind === 'same' ? new Set() : changed, signal)
    const output = this.#format(diagnostics, task.options)
    this.#texts.keep(view.read())
    this.#done = {arguments: given, view, output}
    return output
  }

  async #run(
    task: Task,
    view: FileView,
    changed: ReadonlySet<string> | undefined,
    signal: AbortSignal,
  ): Promise<Diagnostic[]> {
    const {options} = task
    const host = this.#api.createIncrementalCompilerHost(options, view.system)
    if (this.#api.JSDocParsingMode) host.jsDocParsingMode = this.#api.JSDocParsingMode.ParseForTypeErrors
    const settings = JSON.stringify([task.rootNames, {...options, configFile: undefined}])
    const old = this.#program?.settings === settings ? this.#program.program : undefined
    const resolved = old && changed && areSources(changed, old) ? old : undefined
    this.#sources.lendTo(host, options, view.system, resolved !== undefined)
    if (options.incremental || options.composite) return this.#incrementally(task, host, view, signal)

    const program = this.#api.createProgram({...task, host, oldProgram: resolved})
    this.#program = {program, settings}
    this.#sources.keep(program.getSourceFiles())
    const sameSettings = this.#clean?.settings === settings ? this.#clean.builder : undefined
    if (sameSettings && this.#outputs.areThere()) {
      const builder = await this.#affected(task, host, program, sameSettings, signal)
      if (builder) {
        this.#clean = {builder, settings}
        return []
      }
      const fresh = this.#api.createProgram({...task, host, oldProgram: program})
      this.#program = {program: fresh, settings}
      return this.#whole(task, host, fresh, settings, signal)
    }
    return this.#whole(task, host, program, settings, signal)
  }

  /** Everything, as `tsc` does it. */
  async #whole(
    task: Task,
    host: Host,
    program: Program,
    settings: string,
    signal: AbortSignal,
  ): Promise<Diagnostic[]> {
    this.#clean = undefined
    await check(program, signal)
    // It is the program that was checked, in the order of its files; the builder only keeps books from here on.
    const builder = this.#builder(task, host, program, undefined)
    this.#outputs.clear()
    const diagnostics = this.#finish(builder, this.#outputs.write)
    if (diagnostics.length === 0) this.#clean = {builder, settings}
    return diagnostics
  }

  /** Only what a change affects; undefined if anything is wrong with that. */
  async #affected(
    task: Task,
    host: Host,
    program: Program,
    before: BuilderProgram,
    signal: AbortSignal,
  ): Promise<BuilderProgram | undefined> {
    this.#clean = undefined
    const builder = this.#builder(task, host, program, before)
    if (isSound(builder)) await takeTurns(() => builder.getSemanticDiagnosticsOfNextAffectedFile(), signal)
    const written: Parameters<Host['writeFile']>[] = []
    if (this.#finish(builder, (...file) => written.push(file)).length > 0) return undefined
    let failed = false
    for (const [path, text, mark] of written) {
      this.#outputs.write(path, text, mark, () => {
        failed = true
      })
    }
    return failed ? undefined : builder
  }

  async #incrementally(task: Task, host: Host, view: FileView, signal: AbortSignal): Promise<Diagnostic[]> {
    this.#program = undefined
    this.#clean = undefined
    const builder = this.#api.createIncrementalProgram({...task, host})
    this.#sources.keep(builder.getProgram().getSourceFiles())
    if (isSound(builder)) await takeTurns(() => builder.getSemanticDiagnosticsOfNextAffectedFile(), signal)
    this.#outputs.clear()
    return this.#finish(builder, (path, ...file) => {
      this.#outputs.write(path, ...file)
      if (path.endsWith('.tsbuildinfo')) view.forgetText(path)
    })
  }

  #builder(
    {configFileParsingDiagnostics}: Task,
    host: Host,
    program: Program,
    before: BuilderProgram | undefined,
  ): BuilderProgram {
    return this.#api.createEmitAndSemanticDiagnosticsBuilderProgram(
      program,
      host,
      before,
      configFileParsingDiagnostics,
    )
  }

  #finish(program: Program, writeFile: Host['writeFile']): Diagnostic[] {
    const diagnostics: Diagnostic[] = []
    const report = (one: Diagnostic) => diagnostics.push(one)
    this.#api.emitFilesAndReportErrors(program, report, undefined, undefined, writeFile)
    return diagnostics
  }

  #format(diagnostics: readonly Diagnostic[], options: Options): string[] {
    const {sys} = this.#api
    const host = {
      getCurrentDirectory: () => sys.getCurrentDirectory(),
      getNewLine: () => sys.newLine,
      getCanonicalFileName: (path: string) => (sys.useCaseSensitiveFileNames ? path : path.toLowerCase()),
    }
    const texts = diagnostics.map(one =>
      options.pretty === false || options.pretty === undefined
        ? this.#api.formatDiagnostic(one, host)
        : this.#api.formatDiagnosticsWithColorAndContext([one], host) + sys.newLine,
    )
    return texts.join('').split(/\r?\n/)
  }
}

function areSources(paths: ReadonlySet<string>, program: Program): boolean {
  const sources = new Set(program.getSourceFiles().map(({fileName}) => fileName))
  return [...paths].every(path => sources.has(path))
}

/** Whether `tsc` goes on to look at types. */
function isSound(program: Program): boolean {
  return (
    program.getSyntacticDiagnostics().length === 0 &&
    program.getOptionsDiagnostics().length === 0 &&
    program.getGlobalDiagnostics().length === 0
  )
}

/** Checks one file after the other, as `tsc` does, which finds then that it has been done. */
async function check(program: Program, signal: AbortSignal): Promise<void> {
  if (!isSound(program)) return
  const files = [...program.getSourceFiles()].reverse()
  await takeTurns(() => {
    const file = files.pop()
    if (file) program.getSemanticDiagnostics(file)
    return file
  }, signal)
}

/** Does one step after the other, until one returns nothing. @throws the signal's reason */
async function takeTurns(step: () => unknown, signal: AbortSignal): Promise<void> {
  let began = performance.now()
  while (step() !== undefined) {
    if (performance.now() - began < turn) continue
    await nextTurn()
    signal.throwIfAborted()
    began = performance.now()
  }
}

/** Publishes what the compiler's words say. */
async function tell(
  output: readonly string[],
  place: {root: string; toolchain: string},
  report: TaskReport,
): Promise<void> {
  const interpreter = createInterpreter({format: 'typescript'}, place)
  const messages = [
    ...output.flatMap(text => interpreter.line('stdout', text)),
    ...interpreter.end({code: 0, signal: null}),
  ]
  for (const {method, params} of messages) {
    if (method !== 'diagnostics/publish') continue
    await report.diagnostics(params.uri, params.diagnostics, {reset: params.reset})
  }
}
