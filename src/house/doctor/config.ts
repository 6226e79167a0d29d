import {messageOf, UserError} from '../../base/errors.ts'
import {createNetwork} from '../../fetch/network.ts'
import {defaultToolchain} from '../../pin/default-toolchain.ts'
import {findProject} from '../../pin/project.ts'
import {loadDefinitions} from '../../toolchain/definitions.ts'
import {readProjectConfig} from '../../toolchain/project-config.ts'
import {readUserConfig} from '../../toolchain/user-config.ts'
import type {Checked} from './checked.ts'
import {type Finding, fine, problem} from './finding.ts'

/** Whether every file of settings can be read and says something that makes sense. */
export async function checkConfig(checked: Checked): Promise<Finding[]> {
  const {context, definitions} = checked
  const found = [
    await attempt(() => readUserConfig(context)),
    await attempt(() => defaultToolchain(context)),
    await attempt(() => projectConfig(checked)),
    await attempt(() => createNetwork(context).npm()),
    definitions === undefined ? await attempt(() => loadDefinitions(context)) : undefined,
    ...(await definitionProblems(checked)),
  ].filter(one => one !== undefined)
  // One mistake may be in the way of several.
  const distinct = [...new Map(found.map(one => [one.title, one])).values()]
  return distinct.length > 0 ? distinct : [fine('config', 'the settings can be read')]
}

function projectConfig({context, definitions}: Checked): unknown {
  if (definitions === undefined) return undefined
  const project = findProject(context, definitions)
  return project && readProjectConfig(project.root, context.env)
}

async function definitionProblems({definitions}: Checked): Promise<(Finding | undefined)[]> {
  const names = definitions?.names() ?? []
  return Promise.all(names.map(name => attempt(() => definitions?.get(name, {kind: 'default'}))))
}

async function attempt(read: () => unknown): Promise<Finding | undefined> {
  try {
    await read()
    return undefined
  } catch (error) {
    const hint = error instanceof UserError ? error.hint : undefined
    return problem('config', messageOf(error), '', hint ?? 'correct or remove the file')
  }
}
