import {createRequire} from 'node:module'
import {join} from 'node:path'
import {execa} from 'execa'
import {expect, test} from 'vitest'
import {badTypescriptMarks, badTypescript as root} from '../support/bad-typescript.ts'
import {brief, diagnosticsOf, interpretAll} from '../support/output.ts'
import {sandbox} from '../support/sandbox.ts'
import {fetchTypescript} from '../support/typescript.ts'

/** The part of TypeScript 5's API that tells where its diagnostics really are. */
interface Api {
  readConfigFile(path: string, read: (path: string) => string | undefined): {config: unknown}
  sys: {readFile(path: string): string | undefined}
  parseJsonConfigFileContent(
    config: unknown,
    host: unknown,
    root: string,
  ): {fileNames: string[]; options: object}
  createProgram(files: string[], options: object): unknown
  getPreEmitDiagnostics(program: unknown): {
    code: number
    start: number
    length: number
    file: {fileName: string; text: string}
  }[]
}

test.each(['5.9.3', '5.0.4'])('tsc %s: the ranges are those that its API gives', async version => {
  await using box = sandbox()
  const directory = await fetchTypescript(box.root, version)
  const args = [join(directory, 'bin/tsc'), '--pretty', '--project', root]
  const {stdout} = await execa(process.execPath, args, {cwd: root, reject: false, stdin: 'ignore'})
  const said = diagnosticsOf(interpretAll(stdout, {format: 'typescript'}, root)).map(one => brief(one, root))
  if (version === '5.9.3')
    expect(said.map(line => line.replace('TS2792', 'TS2307'))).toEqual(badTypescriptMarks)

  const api = createRequire(join(directory, 'package.json'))('./lib/typescript.js') as Api
  const {config} = api.readConfigFile(join(root, 'tsconfig.json'), api.sys.readFile)
  const {fileNames, options} = api.parseJsonConfigFileContent(config, api.sys, root)
  const diagnostics = api.getPreEmitDiagnostics(api.createProgram(fileNames, options))
  const known = diagnostics.map(
    ({code, start, length, file}) =>
      `${file.fileName.slice(root.length + 1)} TS${code} ${file.text.slice(start, start + length).replaceAll('\r\n', '\n')}`,
  )
  expect(said.map(line => line.replace(/:\d+:\d+-\d+:\d+/, '')).toSorted()).toEqual(known.toSorted())
})
