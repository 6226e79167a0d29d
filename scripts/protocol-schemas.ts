import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {z} from 'zod'
import {listItems} from '../src/model/list.ts'
import {type MessageDefinition, protocolMessages} from '../src/model/messages.ts'

type JsonSchema = Record<string, unknown>

/**
 * The JSON Schemas of the protocol's messages, one definition each: `worker.initialize` is the whole message, and
 * `worker.initialize.result` what it is answered with.
 */
export function protocolSchemaText(): string {
  const definitions = Object.fromEntries(protocolMessages.flatMap(schemasOf))
  const title = 'The protocol between toolversion, its workers and its controllers, version 1'
  return `${JSON.stringify({$schema: 'http://json-schema.org/draft-07/schema#', title, definitions}, null, 2)}\n`
}

function schemasOf({from, to, method, params, result}: MessageDefinition): [string, JsonSchema][] {
  const message = {
    type: 'object',
    description: `${from} → ${to}`,
    properties: {
      jsonrpc: {const: '2.0'},
      ...(result && {id: {type: ['integer', 'string']}}),
      method: {const: method},
      params: schemaOf(params),
    },
    required: ['jsonrpc', ...(result ? ['id'] : []), 'method', 'params'],
  }
  const name = `${from}.${method}`
  return [[name, message], ...(result ? [[`${name}.result`, schemaOf(result)] as [string, JsonSchema]] : [])]
}

function schemaOf(schema: z.ZodType): JsonSchema {
  const {$schema: _, ...rest} = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override({zodSchema, jsonSchema}) {
      const item = listItems.get(zodSchema)
      if (item) jsonSchema.items = schemaOf(item)
    },
  })
  return rest
}

if (import.meta.main) {
  const directory = join(import.meta.dirname, '..', 'schemas')
  mkdirSync(directory, {recursive: true})
  writeFileSync(join(directory, 'protocol.schema.json'), protocolSchemaText())
}
