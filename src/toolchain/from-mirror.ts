import {resolve} from 'node:path'
import type {Context} from '../base/context.ts'
import {Exit, UserError} from '../base/errors.ts'
import type {Definition} from '../model/definition.ts'
import type {Definitions} from './definitions.ts'

/**
 * The same toolchains, each of them from a mirror alone: a folder or a web address that `tool mirror` filled.
 * @throws UserError MIRROR_INVALID
 */
export function fromMirror({cwd}: Context, definitions: Definitions, mirror: string): Definitions {
  const base = mirrorAddress(mirror, cwd)
  return {
    ...definitions,
    get: (name, origin) => withSource(definitions.get(name, origin), base),
    providing: executable => definitions.providing(executable).map(one => withSource(one, base)),
  }
}

function withSource({overrides, ...definition}: Definition, base: string): Definition {
  const path = `${base.replace(/\/+$/, '')}/${definition.name}`
  return {
    ...definition,
    sources: [{kind: 'directory', path}],
    ...(overrides && {overrides: overrides.map(({sources: _, ...rest}) => rest)}),
  }
}

function mirrorAddress(mirror: string, cwd: string): string {
  if (/^(?:https?|file):\/\//.test(mirror) && URL.canParse(mirror)) return mirror
  if (mirror !== '' && !/^[a-z][a-z0-9+.-]+:\/\//i.test(mirror)) return resolve(cwd, mirror)
  throw new UserError({
    code: 'MIRROR_INVALID',
    message: `${JSON.stringify(mirror)} is no folder and no web address (set by --from)`,
    hint: 'name what tool mirror filled: a folder, or its address such as https://tools.example/mirror',
    exitCode: Exit.usage,
  })
}
