import satisfies from 'semver/functions/satisfies.js'
import {Exit, UserError} from '../base/errors.ts'
import {type Platform, platformName} from '../base/platform.ts'
import type {Definition, OverrideDefinition} from '../model/definition.ts'
import {type Fill, fillExecutables, fillSource} from './source-templates.ts'
import {fillTemplate, type TemplateValues} from './template.ts'

/** A definition for one version on one platform: overrides applied, templates filled but `{host}` and `{port}`. */
export type ConcreteDefinition = Omit<Definition, 'overrides' | 'platforms' | '$schema'>

/**
 * Without a version (to list versions) overrides that name versions do not count.
 * @throws UserError NO_ARTIFACT_FOR_PLATFORM, DEFINITION_INVALID
 */
export function concrete(
  definition: Definition,
  version: string | undefined,
  platform: Platform,
): ConcreteDefinition {
  const {overrides = [], platforms, $schema: _, ...rest} = applyOverrides(definition, version, platform)
  const values = templateValues(definition.name, version, platform, platforms)
  return fillDefinition(rest, values)
}

/** Names of the platforms that a version has artifacts for, by its definition; undefined where that does not limit them. */
export function platformsOf(definition: Definition, version: string): string[] | undefined {
  const overrides = (definition.overrides ?? []).filter(({versions}) => isInRange(version, versions))
  const platforms = overrides.findLast(({platforms: own}) => own)?.platforms ?? definition.platforms
  return platforms && Object.keys(platforms)
}

/** Whether a version comes from elsewhere on some platforms that its definition tells by a pattern. */
export function variesByPlatform({overrides = []}: Definition, version: string): boolean {
  return overrides.some(({on, sources, versions}) => on && sources && isInRange(version, versions))
}

/** An override may take a watch mode away. */
type Merged = Omit<Definition, 'watch'> & Pick<OverrideDefinition, 'watch'>

function applyOverrides(definition: Definition, version: string | undefined, platform: Platform): Definition {
  const fields = (definition.overrides ?? [])
    .filter(override => isFor(override, version, platform))
    .map(({versions: _, on: __, ...changed}) => withoutAbsent(changed))
  const {watch, ...applied} = Object.assign({}, definition, ...fields) as Merged
  return {...applied, ...(watch && {watch})}
}

function isFor({versions, on}: OverrideDefinition, version: string | undefined, platform: Platform): boolean {
  if (!isInRange(version, versions)) return false
  return on === undefined || on.some(pattern => matches(platformName(platform), pattern))
}

function isInRange(version: string | undefined, versions: string | undefined): boolean {
  if (versions === undefined) return true
  return version !== undefined && satisfies(version, versions, {includePrerelease: true})
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}

function templateValues(
  toolchain: string,
  version: string | undefined,
  platform: Platform,
  platforms: Definition['platforms'],
): TemplateValues {
  const {os, arch} = platform
  const own = platforms === undefined ? {} : platforms[platformName(platform)]
  if (own === undefined) {
    const others = Object.keys(platforms ?? {}).join(', ')
    throw new UserError({
      code: 'NO_ARTIFACT_FOR_PLATFORM',
      message: `${[toolchain, version].filter(Boolean).join(' ')} does not exist for ${platformName(platform)}`,
      hint:
        others === ''
          ? `its source has no programs of this version for any platform; choose another: tool available -t ${toolchain}`
          : `it exists for ${others}; another version may exist for more`,
      exitCode: Exit.noSuchVersion,
    })
  }
  return {os, arch, exe: os === 'win32' ? '.exe' : '', ...(version === undefined ? {} : {version}), ...own}
}

function fillDefinition(definition: ConcreteDefinition, values: TemplateValues): ConcreteDefinition {
  const {sources, executables, build, watch, serve, environment, ...rest} = definition
  // To list versions nothing needs to know one.
  const open = values.version === undefined ? ['version'] : []
  const fill: Fill = (text, field, later = []) =>
    fillTemplate(text, values, `definition of ${definition.name}, ${field}`, [...open, ...later])
  const fillCommand = <T extends {command: string[]}>(verb: T, field: string): T => ({
    ...verb,
    command: verb.command.map(word => fill(word, `${field}.command`)),
  })
  return {
    ...rest,
    sources: sources.map(source => fillSource(source, fill)),
    executables: fillExecutables(executables, fill),
    ...(build && {build: fillCommand(build, 'build')}),
    ...(watch && {watch: fillCommand(watch, 'watch')}),
    ...(serve && {serve: fillCommand(serve, 'serve')}),
    ...(environment && {
      environment: mapValues(environment, (text, name) => fill(text, `environment.${name}`)),
    }),
  }
}

function mapValues<T>(record: Record<string, T>, map: (value: T, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]))
}

function withoutAbsent(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
