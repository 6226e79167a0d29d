import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {complete as find, type KnownCommands} from '../../house/completion.ts'
import {splitLine} from '../../house/split-line.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {renderCompletion} from '../render/completion.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool complete -- WORD…`, or with `--line` what is typed and the part of its last word that the shell replaces. */
export async function complete({context, words, flags}: Call): Promise<Shown> {
  const given = words[0] === '--' ? words.slice(1) : words
  const [line = '', replaced = ''] = given
  const typed = flags.line ? splitLine(line).slice(1) : given
  const path = join(context.packageRoot, 'dist', 'completions.json')
  const commands: KnownCommands = JSON.parse(readFileSync(path, 'utf8'))
  const found = find(context, await loadDefinitions(context), commands, typed)
  const last = typed.at(-1) ?? ''
  const kept = flags.line && last.endsWith(replaced) ? last.length - replaced.length : 0
  return {text: renderCompletion(found, kept)}
}
