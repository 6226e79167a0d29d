import {once} from 'node:events'
import {Args, Flags} from '@oclif/core'
import {BaseCommand} from '../src/cli/base-command.ts'
import {renderLine} from '../src/cli/render/log-line.ts'
import {runLogs} from '../src/cli/run-logs.ts'
import {usesColor} from '../src/cli/terminal.ts'
import type {LogRecord} from '../src/supervisor/log-record.ts'

export default class Logs extends BaseCommand {
  static override group = 'compiling' as const
  static override summary = 'Print what the servers and watchers of the project said, also after they ended.'
  static override description =
    'Lines of several come in the order of their times. They are kept in the run folder of TOOL_HOME, the last 15 MB of each. ' +
    'With --follow and --json each line is one JSON object.'
  static override usage = 'logs [TOOLCHAIN | FILE | FILE:TASK] [-f] [-n N]'
  static override examples = [
    'tool logs',
    {description: 'The last lines, and those that come until Ctrl-C', command: 'tool logs -f -n 20'},
    {description: 'Of one of several servers', command: 'tool logs esbuild'},
  ]
  static override args = {
    toolchain: Args.string({
      description: 'only what this one said, or what tool supervise runs for this file, or one task of it',
    }),
  }
  static override flags = {
    follow: Flags.boolean({
      char: 'f',
      summary: 'Go on with what comes, until Ctrl-C or the end of all that runs.',
    }),
    lines: Flags.integer({
      char: 'n',
      min: 0,
      default: 100,
      helpValue: 'N',
      summary: 'How many of the last lines are printed; 100 unless told otherwise.',
    }),
    time: Flags.boolean({summary: 'Begin each line with its time.'}),
  }

  async run() {
    const {args, flags, context} = await this.start(Logs)
    const [json, color] = [this.jsonEnabled(), usesColor(process.stdout, context.env)]
    const all: LogRecord[] = []
    const lineOf = (record: LogRecord) => {
      if (json) return `${JSON.stringify(record)}\n`
      return `${flags.time ? `${new Date(record.at).toISOString()} ` : ''}${renderLine(record, color)}`
    }
    await runLogs(
      context,
      {toolchain: args.toolchain, lines: flags.lines, follow: flags.follow},
      async records => {
        if (json && !flags.follow) all.push(...records)
        // What nobody takes waits in the log.
        else if (!process.stdout.write(records.map(lineOf).join(''))) await once(process.stdout, 'drain')
      },
    )
    if (json && !flags.follow) this.show({result: all})
  }
}
