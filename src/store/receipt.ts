import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {readTextIfAny} from '../base/files.ts'
import type {Installed, Receipt} from './types.ts'

const receiptFile = 'receipt.json'

/** The receipt of an installed version; undefined if a person put the version there. */
export function readReceipt(installed: Installed): Receipt | undefined {
  const text = readTextIfAny(join(installed.directory, receiptFile))
  if (text === undefined) return undefined
  try {
    const receipt: unknown = JSON.parse(text)
    return isReceipt(receipt) ? receipt : undefined
  } catch {
    return undefined
  }
}

/** @internal */
export function writeReceipt(directory: string, receipt: Receipt): void {
  writeFileSync(join(directory, receiptFile), `${JSON.stringify(receipt, undefined, 2)}\n`)
}

/** It is our own file, but a person may have edited it: what others rely on must be there. */
function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== 'object' || value === null) return false
  const {integrity, executables} = value as Partial<Record<keyof Receipt, unknown>>
  return typeof integrity === 'string' && typeof executables === 'object' && executables !== null
}
