import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {Ajv} from 'ajv'
import {expect, test} from 'vitest'
import {protocolSchemaText} from '../../scripts/protocol-schemas.ts'
import {RpcCode} from '../../src/ipc/errors.ts'
import {type MessageDefinition, protocolMessages} from '../../src/model/messages.ts'
import {type ProtocolExample, protocolExamples, protocolPage} from '../support/protocol-examples.ts'
import {packageRoot} from '../support/sandbox.ts'

const schemas = JSON.parse(protocolSchemaText())

const directionOf = ({from, to}: MessageDefinition) => `From ${from} to ${to}`
const definitionOf = ({direction, message}: ProtocolExample) =>
  protocolMessages.find(one => directionOf(one) === direction && one.method === message.method)

test('every message of the protocol has an example, every request also an answer', () => {
  const missing = protocolMessages.filter(definition => {
    const at = protocolExamples.findIndex(one => definitionOf(one) === definition)
    return at === -1 || (definition.result && protocolExamples[at + 1]?.message.result === undefined)
  })
  expect(missing).toEqual([])
})

test('every example is what the schemas say, with no field too many', () => {
  const ajv = new Ajv({strict: false})
  ajv.addSchema(schemas, 'protocol')
  for (const [index, example] of protocolExamples.entries()) {
    const {message} = example
    expect(message.jsonrpc).toBe('2.0')
    if (message.error) {
      expect(Object.values(RpcCode)).toContain(message.error.code)
      continue
    }
    const asked = message.method === undefined ? protocolExamples[index - 1] : example
    const definition = asked && definitionOf(asked)
    if (!definition) throw new Error(`${JSON.stringify(message)} is no message of the protocol`)
    const {from, method, params, result} = definition
    const name = pointer(`${from}.${method}`)
    if (message.method === undefined) {
      expect(message.id).toBe(asked?.message.id)
      expect(result?.parse(message.result)).toEqual(message.result)
      expect(ajv.validate(`protocol#/definitions/${name}.result`, message.result)).toBe(true)
    } else {
      expect(params.parse(message.params)).toEqual(message.params)
      expect(message.id !== undefined).toBe(result !== undefined)
      expect(ajv.validate(`protocol#/definitions/${name}`, message)).toBe(true)
    }
  }
})

test('the header in the page fits its content', () => {
  const [, length, content] = /Content-Length: (\d+).*?\n.*?\n(\{.*\})/.exec(protocolPage) ?? []
  expect(Buffer.byteLength(content ?? '')).toBe(Number(length))
})

test('the published JSON Schemas are current', () => {
  // If not: node scripts/protocol-schemas.ts
  expect(readFileSync(join(packageRoot, 'schemas/protocol.schema.json'), 'utf8')).toBe(protocolSchemaText())
})

test('the JSON Schemas refuse what does not fit', () => {
  const ajv = new Ajv({strict: false})
  ajv.addSchema(schemas, 'protocol')
  const finish = {jsonrpc: '2.0', method: 'task/finish', params: {taskId: 'a', status: 4}}
  expect(ajv.validate(`protocol#/definitions/${pointer('worker.task/finish')}`, finish)).toBe(false)
})

/** A key as part of a JSON pointer in a URI. */
function pointer(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}
