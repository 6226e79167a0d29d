import fc from 'fast-check'
import {protocolMessages} from '../../src/model/messages.ts'
import {brokenFrames, nested, senseless} from './hostile.ts'
import {frame} from './ipc.ts'
import {protocolExamples} from './protocol-examples.ts'

/** A part of what a fuzzed peer sends. */
interface Piece {
  bytes: Buffer
  /** Set if it is a request that must be answered under this id. */
  asks?: string
  /** Nothing is known of what comes after it. */
  breaks?: boolean
}

/** What a fuzzed peer sends, and in what portions. */
export interface FuzzStream {
  /** False: it says no hello first. */
  greets: boolean
  pieces: Piece[]
  portions: number[]
}

type Json = Record<string, unknown>

const odd = fc.constantFrom<unknown>(
  ...[null, true, false, 0, -0, -1, 1.5, 3, 1e308, 2 ** 53, 65_536],
  ...['', 'x', '__proto__', '\0', '\n', '\ud800', 'ä🎉', 'file:///a', 'C:\\a', '../..', 'x'.repeat(3000)],
  ...[[], [[]], [null], {}, {'': ''}, Array(300).fill(1), [{a: [{b: null}]}], {length: 2, 0: 'a'}],
)

const mutation = fc.record({
  at: fc.nat(9999),
  how: fc.constantFrom('replace', 'replace', 'delete', 'add', 'double'),
  name: fc.constantFrom('id', 'taskId', 'extra', '__proto__', '0'),
  value: odd,
})

/** Every message that a supervisor can be sent, as the page of the protocol has it, and what misses that nearly. */
function messages(from: 'worker' | 'controller'): fc.Arbitrary<Piece> {
  const all = protocolMessages
    .filter(message => message.from === from)
    .map(({method, result}) => {
      const example = protocolExamples.find(
        one => one.message.method === method && one.direction === `From ${from} to supervisor`,
      )
      return {method, params: example?.message.params ?? {}, isRequest: result !== undefined}
    })
  const mutations = fc.array(mutation, {maxLength: 3})
  return fc
    .tuple(fc.constantFrom(...all), mutations, fc.nat(19), fc.integer({min: 0, max: 2 ** 31}))
    .map(([{method, params, isRequest}, changes, dice, id]) => {
      const asked = isRequest || dice === 0
      const envelope: Json = {jsonrpc: '2.0', ...(asked && {id: `q${id}`}), method}
      const root = {...envelope, params: structuredClone(params)}
      // Mostly the parameters, at times the message itself.
      const isWhole = dice === 1
      const mutated = harmless(mutate(isWhole ? root : root.params, changes), dice)
      const message = isWhole ? mutated : {...envelope, params: mutated}
      const isAsked = asked && !isWhole && !(method === 'initialize')
      return {
        bytes: frame(message),
        ...(isAsked ? {asks: `q${id}`} : method === 'initialize' && {breaks: true}),
      }
    })
}

function mutate(
  root: object,
  changes: readonly (typeof mutation extends fc.Arbitrary<infer M> ? M : never)[],
) {
  const holder: Json = {root}
  for (const {at, how, name, value: given} of changes) {
    const value = structuredClone(given)
    const places = placesIn(holder)
    const [container, key] = places[at % places.length] ?? [holder, 'root']
    if (how === 'replace') container[key] = value
    else if (how === 'delete' && container !== holder) delete container[key]
    else if (how === 'double') container[key] = [container[key], container[key]]
    else Object.defineProperty(container, name, {value, enumerable: true, configurable: true, writable: true})
  }
  return holder.root
}

function placesIn(value: unknown): [Json, string][] {
  if (typeof value !== 'object' || value === null) return []
  const container = value as Json
  return Object.keys(container).flatMap(key => [
    [container, key] as [Json, string],
    ...placesIn(container[key]),
  ])
}

/** No program of this machine is started, and no other machine is connected to. */
function harmless(params: unknown, dice: number): unknown {
  if (typeof params !== 'object' || params === null) return params
  const fields = params as Json
  if (typeof fields.command === 'string') {
    if (dice === 2) fields.command = '/nonexistent/program'
    else delete fields.command
  }
  if (typeof fields.host === 'string') fields.host = '127.0.0.1'
  if (typeof fields.port === 'number') fields.port = 1
  if ('params' in fields) harmless(fields.params, dice)
  return params
}

const senselessOnes: Piece[] = Object.values(senseless)
  .flat()
  .map(message => ({bytes: frame({jsonrpc: '2.0', ...(message as object)})}))
const nestedOnes: Piece[] = Object.values(nested(500)).map(text => ({
  bytes: frame(`{"jsonrpc":"2.0","method":"diagnostics/publish","params":${text}}`),
}))
const brokenOnes: Piece[] = Object.values(brokenFrames)
  .map(bytes => Buffer.from(bytes))
  .filter(({length}) => length < 10_000)
  .map(bytes => ({bytes, breaks: true}))

const answer = fc.tuple(fc.integer({min: -1, max: 3}), odd, fc.boolean()).map(([id, value, isError]) => ({
  bytes: frame({jsonrpc: '2.0', id, [isError ? 'error' : 'result']: value}),
}))

const otherHeaders = fc
  .tuple(fc.constantFrom('content-length:', 'Content-Length:\t', 'X-Y: z\r\nContent-Length: '), odd)
  .map(([header, value]) => {
    const content = JSON.stringify({jsonrpc: '2.0', method: 'x', params: value ?? {}})
    return {bytes: Buffer.from(`${header}${Buffer.byteLength(content)}\r\n\r\n${content}`)}
  })

const noise = fc
  .oneof(
    fc.uint8Array({maxLength: 60}).map(bytes => Buffer.from(bytes)),
    fc
      .tuple(
        fc.constantFrom('Content-Length: ', 'Content-Type: ', ''),
        fc.uint8Array({maxLength: 20}).map(bytes => Buffer.from(bytes).toString('latin1')),
      )
      .map(([header, text]) => Buffer.from(`${header}${text}\r\n\r\n${text}`)),
  )
  .map(bytes => ({bytes, breaks: true}))

/** What a peer sends: mostly what the protocol has, nearly; also what no peer would send. */
export function fuzzStreams(from: 'worker' | 'controller'): fc.Arbitrary<FuzzStream> {
  const piece: fc.Arbitrary<Piece> = fc.oneof(
    {weight: 12, arbitrary: messages(from)},
    {weight: 2, arbitrary: answer},
    {weight: 1, arbitrary: fc.constantFrom(...senselessOnes)},
    {weight: 1, arbitrary: otherHeaders},
    {weight: 1, arbitrary: fc.constantFrom(...brokenOnes)},
    {weight: 1, arbitrary: noise},
    {weight: 1, arbitrary: fc.constantFrom(...nestedOnes)},
  )
  return fc.record({
    greets: fc.integer({min: 0, max: 19}).map(dice => dice > 0),
    pieces: fc.array(piece, {minLength: 1, maxLength: 5}),
    portions: fc.array(fc.oneof(fc.integer({min: 1, max: 20}), fc.constant(65_536)), {
      minLength: 1,
      maxLength: 4,
    }),
  })
}

/** The ids that have to be answered unless the connection ends first. */
export function asked({greets, pieces}: FuzzStream): Set<string> {
  const end = pieces.findIndex(({breaks}) => breaks)
  const known = !greets ? [] : end === -1 ? pieces : pieces.slice(0, end)
  return new Set(known.flatMap(({asks}) => (asks === undefined ? [] : [asks])))
}
