import {stripVTControlCharacters} from 'node:util'
import type {DiagnosticsReaderDefinition} from '../model/definition.ts'
import type {Interpreter} from '../model/interpreter.ts'
import {bufParser} from './buf.ts'
import {bunParser} from './bun.ts'
import {elmParser} from './elm.ts'
import {esbuildParser} from './esbuild.ts'
import type {OutputParser, Parsed, ParserPlace} from './parser.ts'
import {patternParser} from './pattern.ts'
import {Publisher} from './publisher.ts'
import {rescriptParser} from './rescript.ts'
import {sassParser} from './sass.ts'
import {typescriptParser} from './typescript.ts'

/** Longest part of a line that is looked at, so that no pattern can be slow on it. */
const maxLineLength = 10_000

/** Reads diagnostics from a compiler's output. Streams are read apart, since their lines may interleave. */
export function createInterpreter(reader: DiagnosticsReaderDefinition, place: ParserPlace): Interpreter {
  const parsers = streamParsers(reader, place)
  const publisher = new Publisher()
  return {
    line: (stream, text) => publisher.take(parsers.line(stream, text)),
    end: () => publisher.take([...parsers.end(), {kind: 'run-ended'}]),
  }
}

/** Parsers of both streams of a process. `end` says what was begun, and may be called between runs. */
export interface StreamParsers {
  line(stream: 'stdout' | 'stderr', text: string): Parsed[]
  end(): Parsed[]
}

export function streamParsers(reader: DiagnosticsReaderDefinition, place: ParserPlace): StreamParsers {
  const parsers = {stdout: parserFor(reader, place), stderr: parserFor(reader, place)}
  return {
    line(stream, text) {
      const parser = parsers[stream]
      return parser.line(parser.raw ? text : plainLine(text))
    },
    end: () => [...parsers.stdout.end(), ...parsers.stderr.end()],
  }
}

/** A line as patterns see it: without escape sequences, and not longer than they can be quick on. */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text.slice(0, maxLineLength))
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
