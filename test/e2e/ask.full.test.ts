import {join} from 'node:path'
import {expect, test} from 'vitest'
import {listInstalled} from '../../src/store/installed.ts'
import {packageRoot, type Sandbox, sandbox} from '../support/sandbox.ts'
import {putVersion, writeProgram} from '../support/store.ts'
import {openTerminal, type Terminal} from '../support/terminal.ts'

const open = (box: Sandbox) =>
  openTerminal({
    cwd: box.project,
    env: {
      HOME: box.root,
      PATH: process.env.PATH ?? '',
      TOOL: `${process.execPath} ${join(packageRoot, 'bin', 'tool.cjs')}`,
    },
  })

/** Waits for an empty screen, where no answer to the question before can be taken for one to the next. */
async function clear(terminal: Terminal): Promise<void> {
  terminal.type('clear', 'Enter')
  await terminal.waitFor(/^\$\s*$/)
}

const installed = ({context}: Sandbox) => listInstalled(context, 'esbuild').map(({version}) => version)

test('uninstall asks about a version that is in use; no, Ctrl-C and Enter leave it', async () => {
  await using box = sandbox()
  putVersion(box, 'esbuild', '1.0.0')
  box.write('.toolversion', 'esbuild 1.0.0\n')
  await using terminal = open(box)
  for (const key of ['n', 'C-c', '']) {
    await clear(terminal)
    terminal.type('$TOOL uninstall esbuild@1.0.0; echo "exit $?"', 'Enter')
    await terminal.waitFor(
      /esbuild 1\.0\.0 is in use: pinned by \.toolversion:1[\s\S]*nevertheless\? \(y\/N\)/,
    )
    terminal.type(...(key === 'C-c' ? [key] : [...(key === '' ? [] : [key]), 'Enter']))
    await terminal.waitFor(/nothing was done\s+exit 130/)
    expect(installed(box)).toEqual(['1.0.0'])
  }
  await clear(terminal)
  terminal.type('$TOOL uninstall esbuild@1.0.0; echo "exit $?"', 'Enter')
  await terminal.waitFor(/\(y\/N\)/)
  terminal.type('y', 'Enter')
  await terminal.waitFor(/esbuild 1\.0\.0 {2}removed\s+exit 0/)
  expect(installed(box)).toEqual([])
})

test('prune shows what would go, and asks', async () => {
  await using box = sandbox()
  for (const version of ['1.0.0', '2.0.0']) putVersion(box, 'esbuild', version, {runtime: 'none'})
  box.write('.toolversion', 'esbuild 2.0.0\n')
  await using terminal = open(box)
  terminal.type('$TOOL prune; echo "exit $?"', 'Enter')
  await terminal.waitFor(/esbuild 1\.0\.0 {2}\d+\.\d kB[\s\S]*Remove 1 version \(\d+\.\d kB\)\? \(y\/N\)/)
  expect(installed(box)).toEqual(['1.0.0', '2.0.0'])
  terminal.type('y', 'Enter')
  await terminal.waitFor(/1 version removed, \d+\.\d kB\s+exit 0/)
  expect(installed(box)).toEqual(['2.0.0'])
})

test('a path pin shows what would act, and asks; after a yes it goes on', async () => {
  await using box = sandbox()
  writeProgram(join(box.project, 'dist/bin/tsc'))
  box.write('.toolversion', 'typescript path:dist\n')
  await using terminal = open(box)
  terminal.type('$TOOL which tsc; echo "exit $?"', 'Enter')
  await terminal.waitFor(
    /line 1: runs typescript from \S+dist\/bin[\s\S]*Do you trust this project\? \(y\/N\)/,
  )
  terminal.type('n', 'Enter')
  await terminal.waitFor(/nothing was done\s+exit 130/)
  await clear(terminal)
  terminal.type('$TOOL which tsc; echo "exit $?"', 'Enter')
  await terminal.waitFor(/\(y\/N\)/)
  box.write('.toolversion', 'typescript path:evil\n')
  terminal.type('y', 'Enter')
  await terminal.waitFor(/TRUST_FILE_CHANGED[\s\S]*exit 3/)
  box.write('.toolversion', 'typescript path:dist\n')
  await clear(terminal)
  terminal.type('$TOOL which tsc; echo "exit $?"', 'Enter')
  await terminal.waitFor(/\(y\/N\)/)
  terminal.type('y', 'Enter')
  await terminal.waitFor(/dist\/bin\/tsc\s+exit 0/)
})
