import {accessSync, constants, lstatSync, type Stats, statSync} from 'node:fs'
import type {Context} from '../../base/context.ts'
import {errnoOf} from '../../base/errors.ts'
import {quoteWord} from '../../base/quote-word.ts'
import {currentPins} from '../../pin/find.ts'
import {installedToolchains, listInstalled} from '../../store/installed.ts'
import {linkedVersions} from '../../store/linked-versions.ts'
import type {Installed} from '../../store/types.ts'
import {jsonFilesIn} from '../../toolchain/json-files.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem, warning} from './finding.ts'

/** Whether the home is this user's alone to write, and so are the files that choose what runs. */
export function checkPermissions(checked: Checked): Finding[] {
  const {layout} = checked.context
  const home = statsOf(layout.home)
  if (home === undefined)
    return [fine('permissions', `there is no home yet: ${layout.home}`, 'The first install makes it.')]
  if ('errno' in home) return [unreadable(layout.home, home.errno)]
  if (!home.isDirectory()) {
    const fix = `mv ${quoteWord(layout.home)} ${quoteWord(`${layout.home}.old`)}`
    return [problem('permissions', `the home is no folder: ${layout.home}`, 'Nothing can be installed.', fix)]
  }
  const found = [...unwritable(checked.context), ...open(checked.context), ...pinFiles(checked)]
  return found.length > 0 ? found : [fine('permissions', 'the home is yours alone to write')]
}

function foldersOf({layout}: Context): string[] {
  const {home, versions, links, shims, cache, staging, locks, runs} = layout
  return [home, versions, links, shims, cache, staging, locks, runs]
}

function unwritable(context: Context): Finding[] {
  const {home} = context.layout
  const closed = foldersOf(context).filter(folder => {
    const stats = statsOf(folder)
    return stats !== undefined && !canWrite(folder)
  })
  if (closed.length === 0) return []
  if (closed.includes(home) && isReadOnly(home)) {
    const detail =
      'What is installed there runs; installing, links and shims need a home that can be written.'
    return [
      warning(
        'permissions',
        `the home is on a read-only file system: ${home}`,
        detail,
        'export TOOL_HOME=$HOME/.tool',
      ),
    ]
  }
  const detail = 'Nothing can be installed or removed there.'
  const user = process.getuid?.()
  return closed.map(folder => {
    const owner = ownerOf(folder)
    const fix =
      owner === user ? `chmod u+rwx ${quoteWord(folder)}` : `sudo chown -R "$(id -u)" ${quoteWord(folder)}`
    const whose = owner === user || owner === undefined ? '' : ` (it belongs to uid ${owner})`
    return problem('permissions', `you can't write in ${folder}${whose}`, detail, fix)
  })
}

/** Who may write a folder or a file that says what runs, or holds it, chooses what this user runs. */
function open(context: Context): Finding[] {
  if (process.getuid === undefined) return []
  const detail = 'They could change what you run.'
  return [...foldersOf(context), ...programFolders(context), ...decidingFiles(context)].flatMap(path => {
    const stats = statsOf(path)
    if (stats === undefined || 'errno' in stats || !isOpen(stats)) return []
    const what = stats.isDirectory() ? `in ${path}` : path
    return [problem('permissions', `other users may write ${what}`, detail, `chmod go-w ${quoteWord(path)}`)]
  })
}

/** Where the programs of the installed versions are. */
function programFolders(context: Context): string[] {
  const {layout} = context
  return asFarAsReadable(() => installedToolchains(context)).flatMap(toolchain => [
    layout.toolchain(toolchain),
    ...asFarAsReadable(() => versionsOf(context, toolchain)).flatMap(({directory, bin}) => [directory, bin]),
  ])
}

/** Without those that are another name of one. */
function versionsOf(context: Context, toolchain: string): Installed[] {
  const aliases = new Set(
    linkedVersions(context, toolchain).flatMap(({version, alias}) => (alias === undefined ? [] : [version])),
  )
  return listInstalled(context, toolchain).filter(({version}) => !aliases.has(version))
}

function decidingFiles({layout: {definitions, globalPins, config, trust}}: Context): string[] {
  return [definitions, ...asFarAsReadable(() => jsonFilesIn(definitions)), globalPins, config, trust]
}

/** The check of versions, or of the configuration, tells what can't be read. */
function asFarAsReadable<T>(list: () => readonly T[]): readonly T[] {
  try {
    return list()
  } catch {
    return []
  }
}

function pinFiles({context, definitions}: Checked): Finding[] {
  if (process.getuid === undefined || definitions === undefined) return []
  return pinPaths({context, definitions}).flatMap(path => {
    const stats = statsOf(path)
    if (stats === undefined || 'errno' in stats || !isOpen(stats)) return []
    const detail = 'It says which versions you run.'
    return [warning('permissions', `other users may write ${path}`, detail, `chmod go-w ${quoteWord(path)}`)]
  })
}

function pinPaths({context, definitions}: Checked): string[] {
  try {
    const pins = definitions === undefined ? [] : currentPins(context, definitions)
    return [...new Set(pins.flatMap(({origin}) => (origin.kind === 'file' ? [origin.path] : [])))]
  } catch {
    // The check of pins tells.
    return []
  }
}

/** For everybody, or for a group that is not the user's own. */
function isOpen({mode, gid}: Stats): boolean {
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== process.getgid?.())
}

function unreadable(path: string, errno: string): Finding {
  return problem(
    'permissions',
    `the home can't be looked at: ${path} (${errno})`,
    'Nothing can be run or installed.',
    'export TOOL_HOME=$HOME/.tool',
  )
}

function statsOf(path: string): Stats | {errno: string} | undefined {
  try {
    return statSync(path, {throwIfNoEntry: false}) ?? brokenLink(path)
  } catch (error) {
    return {errno: errnoOf(error) ?? 'unknown'}
  }
}

function brokenLink(path: string): {errno: string} | undefined {
  return lstatSync(path, {throwIfNoEntry: false}) === undefined ? undefined : {errno: 'a link to nothing'}
}

function ownerOf(path: string): number | undefined {
  const stats = statsOf(path)
  return stats === undefined || 'errno' in stats ? undefined : stats.uid
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return errnoOf(error) === 'EROFS'
  }
}
