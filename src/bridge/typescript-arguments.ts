import {Exit, UserError} from '../base/errors.ts'
import type {Api, CommandLine, Options, System} from './typescript-api.ts'

/** What is to be compiled, as `tsc` understands its arguments and `tsconfig.json`. */
export interface Task {
  rootNames: readonly string[]
  options: Options
  projectReferences: unknown
  configFileParsingDiagnostics: ReturnType<Api['getConfigFileParsingDiagnostics']>
}

/**
 * Reads arguments as `tsc` does. Only a compilation, once, that says nothing but what is wrong, is done here; everything
 * else, mistakes in the arguments too, is left to `tsc`.
 * @throws UserError NOT_WARM
 */
export function readArguments(api: Api, system: System, words: readonly string[]): Task {
  if (/^--?(?:b|build)$/i.test(words[0] ?? '')) throw notWarm(`it builds with ${words[0]}`)
  const commandLine = api.parseCommandLine(words, path => system.readFile(path))
  if (commandLine.errors.length > 0) throw notWarm('there are mistakes in its arguments')
  checkOptions(commandLine.options)
  const directory = system.getCurrentDirectory()
  const options = api.convertToOptionsWithAbsolutePaths(commandLine.options, path =>
    api.getNormalizedAbsolutePath(path, directory),
  )
  const config = configPath(api, system, commandLine)
  const parsed = config === undefined ? {...commandLine, options} : readConfig(api, system, config, options)
  checkOptions(parsed.options)
  return {
    rootNames: parsed.fileNames,
    options: parsed.options,
    projectReferences: parsed.projectReferences,
    configFileParsingDiagnostics: config === undefined ? [] : api.getConfigFileParsingDiagnostics(parsed),
  }
}

/** What says more than diagnostics, goes on, or is not about compiling. */
const others = [
  'all',
  'build',
  'diagnostics',
  'explainFiles',
  'extendedDiagnostics',
  'generateCpuProfile',
  'generateTrace',
  'help',
  'init',
  'listEmittedFiles',
  'listFiles',
  'listFilesOnly',
  'locale',
  'showConfig',
  'traceResolution',
  'version',
  'watch',
]

function checkOptions(options: Options): void {
  const other = others.find(name => options[name])
  if (other !== undefined) throw notWarm(`it is given --${other}`)
}

function configPath(
  api: Api,
  system: System,
  {options: {project, ignoreConfig}, fileNames}: CommandLine,
): string | undefined {
  const exists = (path: string) => system.fileExists(path)
  if (typeof project === 'string') {
    if (fileNames.length > 0) throw notWarm('it is given files beside a project')
    const given = api.normalizePath(project)
    const path =
      given === '' || system.directoryExists(given) ? api.combinePaths(given, 'tsconfig.json') : given
    if (!exists(path)) throw notWarm(`there is no ${path}`)
    return path
  }
  const find = () => api.findConfigFile(api.normalizePath(system.getCurrentDirectory()), exists)
  if (fileNames.length > 0) {
    // From 6 on that is a mistake.
    if (Number.parseInt(api.version, 10) >= 6 && !ignoreConfig && find() !== undefined)
      throw notWarm('it is given files beside a tsconfig.json')
    return undefined
  }
  const found = find()
  if (found === undefined) throw notWarm('there is no tsconfig.json')
  return found
}

function readConfig(api: Api, system: System, path: string, options: Options): CommandLine {
  const host = {
    ...system,
    onUnRecoverableConfigFileDiagnostic() {
      throw notWarm(`${path} can't be read`)
    },
  }
  const parsed = api.getParsedCommandLineOfConfigFile(path, options, host)
  if (parsed === undefined) throw notWarm(`${path} can't be read`)
  return parsed
}

function notWarm(why: string): UserError {
  return new UserError({
    code: 'NOT_WARM',
    message: `this is not compiled by a compiler that is kept: ${why}`,
    hint: 'run the compiler itself',
    exitCode: Exit.usage,
  })
}
