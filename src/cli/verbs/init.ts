import {initScript} from '../../house/init.ts'
import {initAdvice} from '../../house/init-advice.ts'
import {shellNamed} from '../../house/shell-syntax.ts'
import {renderInitAdvice} from '../render/init-advice.ts'
import {toTerminal} from '../terminal.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool init [SHELL]` */
export function init({context, words: [word]}: Call): Shown {
  const shell = word === undefined ? undefined : shellNamed(word)
  if (shell !== undefined && !toTerminal()) return {text: initScript(context, shell)}
  const advice = initAdvice(context, shell)
  return {text: renderInitAdvice(advice), result: advice}
}
