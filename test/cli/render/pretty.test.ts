import {pathToFileURL} from 'node:url'
import {expect, test} from 'vitest'
import {renderDiagnostic} from '../../../src/cli/render/pretty.ts'
import {sandbox} from '../../support/sandbox.ts'

const at = (line: number, character: number, endLine: number, endCharacter: number) => ({
  start: {line, character},
  end: {line: endLine, character: endCharacter},
})

test('a diagnostic has its place, severity, code, words and lines, underlined exactly', async () => {
  await using box = sandbox()
  const uri = pathToFileURL(box.write('src/a.ts', 'one\nconst two: number = "2"\nthree\n')).href
  const text = renderDiagnostic(
    {
      uri,
      toolchain: 'typescript',
      range: at(1, 6, 1, 9),
      severity: 1,
      code: 'TS2322',
      message: 'Type mismatch.\n  More of it.',
      relatedInformation: [{location: {uri, range: at(0, 0, 0, 3)}, message: 'declared here'}],
    },
    {cwd: box.project, color: false},
  )
  expect(text).toBe(
    [
      'src/a.ts:2:7 error TS2322 typescript',
      '  Type mismatch.',
      '    More of it.',
      '',
      '    1 | one',
      '  > 2 | const two: number = "2"',
      '      |       ^^^',
      '    3 | three',
      '  src/a.ts:1:1 declared here',
      '',
    ].join('\n'),
  )
})

test('what is about no file, or a file that is gone, has no lines', async () => {
  await using box = sandbox()
  const common = {toolchain: 'typescript', range: at(0, 0, 0, 0), severity: 2 as const, message: 'No inputs.'}
  const options = {cwd: box.project, color: false}
  expect(renderDiagnostic({...common, uri: `${pathToFileURL(box.project).href}/`}, options)).toBe(
    'warning typescript\n  No inputs.\n',
  )
  expect(renderDiagnostic({...common, uri: pathToFileURL(`${box.project}/gone.ts`).href}, options)).toBe(
    'gone.ts:1:1 warning typescript\n  No inputs.\n',
  )
})
