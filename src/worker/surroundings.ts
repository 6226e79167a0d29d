/** The one place where the SDK touches its process: a worker's program is a main program, and this its frame. */
export interface Surroundings {
  /** The arguments after the script's name. */
  arguments: readonly string[]
  cwd: string
  /** Set where a supervisor started this process. */
  supervisor: {socket: string; workerId: string; token: string} | undefined
  stdout(text: string): void
  stderr(text: string): void
  exit(code: number): void
}

/** The surroundings of this process. What leads to its supervisor is taken out of its environment, for its own children. */
export function surroundings(): Surroundings {
  const {env} = process
  const {TOOL_IPC: socket, TOOL_WORKER_ID: workerId, TOOL_WORKER_TOKEN: token} = env
  delete env.TOOL_IPC
  delete env.TOOL_WORKER_ID
  delete env.TOOL_WORKER_TOKEN
  return {
    arguments: process.argv.slice(2),
    cwd: process.cwd(),
    supervisor: socket ? {socket, workerId: workerId ?? '', token: token ?? ''} : undefined,
    stdout: text => process.stdout.write(text),
    stderr: text => process.stderr.write(text),
    exit: code => process.exit(code),
  }
}
