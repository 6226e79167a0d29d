import {readdirSync} from 'node:fs'
import {join} from 'node:path'
import type {Context} from '../../base/context.ts'
import {findInstalled} from '../../store/installed.ts'
import {linkTarget} from '../../store/linked.ts'
import {isLinked} from '../../store/links.ts'
import {parseSpec} from '../../version/spec.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, warning} from './finding.ts'

/** Whether each link of a range leads to the newest installed version that satisfies it. */
export function checkLinks({context}: Checked): Finding[] {
  const {links} = context.layout
  const all = namesIn(links).flatMap(toolchain =>
    namesIn(join(links, toolchain)).map(name => checkLink(context, toolchain, name)),
  )
  const found = all.filter(one => one !== undefined)
  return found.length > 0 ? found : [fine('links', `links that lead where they should: ${all.length}`)]
}

function checkLink(context: Context, toolchain: string, name: string): Finding | undefined {
  const path = join(context.layout.links, toolchain, name)
  const version = linkTarget(path)
  if (version === undefined) return wrong(`${path} is no link`, 'It is in the way of one.')
  if (!findInstalled(context, toolchain, version))
    return wrong(`${path} leads to ${version}, which is not installed`, 'It was removed by hand.')
  const spec = parseSpec(name)
  if (spec.kind !== 'range' || isLinked(context, toolchain, {spec, version})) return undefined
  return wrong(
    `${path} leads to ${version}, which is not the newest ${name}`,
    'A version was added or removed by hand.',
  )
}

function wrong(title: string, detail: string): Finding {
  return warning('links', title, detail, 'tool rehash')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'))
  } catch {
    // There is none, or the check of permissions tells.
    return []
  }
}
