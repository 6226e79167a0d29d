import {completionScript} from '../../house/init.ts'
import {shellNamed} from '../../house/shell-syntax.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool completion SHELL` */
export function completion({context, words: [word = '']}: Call): Shown {
  return {text: completionScript(context, shellNamed(word))}
}
