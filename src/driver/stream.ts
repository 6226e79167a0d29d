import {createInterpreter} from '../diagnostics/interpreter.ts'
import type {BuildDefinition, ServeDefinition} from '../model/definition.ts'
import type {Interpreter} from '../model/interpreter.ts'
import {listeningInterpreter} from './listening.ts'

export interface StreamPlace {
  root: string
  toolchain: string
  /** What a server was asked to bind, for outputs that tell only the port. */
  host: string
}

/** Everything that the output of a `stream` compiler is read for. */
export function streamInterpreter(
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
