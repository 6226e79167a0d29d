import type {Context} from '../base/context.ts'
import type {TargetOptions} from './project-targets.ts'

/** What `serve` and `watch` are told alike. */
export interface SessionCommand extends Omit<TargetOptions, 'mode'> {
  args: readonly string[]
  json: boolean
  verbose: boolean
  release: string
  /** Leaves what is started running in the background. */
  detach?: boolean
  /** Whether there are colours, where not our own terminal decides. */
  color?: boolean | undefined
  /** Set in the process that is left in the background. */
  background?: BackgroundPart
}

/** What the process does otherwise that is left in the background. */
export interface BackgroundPart {
  /** What would be on the terminal. */
  write(stream: 'out' | 'err', text: string): void
  /** Called once all is ready. */
  onReady(): void
}

/** What is handed to the process that goes on, as JSON. */
export interface BackgroundCommand {
  mode: 'serve' | 'watch'
  args: readonly string[]
  host?: string | undefined
  port?: number | undefined
  toolchain?: string | undefined
  json: boolean
  color?: boolean | undefined
  install: boolean
}

/** The words behind `tool` for the process that goes on, which finds everything installed. */
export function backgroundCommand(
  {offline, frozen}: Context,
  {mode, args, host, port, toolchain, json, color, install, verbose}: BackgroundCommand & {verbose: boolean},
): string[] {
  const command: BackgroundCommand = {mode, args, host, port, toolchain, json, color, install}
  return [
    'background',
    JSON.stringify(command),
    ...(offline ? ['--offline'] : []),
    ...(frozen ? ['--frozen'] : []),
    ...(verbose ? ['--verbose'] : []),
  ]
}
