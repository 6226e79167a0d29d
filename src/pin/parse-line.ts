import {isToolchainName} from '../toolchain/name.ts'
import {looksLikeSpec, parseSpec, type VersionSpec} from '../version/spec.ts'
import {printSpecs} from './print.ts'
import type {Specs} from './types.ts'
import {splitWords, type Word} from './words.ts'

/** What a line says; without a name it speaks of the default toolchain. */
export interface ParsedLine {
  name?: string
  specs: Specs
}

/** What is wrong with a line, and what to write instead. */
export interface LineProblem {
  code:
    | 'PIN_WITHOUT_VERSION'
    | 'PIN_RANGE_UNQUOTED'
    | 'PIN_NAME_INVALID'
    | 'PIN_SPEC_INVALID'
    | 'PIN_VERSION_UNSAFE'
    | 'PIN_QUOTE_INVALID'
    | 'PIN_CHARACTER_INVALID'
  message: string
  hint: string
}

/** Reads one line of a pin file; undefined if it holds nothing but a comment. */
export function parsePinLine(line: string): ParsedLine | LineProblem | undefined {
  const words = wordsOf(line)
  if ('code' in words) return words
  const [first, ...rest] = words
  if (first === undefined) return undefined
  if (first.plain === '' || looksLikeSpec(first.plain)) return parseSpecWords(undefined, words)
  const {name, spec} = splitAt(first)
  const specs = spec === undefined ? rest : [spec, ...rest]
  if (specs.length === 0) return withoutVersion(name)
  if (!isToolchainName(name)) return invalidName(name)
  return parseSpecWords(name, specs)
}

/** Reads what stands for versions alone, as in a variable; undefined if there is nothing. */
export function parseSpecLine(line: string): ParsedLine | LineProblem | undefined {
  const words = wordsOf(line)
  if ('code' in words) return words
  return words.length === 0 ? undefined : parseSpecWords(undefined, words)
}

function wordsOf(line: string): Word[] | LineProblem {
  if (/[\u0000-\u0008\u000a-\u001f\u007f]/.test(line)) {
    return {
      code: 'PIN_CHARACTER_INVALID',
      message: 'there is a control character in the line',
      hint: 'write it anew, as in: typescript 5.9.3',
    }
  }
  const words = splitWords(line)
  if ('problem' in words) return {code: 'PIN_QUOTE_INVALID', message: words.problem, hint: words.hint}
  return words
}

/** `name@spec` is as good as `name spec`. */
function splitAt({plain, quoted}: Word): {name: string; spec?: Word} {
  const at = plain.indexOf('@')
  if (at < 0) return {name: plain}
  const [name, after] = [plain.slice(0, at), plain.slice(at + 1)]
  if (quoted === undefined) return after === '' ? {name} : {name, spec: {plain: after}}
  return {name, spec: {plain: after, quoted}}
}

function parseSpecWords(name: string | undefined, words: readonly Word[]): ParsedLine | LineProblem {
  const texts = words.map(({plain, quoted}) => (quoted === undefined ? plain : plain + quoted))
  const unquoted = words.find(({plain, quoted}) => quoted === undefined && /^(?:[<>|]|-$)/.test(plain))
  if (unquoted && words.length > 1) return rangeUnquoted(name, unquoted.plain, texts)
  const specs: VersionSpec[] = []
  for (const text of texts) {
    const spec = parseSpec(text)
    if (spec.kind !== 'problem') {
      specs.push(spec)
      continue
    }
    return {
      code: spec.reason === 'unsafe' ? 'PIN_VERSION_UNSAFE' : 'PIN_SPEC_INVALID',
      message: `the version ${JSON.stringify(text)} ${spec.message}`,
      hint: spec.hint,
    }
  }
  const [first, ...others] = specs
  if (first === undefined) throw new Error('a pin without specs')
  return {...(name === undefined ? {} : {name}), specs: [first, ...others]}
}

function withoutVersion(name: string): LineProblem {
  return {
    code: 'PIN_WITHOUT_VERSION',
    message: `${JSON.stringify(name)} has no version`,
    hint: `write a version after the name, as in: ${isToolchainName(name) ? name : 'typescript'} latest`,
  }
}

function invalidName(name: string): LineProblem {
  const better = name.toLowerCase().replaceAll('_', '-')
  return {
    code: 'PIN_NAME_INVALID',
    message: `${JSON.stringify(name)} is no name of a toolchain`,
    hint: isToolchainName(better)
      ? `write the name as ${better}`
      : 'a name begins with a small letter, and has small letters, digits and hyphens',
  }
}

function rangeUnquoted(name: string | undefined, word: string, texts: readonly string[]): LineProblem {
  const whole = parseSpec(texts.join(' '))
  const fixed = whole.kind === 'problem' ? '">=5.8 <6"' : printSpecs([whole])
  return {
    code: 'PIN_RANGE_UNQUOTED',
    message: `${JSON.stringify(word)} is part of a range that is not in quotes`,
    hint: `write: ${name === undefined ? '' : `${name} `}${fixed}`,
  }
}
