import {z} from 'zod'

/*
 * The file of `tool supervise`: what runs, and how. Its first seven keys of a task and `socket` are those of psup, another
 * supervisor, whose files are read as they are.
 */

const text = z
  .string()
  .min(1, 'is empty')
  .refine(word => !word.includes('\0'), 'holds a NUL character, which no program can be given')

/** A span of time: `500ms`, `5s`, `2m`, `1h`. */
const noSpan = 'is no span of time such as "500ms", "5s" or "2m"'
const span = z.string(noSpan).regex(/^\d{1,9}(?:\.\d{1,3})?(?:ms|s|m|h)$/, noSpan)

/** A size in bytes, or in `kB`, `MB` or `GB` of a thousand. */
const size = z.union([
  z.int().min(1),
  z.string().regex(/^\d{1,9}(?:\.\d{1,3})? ?(?:B|kB|MB|GB)$/, 'is no size such as "500kB" or "5MB"'),
])

const pattern = z.string().min(1, 'is empty').refine(isRegExp, 'is no regular expression')

/** When a task counts as ready. */
const ready = z.strictObject({
  /**
   * `spawn`: once its process runs. `protocol`: once it said `initialize` on its socket. `server`: once it listens, as it
   * says on its socket, or as `pattern` reads from its output, or else as the system tells. `line`: once it printed a
   * line that `pattern` fits.
   */
  by: z.enum(['spawn', 'protocol', 'server', 'line']),
  /** A regular expression; for `server` with the group `url`, or `port` and perhaps `host` and `protocol`. */
  pattern: pattern.optional(),
  /** How long that may take; 30s unless given. */
  timeout: span.optional(),
})

/** How long is waited before a task is started again. */
const backoff = z.strictObject({
  /** The first time; 100ms unless given. */
  delay: span.optional(),
  /** What each further time is multiplied by; 2 unless given. */
  factor: z.number().min(1).max(100).optional(),
  /** `linear` adds `delay` each time instead. */
  growth: z.enum(['exponential', 'linear']).optional(),
  /** It grows no longer than this; 15s unless given. */
  max: span.optional(),
  /** By what part it is made longer or shorter at random, 0 to 1; 0.2 unless given. */
  jitter: z.number().min(0).max(1).optional(),
})

const taskId = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'is no name of a task: letters, digits, ".", "_" and "-", at most 64')
  .refine(id => id !== 'supervisor', 'is the name of the supervisor itself')

const count = z.int().min(0).max(1_000_000)

const task = z.strictObject({
  /** The program: a name to be found on PATH, or a path relative to this file. */
  command: text,
  /** Its arguments. */
  args: z.array(z.string().refine(word => !word.includes('\0'), 'holds a NUL character')).optional(),
  /** Added to the environment of `tool supervise`. */
  envs: z
    .record(
      z.string().regex(/^[^=\0]+$/, 'is no name of a variable'),
      z.union([
        z.string().refine(word => !word.includes('\0'), 'holds a NUL character'),
        z.number(),
        z.boolean(),
      ]),
    )
    .optional(),
  /** It is to run as long as the others do: it is started again whenever it ends, and nobody waits for its end. */
  daemon: z.boolean().optional(),
  /** It gets no socket. */
  detached: z.boolean().optional(),
  /** How often it is started again at most, until it was well for a while; 0: never. */
  'retry-limit': count.optional(),
  /** Ms before it is started again the first time; as much is added each time. */
  'retry-factor': z.int().min(0).max(86_400_000).optional(),
  /** Who it is, for people and other programs; the name of its program unless given. */
  id: taskId.optional(),
  /** The same as `id`. */
  name: taskId.optional(),
  /** The folder in which it runs, relative to this file; that of this file unless given. */
  cwd: text.optional(),
  /** `permanent`: it is started again whenever it ends; `transient`: after a failure; `temporary`: never. */
  restart: z.enum(['permanent', 'transient', 'temporary']).optional(),
  /** Exit codes after which it is never started again. */
  'final-exit-codes': z.array(z.int().min(0).max(255)).optional(),
  backoff: backoff.optional(),
  /** It is given up when it was started again so often within `window`; 5 unless given. */
  'max-restarts': count.optional(),
  /** 60s unless given. */
  window: span.optional(),
  /** What was before is forgotten once it was ready for so long; 30s unless given. */
  'reset-after': span.optional(),
  ready: z
    .union([
      z.enum(['spawn', 'protocol', 'server'], {
        error: ({input}) =>
          input === 'line' ? 'needs its pattern: ready = {by = "line", pattern = "…"}' : undefined,
      }),
      ready,
    ])
    .optional(),
  /** How long it may take to end before it is killed; 5s unless given. */
  grace: span.optional(),
  /** `none`: its input is at its end. `open`: nothing comes, but not its end. `inherit`: what is typed. */
  stdin: z.enum(['none', 'open', 'inherit']).optional(),
  /** Tasks that come before it: those that go on must be ready, the others must have ended well. */
  after: z.array(taskId).optional(),
  /** What a worker of the protocol is asked to be; `serve` unless given. */
  mode: z.enum(['build', 'watch', 'serve']).optional(),
})

const logs = z.union([
  z.literal(false, 'is false, or a table with folder, size or count'),
  z.strictObject({
    /** Where they are kept, relative to this file; in the home of `tool` unless given. */
    folder: text.optional(),
    /** How large a file may be before the next begins; 5MB unless given. */
    size: size.optional(),
    /** How many files there are of a task; 3 unless given. */
    count: z.int().min(1).max(1000).optional(),
  }),
])

/** The file of `tool supervise`, its keys in kebab-case. */
export const superviseFileSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Path of the control socket, relative to this file; in the home of `tool` unless given. */
  socket: text.optional(),
  /** `false`: what tasks print is kept nowhere. */
  logs: logs.optional(),
  task: z
    .array(task, {
      error: ({input}) =>
        input === undefined
          ? 'there is none; each begins with [[task]]'
          : 'each begins with two brackets: [[task]]',
    })
    .min(1, 'has no task'),
})

export type SuperviseFile = z.infer<typeof superviseFileSchema>
export type SuperviseTask = SuperviseFile['task'][number]

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp
  } catch {
    return false
  }
}
