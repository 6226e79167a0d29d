import validRange from 'semver/ranges/valid.js'
import {z} from 'zod'
import {executables, isRegExp, source} from './source-definition.ts'
import {toolchainName} from './toolchain-name.ts'

const regexp = z.string().refine(isRegExp, 'is not a regular expression')
const template = z.string().min(1)

/** How a compiler's output becomes diagnostics: a format that we know, or patterns in the manner of problem matchers. */
const diagnosticsReader = z.union([
  z.strictObject({format: z.enum(['typescript', 'esbuild', 'sass', 'elm', 'rescript', 'buf', 'bun'])}),
  z.strictObject({
    /** One line of output with the named groups `file line column endLine endColumn severity code message`; the first three counted from 1. */
    pattern: regexp,
  }),
])

const command = {
  /** `protocol`: it speaks ours over TOOL_IPC. `stream`: its output is read. */
  driver: z.enum(['protocol', 'stream']),
  /** An executable of this toolchain and its arguments; `{host}` and `{port}` are filled in for servers. */
  command: z.array(template).min(1),
  /** Files of which one must be in the project root if no arguments are given. */
  inputs: z.array(z.string()).optional(),
  /** Set if the compiler does nothing useful without arguments from tool.json or the command line. */
  needsArguments: z.boolean().optional(),
  /** Some that a person who gave none may begin with. */
  exampleArguments: z.array(z.string()).min(1).optional(),
  diagnostics: diagnosticsReader.optional(),
}

const build = z.strictObject(command)
const watch = z
  .strictObject({
    ...command,
    /** A line that begins a run; without it a run begins with the first line after the last one's end. */
    begins: regexp.optional(),
    /** A line that ends a run, whatever came of it; a `stream` needs it. */
    ends: regexp.optional(),
  })
  .refine(({driver, ends}) => driver === 'protocol' || ends !== undefined, {
    path: ['ends'],
    message: 'is needed: without it nobody knows when a run is over',
  })
const serve = z.strictObject({
  ...command,
  /** A line of output that says where a `stream` server listens: group `url`, or `port` with `host` and `protocol`. */
  ready: regexp.optional(),
})

/** How `build` is done by a compiler that is kept running, where a supervisor is there to keep it. One of the `protocol` needs none. */
const warm = z.strictObject({
  /** `worker`: a program of ours runs its API, and speaks the protocol for it. It gets the arguments of `build`. */
  driver: z.literal('worker'),
  bridge: z.enum(['typescript']),
})

const varying = {
  sources: z.array(source).min(1),
  executables,
  /** The platforms it has artifacts for, each with values for the templates; absent: any platform. `{os}`, `{arch}`, `{version}` and `{exe}` (`.exe` on Windows) are always there. */
  platforms: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  build: build.optional(),
  warm: warm.optional(),
  watch: watch.optional(),
  serve: serve.optional(),
  environment: z.record(z.string(), z.string()).optional(),
}

const override = z.strictObject({
  /** node-semver range of the versions it is for. */
  versions: z.string().refine(isRange, 'is not a range of versions').optional(),
  /** Names of the platforms it is for, `*` allowed at the end: `win32-*`. */
  on: z.array(z.string()).optional(),
  ...z.strictObject(varying).partial().shape,
  /** `null`: these versions have no watch mode, or none that can be read. */
  watch: watch.nullable().optional(),
})

/** The declarative description of a toolchain. */
export const definitionSchema = z.strictObject({
  $schema: z.string().optional(),
  name: toolchainName,
  title: z.string(),
  homepage: z.url(),
  aliases: z.array(toolchainName).optional(),
  /** Other tools' pin files that name this toolchain, such as `.nvmrc`. */
  versionFiles: z.array(z.string()).optional(),
  ...varying,
  /** How to ask an executable for its version; group 1 of `regexp` is the version. */
  probe: z.strictObject({executable: z.string(), args: z.array(z.string()), regexp}).optional(),
  /** Applied in order, for the versions and platforms they name; fields replace those above. */
  overrides: z.array(override).optional(),
})

export type Definition = z.infer<typeof definitionSchema>
export type DiagnosticsReaderDefinition = z.infer<typeof diagnosticsReader>
export type BuildDefinition = z.infer<typeof build>
export type WarmDefinition = z.infer<typeof warm>
export type WatchDefinition = z.infer<typeof watch>
export type ServeDefinition = z.infer<typeof serve>
export type OverrideDefinition = z.infer<typeof override>

function isRange(text: string): boolean {
  return validRange(text) !== null
}
