import { looksRandom } from './entropy.ts';
import { wordsOf } from './words.ts';

/**
 * A variable, an intrinsic or another template's hole. Written by the framework (`${...}`), CloudFormation (`{{resolve:...}}`),
 * mapping templates and shells (`$input`, `%VAR%`), task runners (`{{ x }}`, `<%= x %>`, `#{x}`).
 */
const hole = /\$\{[^{}]*\}|\{\{[^{}]*\}\}|<%[^%]*%>|#\{[^{}]*\}|\$\([^()]*\)|\$\[[^[\]]*\]/g;

/** The parts of the value that are written out: holes become one U+FFFC each, nested ones included. */
export function withoutHoles(value: string): string {
  let text = value;
  for (let depth = 0; depth < 4 && /[{}()[\]%]/.test(text); depth += 1) {
    const next = text.replaceAll(hole, '\uFFFC');
    if (next === text) break;
    text = next;
  }
  return text;
}

/** Nothing but holes and separators between them. */
export function isReference(value: string): boolean {
  const text = withoutHoles(value);
  if (text === value)
    return /^(?:\$[A-Za-z_][\w.]*|process\.env\.\w+|env\.\w+|secrets\.\w+|event\.[\w.]+)$/.test(value.trim());
  return /^[\s\uFFFC/:._,@|+-]*$/.test(text);
}

const schemes =
  /^(?:secrets?|https?|wss?|ftp|s3|ssm|sm|secretsmanager|aws-ssm|aws-sm|vault|file|arn|op|gs|dynamodb|sqs|sns|azurekeyvault|keyvault|doppler|kms|projects\/[^/]+\/secrets)[:/]/i;

/** ARNs, addresses in stores, URLs: they say where something is. Credentials inside URLs are judged before. */
export function isAddress(value: string): boolean {
  return schemes.test(value) || /^[\w.+-]+@[\w-]+\.[\w.-]+$/.test(value) || isHost(value) || isPath(value);
}

function isHost(value: string): boolean {
  return /^(?=.{4,253}$)(?:[a-z0-9_-]{1,63}\.){1,8}[a-z]{2,18}(?::\d{1,5})?(?:\/[\w./-]*)?$/.test(value);
}

/** `/orders/db/password`, `orders/db`, `./keys/private.pem`, `C:\keys`: slashes between readable pieces. */
function isPath(value: string): boolean {
  if (/^(?:\.{1,2}|~|[A-Za-z]:)[\\/]/.test(value)) return true;
  if (
    /^[\w.-]+\.(?:pem|key|json|ya?ml|txt|env|crt|cer|p12|pfx|jks|ppk|zip|js|ts|py|sh|toml|ini|conf|cfg|properties|handler)$/i.test(
      value,
    )
  )
    return true;
  if (!value.includes('/') || /\s/.test(value)) return false;
  const pieces = value.split('/').filter((piece) => piece !== '');
  if (pieces.length === 0) return true;
  if (pieces.length === 1 && !value.startsWith('/')) return false;
  return pieces.every((piece) => piece.includes('\uFFFC') || (/^[\w.@*:~+-]+$/.test(piece) && !looksRandom(piece)));
}

/** A name as people give it to things: `orders-db-secret`, `X-Api-Key`, `DB_PASSWORD`, `method.request.header.Auth`. */
export function isNameLike(value: string): boolean {
  return /^\p{L}[\p{L}\w.:-]*$/u.test(value) && !looksRandom(value);
}

/** `DB_PASSWORD` as a value: the name of a variable that holds the secret. */
export function isVariableName(value: string): boolean {
  return /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/.test(value) && !looksRandom(value) && wordsOf(value).length > 1;
}

/** A sentence: three or more readable words with spaces. */
export function isProse(value: string): boolean {
  const words = value.trim().split(/\s+/);
  return (
    words.length >= 3 &&
    words.filter((word) => /^["'(]?[A-Za-z]{1,20}[.,:;!?)"']?$/.test(word)).length >= words.length * 0.6
  );
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function isUuid(value: string): boolean {
  return uuid.test(value);
}

/**
 * Made by a machine and not secret: ciphertexts of KMS (they begin with the version of the key), public keys and certificates in
 * PEM or DER, digests with their algorithm.
 */
export function isPublicMaterial(value: string): boolean {
  return (
    /^A(?:QICAH|QECAH|QIBAH|QIDAH)/.test(value) ||
    /^(?:sha\d{1,3}|md5)[-:]/i.test(value) ||
    // Publishable keys of Stripe, Clerk, Mapbox, PostHog and Supabase stand in pages that everybody loads.
    /^(?:pk_(?:live|test)_|pk\.eyJ|phc_|sb_publishable_)/.test(value) ||
    /^(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d{3}) /.test(value) ||
    /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}(?:PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST)-----/.test(value) ||
    /^(?:MIIBI|MIICI|MIIC[A-Za-z0-9]{1}jCC|MFkw|MIID|MIIE[A-Za-z0-9]{2}CCA|MCowBQ|MHYw|MIGf|LS0tLS1CRUdJTiBDRV|LS0tLS1CRUdJTiBQVU)/.test(
      value,
    )
  );
}

/**
 * Ciphertexts that are kept beside the code on purpose: Ansible Vault, SOPS, Jasypt, Spring Cloud Config, sealed secrets, `secure:` of
 * Travis CI.
 */
export function isEncrypted(path: readonly string[], value: string): boolean {
  if (/^(?:\$ANSIBLE_VAULT;|ENC\[|ENC\(|\{cipher\}|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----)/.test(value))
    return true;
  return value.length >= 64 && (path.at(-1) === 'secure' || path.includes('encryptedData'));
}

export function isIsoDate(value: string): boolean {
  return /^\d{4}-\d\d-\d\d(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/.test(value);
}
