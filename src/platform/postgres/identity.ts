/** How the server is run: PostgreSQL refuses to work as root, and must stop when Trame does. */
import { spawnSync } from 'node:child_process'
import { PostgresFailed } from './refusals.ts'

/** What is put before the command, and to whom its folders must belong (undefined: to us). */
export type RunAs = { prefix: string[]; owner: { uid: number; gid: number } | undefined }

const nobody = 65534

/** Does this command exist and succeed? */
function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/**
 * As an ordinary user: as we are. As root: in a user namespace where we are called nobody (the files stay root's, no account is
 * needed), or, where the machine forbids namespaces, really as nobody. On Linux the kernel is asked to interrupt the server
 * when our process ends, whatever the way; elsewhere the next start stops the one that was left.
 */
export function runAs(): RunAs {
  const dies = process.platform === 'linux' && works('setpriv', '--pdeathsig', 'INT', 'true')
  const prefix = dies ? ['setpriv', '--pdeathsig', 'INT'] : []
  if (process.getuid?.() !== 0) return { prefix, owner: undefined }
  const namespace = ['unshare', '--user', `--map-user=${nobody}`, `--map-group=${nobody}`]
  if (works(namespace[0]!, ...namespace.slice(1), 'true')) return { prefix: [...namespace, ...prefix], owner: undefined }
  if (!dies)
    throw new PostgresFailed(
      'PostgreSQL refuse de tourner en tant que root, et cette machine n’a ni unshare ni setpriv\u202f: lancez Trame avec un utilisateur ordinaire.',
    )
  const drop = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups']
  return { prefix: [...prefix, ...drop], owner: { uid: nobody, gid: nobody } }
}
