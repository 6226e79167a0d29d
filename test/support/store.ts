import {chmodSync, mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {writeReceipt} from '../../src/store/receipt.ts'
import type {Sandbox} from './sandbox.ts'

/** A program that says its name and its arguments. */
const shellProgram = '#!/bin/sh\necho "$0 $*"\n'

/** Writes a program that may be run, and returns its path. */
export function writeProgram(path: string, text = shellProgram): string {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, text)
  chmodSync(path, 0o755)
  return path
}

/** Puts a version into the store as a person would, by hand; with a receipt it counts as installed by us. */
export function putVersion(
  {context}: Sandbox,
  toolchain: string,
  version: string,
  {executables = [toolchain], runtime}: {executables?: string[]; runtime?: 'node' | 'none'} = {},
): string {
  const {layout} = context
  const bin = layout.bin(toolchain, version)
  mkdirSync(bin, {recursive: true})
  for (const name of executables) writeProgram(join(bin, name))
  if (runtime !== undefined) {
    mkdirSync(join(layout.version(toolchain, version), 'node'))
    if (runtime === 'node')
      for (const name of executables)
        writeFileSync(join(layout.version(toolchain, version), 'node', name), '')
    const known = executables.map(name => [name, {path: `bin/${name}`, ...(runtime === 'node' && {runtime})}])
    writeReceipt(layout.version(toolchain, version), {
      toolchain,
      version,
      source: `npm ${toolchain}`,
      url: `https://registry.example/${toolchain}.tgz`,
      integrity: `sha512-${'A'.repeat(86)}==`,
      size: 1,
      files: executables.length,
      date: '2026-01-01T00:00:00.000Z',
      tool: '0.1.0',
      platform: 'linux-x64',
      executables: Object.fromEntries(known),
    })
  }
  return layout.version(toolchain, version)
}
