import {
  always,
  type Database,
  type Fact,
  outcomes,
  type Project,
  references,
  type Secret,
  sometimes,
  textOf,
} from '../../project/index.ts';

/** Whether a server refuses clients without TLS. `off`: switched off in its parameter group; `default-off`: nobody switched it on. */
export type TlsDemand = 'on' | 'off' | 'default-off' | 'undecided';

/** First major versions (as `major.minor` numbers) that demand TLS unless told otherwise (RDS and Aurora User Guides, "Requiring SSL/TLS"). */
const demandedSince: Readonly<Record<string, number | undefined>> = {
  postgres: 15,
  'aurora-postgresql': 17,
  mariadb: 11.8,
};
const neverByDefault = /^(?:mysql|aurora|aurora-mysql|sqlserver-(?:ee|se|ex|web))$/;
const alwaysByDefault = /^(?:docdb|neptune)$/;

export function tlsDemandOf({ engine, engineVersion, demandsTls }: Database): TlsDemand {
  if (demandsTls) {
    if (sometimes(demandsTls, (on) => !on)) return 'off';
    return always(demandsTls, (on) => on) ? 'on' : 'undecided';
  }
  if (engine.kind !== 'known' || alwaysByDefault.test(engine.value))
    return engine.kind === 'known' ? 'on' : 'undecided';
  if (neverByDefault.test(engine.value)) return 'default-off';
  const since = demandedSince[engine.value];
  if (since === undefined || engineVersion?.kind !== 'known') return 'undecided';
  const [major = '', minor = '0'] = engineVersion.value.split('.');
  const version = since % 1 === 0 ? Number(major) : Number(`${Number(major)}.${minor}`);
  return version >= since ? 'on' : 'default-off';
}

/** The databases of the files that a secret is attached to. */
export function databasesOf(project: Project, secret: Secret): readonly Database[] {
  return secret.attachments.flatMap(({ target }) =>
    localIds(target).flatMap((id) => project.databases?.find((database) => database.id === id) ?? []),
  );
}

function localIds(link: Secret['attachments'][number]['target']): readonly string[] {
  return outcomes(link).flatMap(({ kind, ...rest }) =>
    kind === 'known' && 'value' in rest && rest.value.kind === 'local' ? [rest.value.id] : [],
  );
}

/** True when a database of the files takes its password from the secret, by attachment or by a dynamic reference. */
export function isForDatabase(project: Project, secret: Secret): boolean {
  if (secret.attachments.length > 0) return true;
  return project.databases?.some(({ password }) => password && references(password).has(secret.id)) ?? false;
}

/** The JSON of a secret as far as it is written; undefined when the files do not decide it. */
export function writtenJson({ text }: Secret): string | undefined {
  if (!text) return '';
  if (text.kind === 'text') return text.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
  return textOf(text);
}

/** What people call the kind: `cluster` or `database`. */
export function kindOf({ type }: Database): string {
  return type.endsWith('Cluster') ? 'cluster' : 'database';
}

export function engineName(engine: Fact<string>): string {
  return engine.kind === 'known' ? engine.value : 'database';
}
