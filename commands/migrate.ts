import {Flags} from '@oclif/core'
import {Exit} from '../src/base/errors.ts'
import {BaseCommand} from '../src/cli/base-command.ts'
import {rememberThisProject} from '../src/cli/remember-project.ts'
import {renderMigration} from '../src/cli/render/migration.ts'
import {migrate} from '../src/house/migrate.ts'
import {loadDefinitions} from '../src/toolchain/definitions.ts'

export default class Migrate extends BaseCommand {
  static override group = 'pins' as const
  static override summary = 'Write a .toolversion from the files of other version managers.'
  static override description =
    'Reads mise.toml, .tool-versions, .nvmrc, .node-version and the devEngines of package.json in the project’s folder, and ' +
    'says of each pin where it came from, or why it was left. Their files stay as they are; what .toolversion says ' +
    'already stays too, unless --force. Exits with 3 if one of them is not understood.'
  static override examples = [
    {description: 'Look first', command: 'tool migrate --dry-run'},
    {description: 'Then write', command: 'tool migrate'},
    {description: 'Follow the other files where they differ', command: 'tool migrate --force'},
  ]
  static override flags = {
    'dry-run': Flags.boolean({char: 'n', summary: 'Only show what would be written.'}),
    force: Flags.boolean({char: 'f', summary: 'Replace what .toolversion pins already.'}),
  }

  async run() {
    const {flags, context} = await this.start(Migrate)
    const dryRun = flags['dry-run'] === true
    const definitions = await loadDefinitions(context)
    const migration = await migrate(context, definitions, {force: flags.force === true, dryRun})
    if (!dryRun) await rememberThisProject(context, definitions)
    const result = {
      dryRun,
      ...migration,
      taken: migration.taken.map(pin => ({...pin, specs: pin.specs.map(({text}) => text)})),
    }
    // Who scripts it must not take a file that nobody could read for one that pins nothing.
    const isRead = migration.left.every(({name}) => name !== '')
    const text = renderMigration(migration, context, {dryRun})
    this.show({text, result, exitCode: isRead ? Exit.ok : Exit.badPin})
  }
}
