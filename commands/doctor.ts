import {BaseCommand} from '../src/cli/base-command.ts'
import {renderDoctor} from '../src/cli/render/doctor.ts'
import {usesColor} from '../src/cli/terminal.ts'
import {examine} from '../src/house/doctor/doctor.ts'

export default class Doctor extends BaseCommand {
  static override group = 'house' as const
  static override summary = 'Look for what is wrong with the home, the shims, the pins and the network.'
  static override description =
    'Tells for each what mends it, and changes nothing. Exits with 0 only if all is well: a warning makes it 1, too. ' +
    'What could not be checked, such as the network with --offline, is told and counts as well.'
  static override examples = [
    'tool doctor',
    {description: 'Without the network', command: 'tool doctor --offline'},
    {
      description: 'What is wrong, for a script',
      command: `tool doctor --json | jq '.[] | select(.status != "ok")'`,
    },
  ]

  async run() {
    const {context} = await this.start(Doctor)
    const findings = await examine(context)
    const isWell = findings.every(({status}) => status === 'ok')
    const color = usesColor(process.stdout, context.env)
    this.show({text: renderDoctor(findings, {color}), result: findings, exitCode: isWell ? 0 : 1})
  }
}
