export {Severity} from '../model/diagnostic.ts'
export type {
  CompileRequest,
  Compiler,
  FileChange,
  Report,
  ServeRequest,
  ServerReport,
  TaskReport,
} from './compiler.ts'
export {runCompiler} from './run-compiler.ts'
