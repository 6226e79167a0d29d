import type {Call, Shown} from '../verb.ts'

/** `tool root` */
export function root({context}: Call): Shown {
  const {home} = context.layout
  return {text: home, result: {home}}
}
