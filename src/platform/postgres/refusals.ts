/** Why the embedded PostgreSQL cannot be used. The messages are sentences for the operator, shown as they are. */

/** No PostgreSQL from npm can run on this machine. */
export class NoEmbeddedPostgres extends Error {
  override name = 'NoEmbeddedPostgres'
  constructor() {
    super(
      `Aucun PostgreSQL embarqué n’existe pour cette machine (${process.platform} ${process.arch})\u202f: indiquez votre serveur PostgreSQL (version 15 ou plus) dans DATABASE_URL.`,
    )
  }
}

/** Another Trame, alive, holds this data folder. */
export class DataDirectoryInUse extends Error {
  override name = 'DataDirectoryInUse'
  readonly pid: number
  constructor(dir: string, pid: number) {
    super(
      `Trame tourne déjà sur ce dossier de données (${dir}), dans le processus ${pid}\u202f: arrêtez-le d’abord, ou choisissez un autre dossier avec TRAME_DATA.`,
    )
    this.pid = pid
  }
}

/** The folder was written by another major version of PostgreSQL. */
export class DataDirectoryFromOtherVersion extends Error {
  override name = 'DataDirectoryFromOtherVersion'
  constructor(data: string, theirs: string, ours: number) {
    super(
      `Le dossier de données ${data} a été écrit par PostgreSQL ${theirs}, et Trame embarque PostgreSQL ${ours}\u202f: restaurez une sauvegarde faite par cette version de Trame, ou revenez à la version précédente. Rien n’a été modifié.`,
    )
  }
}

/** PostgreSQL could not be created or started; often carries the end of what it printed. */
export class PostgresFailed extends Error {
  override name = 'PostgresFailed'
}
