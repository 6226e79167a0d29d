import Uninstall from './uninstall.ts'

/** What people look for who made a link with `tool link`. */
export default class Unlink extends Uninstall {
  static override hidden = true
  static override usage = 'unlink [TOOLCHAIN@]NAME... [-t NAME] [--yes] [--force]'
  static override examples = ['tool unlink dev']
}
