// The program that runs TypeScript's API for a supervisor: bridge-typescript TOOLCHAIN PATH_OF_TSC.
import {realpathSync} from 'node:fs'
import {createRequire} from 'node:module'
import {typescriptCompiler} from '../src/bridge/typescript.ts'
import type {Api} from '../src/bridge/typescript-api.ts'
import {runCompiler} from '../src/worker/run-compiler.ts'

const [toolchain = '', tsc = ''] = process.argv.slice(2)
const api: Api = createRequire(realpathSync(tsc))('../lib/typescript.js')
await runCompiler(typescriptCompiler(api, toolchain))
