/*
 * The parts of TypeScript's API that the bridge calls, as they are from 4.7 to 6.0. They are written down here since the
 * package that we are compiled with, 7, has no such API, and the one that is used is the project's.
 */

/** Of a diagnostic nothing is read here: the compiler writes it out itself. */
export interface Diagnostic {
  readonly category: number
}

export type Options = Readonly<Record<string, unknown>>

export interface CommandLine {
  options: Options
  fileNames: string[]
  projectReferences?: unknown
  errors: readonly Diagnostic[]
}

/** What the compiler knows of the world outside. */
export interface System {
  newLine: string
  getCurrentDirectory(): string
  fileExists(path: string): boolean
  directoryExists(path: string): boolean
  readFile(path: string, encoding?: string): string | undefined
  writeFile(path: string, text: string, writeByteOrderMark?: boolean): void
  createDirectory(path: string): void
  readDirectory(path: string, ...how: unknown[]): readonly string[]
  getDirectories(path: string): readonly string[]
  realpath?(path: string): string
  getModifiedTime?(path: string): Date | undefined
  getFileSize?(path: string): number
}

/** A file's syntax tree; once it was bound, what it declares is in it too. */
export interface SourceFile {
  readonly fileName: string
  readonly text: string
  /** Before 5.3. */
  readonly resolvedModules?: unknown
}

type GetSourceFile = (path: string, language: unknown, ...rest: unknown[]) => SourceFile | undefined

export type WriteFile = (
  path: string,
  text: string,
  writeByteOrderMark?: boolean,
  onError?: (message: string) => void,
) => void

export interface Host {
  getSourceFile: GetSourceFile
  writeFile: WriteFile
  jsDocParsingMode?: number
}

export interface Program {
  getSourceFiles(): readonly SourceFile[]
  getSyntacticDiagnostics(): readonly Diagnostic[]
  getOptionsDiagnostics(): readonly Diagnostic[]
  getGlobalDiagnostics(): readonly Diagnostic[]
  getSemanticDiagnostics(file?: SourceFile): readonly Diagnostic[]
}

/** A program that knows which files a change affects. */
export interface BuilderProgram extends Program {
  getProgram(): Program
  getSemanticDiagnosticsOfNextAffectedFile(): unknown
}

interface ProgramOptions {
  rootNames: readonly string[]
  options: Options
  projectReferences?: unknown
  configFileParsingDiagnostics: readonly Diagnostic[]
  host: Host
  oldProgram?: Program | undefined
}

export interface Api {
  version: string
  sys: System & {createHash?(text: string): string; useCaseSensitiveFileNames: boolean}
  JSDocParsingMode?: {ParseForTypeErrors: number}
  parseCommandLine(words: readonly string[], readFile: System['readFile']): CommandLine
  convertToOptionsWithAbsolutePaths(options: Options, absolute: (path: string) => string): Options
  getNormalizedAbsolutePath(path: string, directory: string): string
  normalizePath(path: string): string
  combinePaths(directory: string, name: string): string
  findConfigFile(directory: string, fileExists: System['fileExists']): string | undefined
  getParsedCommandLineOfConfigFile(path: string, options: Options, host: System): CommandLine | undefined
  getConfigFileParsingDiagnostics(parsed: CommandLine): readonly Diagnostic[]
  createIncrementalCompilerHost(options: Options, system: System): Host
  createProgram(options: ProgramOptions): Program
  createIncrementalProgram(options: ProgramOptions): BuilderProgram
  createEmitAndSemanticDiagnosticsBuilderProgram(
    program: Program,
    host: Host,
    before: BuilderProgram | undefined,
    configFileParsingDiagnostics: readonly Diagnostic[],
  ): BuilderProgram
  /** What `tsc` does with a program: diagnostics in its order, each once, and output. */
  emitFilesAndReportErrors(
    program: Program,
    report: (diagnostic: Diagnostic) => void,
    write: undefined,
    reportSummary: undefined,
    writeFile: WriteFile,
  ): unknown
  formatDiagnostic(diagnostic: Diagnostic, host: FormatHost): string
  formatDiagnosticsWithColorAndContext(diagnostics: readonly Diagnostic[], host: FormatHost): string
}

interface FormatHost {
  getCurrentDirectory(): string
  getNewLine(): string
  getCanonicalFileName(path: string): string
}
