// What the commands say of themselves, for whoever must know it without loading them: dist/command-lines.json for our own
// parser and the bundles, dist/completions.json for the TAB key, dist/help/*.json with the help of every command, rendered for several widths.
import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {stripVTControlCharacters} from 'node:util'
import {Config, Help, Plugin, settings} from '@oclif/core'
import {helpWidths} from '../dist/src/cli/help.js'
import {renderHelpOfAll, wrap} from '../dist/src/cli/render/help.js'
import {root} from './root.js'

const plugin = new Plugin({
  root,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
})
await plugin.load()
const commands = Object.values(plugin.manifest.commands).sort((a, b) => (a.id < b.id ? -1 : 1))
write('command-lines.json', Object.fromEntries(commands.map(command => [command.id, commandLine(command)])))
const completed = commands.filter(({hidden}) => !hidden)
write('completions.json', Object.fromEntries(completed.map(command => [command.id, completion(command)])))
mkdirSync(join(root, 'dist', 'help'), {recursive: true})
const config = await Config.load({root})
for (const width of helpWidths) {
  settings.columns = width
  process.env.OCLIF_COLUMNS = String(width)
  const help = new Help(config, {maxWidth: width, hideAliasesFromRoot: true})
  // oclif writes into what it is given.
  const texts = commands.map(command => [
    command.id,
    plain(`${wrap(command.summary, width).join('\n')}\n\n${help.formatCommand({...command})}`),
  ])
  write(join('help', `${width}.json`), {'': renderHelpOfAll(commands, width), ...Object.fromEntries(texts)})
}

/** @param {import('@oclif/core').Command.Cached} command */
function commandLine({flags, args, strict, wordsEndFlags, hidden}) {
  const all = Object.values(args)
  return {
    flags: Object.fromEntries(
      Object.values(flags)
        .filter(({multiple}) => !multiple)
        .map(({name, type, char, allowNo, options}) => [
          name,
          {type, ...(char && {char}), ...(allowNo && {allowNo: true}), ...(options && {options})},
        ]),
    ),
    least: all.filter(({required}) => required).length,
    most: strict ? all.length : null,
    ...(wordsEndFlags && {wordsEndFlags: true}),
    ...(hidden && {hidden: true}),
  }
}

/** @param {import('@oclif/core').Command.Cached} command */
function completion({summary = '', flags, args, strict, wordsEndFlags}) {
  return {
    about: summary,
    flags: Object.fromEntries(
      Object.values(flags)
        .filter(({hidden}) => !hidden)
        .map(({name, type, char, allowNo, options, summary: about = ''}) => [
          name,
          {
            about,
            ...(char && {char}),
            ...(type === 'option' && {value: true}),
            ...(allowNo && {allowNo: true}),
            ...(options && {options}),
          },
        ]),
    ),
    args: Object.keys(args),
    ...(!strict && {many: true}),
    ...(wordsEndFlags && {wordsEndFlags: true}),
  }
}

function plain(text) {
  return `${stripVTControlCharacters(text).replaceAll(/ +$/gm, '').trimEnd()}\n`
}

function write(path, value) {
  writeFileSync(join(root, 'dist', path), JSON.stringify(value))
}
