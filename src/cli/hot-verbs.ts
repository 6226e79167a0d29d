import type {Verb} from './verb.ts'
import {complete} from './verbs/complete.ts'
import {completion} from './verbs/completion.ts'
import {current} from './verbs/current.ts'
import {exec} from './verbs/exec.ts'
import {init} from './verbs/init.ts'
import {prefix} from './verbs/prefix.ts'
import {rehash} from './verbs/rehash.ts'
import {root} from './verbs/root.ts'
import {shell} from './verbs/shell.ts'
import {shims} from './verbs/shims.ts'
import {status} from './verbs/status.ts'
import {version, versionFile, versionName, versionOrigin} from './verbs/version.ts'
import {versions} from './verbs/versions.ts'
import {whence} from './verbs/whence.ts'
import {which} from './verbs/which.ts'

/** The verbs that run without the command framework, by the ids of their commands. The build makes a file of those that are called most. */
export const hotVerbs: Readonly<Record<string, Verb>> = {
  complete,
  completion,
  current,
  exec,
  init,
  prefix,
  rehash,
  root,
  shell,
  shims,
  status,
  version,
  'version-file': versionFile,
  'version-name': versionName,
  'version-origin': versionOrigin,
  versions,
  whence,
  which,
}
