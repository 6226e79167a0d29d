import {join} from 'node:path'
import {listShims} from '../../shim/rehash.ts'
import type {Call, Shown} from '../verb.ts'

/** `tool shims [--short]` */
export function shims({context, flags}: Call): Shown {
  const names = listShims(context)
  const shown = flags.short ? names : names.map(name => join(context.layout.shims, name))
  return {text: shown.join('\n'), result: shown}
}
