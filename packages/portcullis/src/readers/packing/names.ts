import type { PackedFile } from '../../project/index.ts';

// Decided by names alone: what is in the files is never read.

/** Copies for others to fill in, and what tests use. */
const blanks =
  /(?:^|[._-])(?:example|examples|sample|samples|template|tmpl|tpl|dist|default|defaults|schema|test|tests|testing|mock|dummy|fake|ci)(?:[._-]|$)/i;
/** Certificates and public halves are no secrets. */
const publicParts =
  /(?:^|[._-])(?:ca|cacert|cacerts|cert|certs|certificate|certificates|chain|fullchain|bundle|pub|public|pubkey|root|roots|crt|csr|rds|ssl-ca|truststore|amazonrootca\d?|jwks|dhparam|dhparams|known_hosts)(?:[._-]|\d|$)/i;

const environment = /^\.env(?:\..+|rc)?$|^\.envrc$|^\.flaskenv$|^[\w-]+\.env$/i;
const keys = /\.(?:pem|key|p12|pfx|jks|keystore|ppk|p8)$|^id_(?:rsa|dsa|ecdsa|ed25519)$/i;
const credentials =
  /^(?:credentials|credentials\.(?:json|csv|ya?ml)|\.netrc|_netrc|\.pypirc|\.git-credentials|\.htpasswd|\.pgpass|\.my\.cnf|secrets?(?:[.-][\w-]+)?\.(?:ya?ml|json|env|ini|toml)|\.secrets?|service[_-]?account[\w-]*\.json|serviceaccountkey\.json|gcp[_-]?(?:key|credentials)\.json)$/i;

/** What a file of this name holds, when the name speaks of secrets. */
export function kindByName(name: string): PackedFile['kind'] | undefined {
  // Names go into messages.
  if (!/^[\w.@ -]{1,128}$/.test(name)) return undefined;
  if (name === '.npmrc' || name === '.yarnrc.yml') return 'registry';
  if (blanks.test(name)) return undefined;
  if (environment.test(name)) return 'environment';
  if (keys.test(name)) return publicParts.test(name) ? undefined : 'key';
  return credentials.test(name) ? 'credentials' : undefined;
}
