import {stripVTControlCharacters} from 'node:util'
import type {DiagnosticsReaderDefinition} from '../model/definition.ts'
import type {Interpreter} from '../model/interpreter.ts'
import {bufParser} from './buf.ts'
import {bunParser} from './bun.ts'
import {elmParser} from './elm.ts'
import {esbuildParser} from './esbuild.ts'
import type {OutputParser, ParserPlace} from './parser.ts'
import {patternParser} from './pattern.ts'
import {Publisher} from './publisher.ts'
import {rescriptParser} from './rescript.ts'
import {sassParser} from './sass.ts'
import {typescriptParser} from './typescript.ts'

/** Longest part of a line that is looked at, so that no pattern can be slow on it. */
const maxLineLength = 10_000

/** Reads diagnostics from a compiler's output. Streams are read apart, since their lines may interleave. */
export function createInterpreter(reader: DiagnosticsReaderDefinition, place: ParserPlace): Interpreter {
  const parsers = {stdout: parserFor(reader, place), stderr: parserFor(reader, place)}
  const publisher = new Publisher()
  return {
    line(stream, text) {
      const parser = parsers[stream]
      const seen = parser.raw ? text : stripVTControlCharacters(text.slice(0, maxLineLength))
      return publisher.take(parser.line(seen))
    },
    end() {
      return publisher.take([...parsers.stdout.end(), ...parsers.stderr.end(), {kind: 'run-ended'}])
    },
  }
}

function parserFor(reader: DiagnosticsReaderDefinition, place: ParserPlace): OutputParser {
  if ('pattern' in reader) return patternParser(reader.pattern, place)
  switch (reader.format) {
    case 'typescript':
      return typescriptParser(place)
    case 'esbuild':
      return esbuildParser(place)
    case 'sass':
      return sassParser(place)
    case 'elm':
      return elmParser(place)
    case 'rescript':
      return rescriptParser(place)
    case 'buf':
      return bufParser(place)
    case 'bun':
      return bunParser(place)
  }
}
