import {createInterpreter} from '../diagnostics/interpreter.ts'
import {processRuns, runsMemory, watchedRuns} from '../diagnostics/runs.ts'
import type {BuildDefinition, ServeDefinition, WatchDefinition} from '../model/definition.ts'
import type {Interpreter} from '../model/interpreter.ts'
import type {WorkerMode} from '../model/protocol.ts'
import {listeningInterpreter} from './listening.ts'

export interface StreamPlace {
  mode: WorkerMode
  root: string
  toolchain: string
  version: string
  /** What a server was asked to bind, for outputs that tell only the port. */
  host: string
}

/** Everything that the output of a `stream` compiler is read for: what makes a reader for each of its processes. */
export function streamInterpreter(
  command: BuildDefinition | WatchDefinition | ServeDefinition,
  place: StreamPlace,
): () => Interpreter {
  return place.mode === 'watch' ? runsInterpreter(command, place) : () => outputInterpreter(command, place)
}

/** Told apart by runs, which are counted through all processes. */
function runsInterpreter(
  {diagnostics, ...borders}: BuildDefinition | WatchDefinition,
  {root, toolchain, version}: StreamPlace,
): () => Interpreter {
  const {begins, ends} = borders as Partial<WatchDefinition>
  const options = {root, toolchain, diagnostics, title: `${toolchain} ${version}`, memory: runsMemory()}
  return () => (ends === undefined ? processRuns(options) : watchedRuns(options, {begins, ends}))
}

function outputInterpreter(
  command: BuildDefinition | ServeDefinition,
  {root, toolchain, host}: StreamPlace,
): Interpreter {
  const readers: Interpreter[] = []
  if ('ready' in command && command.ready) readers.push(listeningInterpreter(command.ready, host))
  if (command.diagnostics) readers.push(createInterpreter(command.diagnostics, {root, toolchain}))
  return {
    line: (stream, text) => readers.flatMap(reader => reader.line(stream, text)),
    end: exit => readers.flatMap(reader => reader.end(exit)),
  }
}
