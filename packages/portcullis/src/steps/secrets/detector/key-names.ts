import { wordsOf } from './words.ts';

export type KeyClass = 'password' | 'secret' | 'token' | 'key' | 'credential' | 'salt';

/**
 * How much the name alone says about the value.
 * `strong`: the value is the secret itself (`DB_PASSWORD`, `jwtSecret`). `medium`: it is the secret or the name of one
 * (`apiKey`, `DB_SECRET`). `weak`: only a value that cannot be anything else counts (`STRIPE_KEY`, an entry below `secrets`).
 */
export interface NameVerdict {
  readonly class: KeyClass;
  readonly strength: 'strong' | 'medium' | 'weak';
  /** For people: `password`, `API key`. */
  readonly what: string;
}

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Words that say which copy it is, and nothing of what it is. */
export const stageWords = set(`
  dev develop development prod production prd live staging stage stg test testing qa uat preprod sandbox sbx local
  demo default main master nonprod integration int beta alpha preview canary offline`);

const copyWords = set(`
  value values val string str text plain plaintext raw b64 base64 encoded new old current previous primary secondary backup
  v1 v2 v3 eu us ap`);

/** Last words after which the value is about a secret (its name, place, life time, rules) and not the secret. */
const pointerTails = set(`
  name names arn arns id ids identifier identifiers uri url urls uris endpoint endpoints host hostname path paths file files filename
  filepath location dir directory folder bucket table tables topic queue stream function lambda handler role roles policy policies type
  types kind format length len size min max minimum maximum count limit limits ttl expiry expires expire expiration expired exp timeout
  duration age lifetime period day days hour hours minute minutes second seconds ms validity interval schedule version versions
  algorithm algorithms alg algo enabled enable disabled disable required require requires optional rotation rotate rotated source
  sources header headers field fields param params parameter parameters prefix suffix pattern regex reset recovery issuer audience aud
  scope scopes provider providers manager store service services server usage use uses mode status state description desc label title
  message template email mail subject domain kid alias schema attribute attributes column strategy class index user username
  authorizer authorizers claim claims validator validation verifier event events group groups region env ref reference references kms hint
  rule rules check encryption encrypted permission permissions generator generation characters chars exclude include spec specs config configuration
  settings options input output response request method methods action actions required protection port method ssm selector resource
  resources support supported allowed allow origin cost rounds iterations strength complexity history notice link page form screen
  placeholder example prompt security expression hashing address cookie property properties account accounts body content count used
  stack condition layer model owner date time timestamp at in by from for of on to per is`);

/** First words after which the name says what is done, or asks a question: `resetPassword`, `hasToken`, `maxTokens`. */
const actionHeads = set(`
  is has have use uses using enable enabled disable disabled max min num number allow allowed allows require requires required should
  skip no without exclude validate generate create reset forgot forget change update get list delete remove add manage managed show hide mask
  redact rotate can must total count check confirm invalidate revoke issue retrieve fetch ignore force on random randomize
  generated expire encrypted sealed`);

const passwordWords = set(`
  password passwords passwd pwd pswd psw pw pass passphrase passcode passwort kennwort senha contrasena contrasenya motdepasse mdp wachtwoord
  haslo parola requirepass masterauth psk`);

/** Before `secret`: it is the value that signs or authenticates, not the name of an entry in a store. */
const secretValueWords = set(`
  jwt session sessions cookie cookies client app application auth oauth signing sign signature hmac shared consumer webhook hash token nextauth csrf
  crypto cryptr encryption otp totp mfa recaptcha captcha access refresh passport hook`);

/** Before `key`: it opens or signs something. */
const keyWords = set(`
  account api access private encryption encrypt decrypt decryption signing sign signature auth authentication authorization license licence service
  secret shared session app application consumer admin webhook deploy deployment hmac aes rsa crypto cipher cookie jwt jwe jws
  storage subscription ingest ingestion integration merchant server client vapid oauth token login security recaptcha captcha salt`);

const strongKeyWords = set('secret private encryption encrypt decryption decrypt signing hmac aes crypto cipher');

/** Before `key`: a key of data, of a map, or one that everybody may have. */
const plainKeyWords = set(`
  public pub publishable published partition sort hash range primary foreign bucket s3 object cache index kms cmk table dedup deduplication
  idempotency idempotent route routing group message event tag label search lookup translation parameter param context config env environment map
  mapping join unique row column field attribute document item file path folder image layer artifact package zip code template source
  output input result response request header query property metric dimension feature flag locale lang language i18n sse region version
  state status stage ssm trace batch record arrow hot external reference ref natural surrogate business composite lock mutex queue topic
  sns sqs dynamo dynamodb ddb resource condition rate limit throttle time date timestamp filter order display named log thing jwks
  verification verify verifying name id type value default data string sub user users tenant asset media upload video audio font
  css html pk sk gsi lsi gsi1 gsi2 pem certificate cert trust pair host known dnskey dns recipient receiver remote peer short partial
  logical cross nested generate json claim identity principal action sort by each any per old new next prev previous start end exclusive
  ssh pgp gpg apt rpm site policy kid terraform tf state backend destination target prefix suffix base root node child parent sequence counter`);

const notATokenBefore = set(`
  next page pagination continuation design nft erc erc20 erc721 cancellation chunk mint swap lp reward quote native wrapped stable
  start starting delimiter separator stop task sync resume resumption paging cursor tracking dedup idempotency concurrency`);

/** Classifies one name on its own; undefined when it does not speak of a secret value. */
export function classifyName(name: string): NameVerdict | undefined {
  // Annotations of Kubernetes (`nginx.ingress.kubernetes.io/auth-secret`) name the objects that hold secrets.
  const slash = name.lastIndexOf('/');
  const verdict = classifyWords(wordsOf(slash > 0 ? name.slice(slash + 1) : name));
  return verdict?.strength === 'strong' && slash > 0 && name.slice(0, slash).includes('.')
    ? { ...verdict, strength: 'medium' }
    : verdict;
}

/** True when the name speaks of a secret's name, place, rules or life time: `SECRET_ARN`, `tokenUrl`, `PASSWORD_POLICY`. */
export function isPointerName(name: string): boolean {
  const words = withoutCopyWords(wordsOf(name));
  const last = words.at(-1);
  return last !== undefined && pointerTails.has(last);
}

function withoutCopyWords(words: readonly string[]): readonly string[] {
  let end = words.length;
  while (end > 1) {
    const word = words[end - 1] ?? '';
    if (!/^[0-9]+$/.test(word) && !copyWords.has(word) && !stageWords.has(word)) break;
    end -= 1;
  }
  return words.slice(0, end);
}

function classifyWords(all: readonly string[]): NameVerdict | undefined {
  const words = withoutCopyWords(all);
  const last = words.at(-1);
  if (last === undefined) return undefined;
  const before = words.at(-2);
  // With the cookie a node joins the cluster and runs code there.
  if (last === 'cookie' && before === 'erlang') return { class: 'secret', strength: 'strong', what: 'Erlang cookie' };
  // The header by which a load balancer knows the requests that came through CloudFront.
  if (last === 'verify' && before === 'origin') return { class: 'secret', strength: 'weak', what: 'header secret' };
  if (last === 'id' && before === 'key' && words.at(-3) === 'access')
    return { class: 'key', strength: 'weak', what: 'access key id' };
  if (pointerTails.has(last)) return undefined;
  if (isForBrowsers(words)) return undefined;
  const head = words[0] ?? '';
  if (words.length > 1 && actionHeads.has(head)) return undefined;
  if (passwordWords.has(last)) return { class: 'password', strength: 'strong', what: 'password' };
  if (last === 'hash' && words.some((word) => passwordWords.has(word)))
    return { class: 'password', strength: 'weak', what: 'password hash' };
  // Rails signs its sessions with secret_key_base; GitLab has several of them.
  if (last === 'base' && before === 'key') return { class: 'key', strength: 'strong', what: 'secret key' };
  if (last === 'secret' || last === 'secrets') return classifySecret(words);
  if (last === 'token' || last === 'tokens') return classifyToken(words, last);
  if (last === 'key' || last === 'keys') return classifyKey(words, last);
  if (last === 'credential' || last === 'credentials' || last === 'creds' || last === 'cred')
    return { class: 'credential', strength: 'medium', what: 'credential' };
  if (last === 'auth' || last === 'authorization' || last === 'htpasswd' || last === 'bearer' || last === 'userpass')
    return { class: 'credential', strength: 'weak', what: 'credential' };
  if (last === 'salt' || last === 'pepper') return { class: 'salt', strength: 'medium', what: last };
  if (last === 'mnemonic' || (last === 'phrase' && (before === 'seed' || before === 'recovery' || before === 'pass')))
    return { class: 'password', strength: 'strong', what: 'recovery phrase' };
  if (last === 'jwt') return { class: 'token', strength: 'medium', what: 'token' };
  if (last === 'license' || last === 'licence') return { class: 'key', strength: 'weak', what: 'license key' };
  return undefined;
}

/** Services whose keys for sending events or reading what is public stand in pages that everybody loads; each has a secret beside it. */
const browserServices = set('pusher segment rudderstack mixpanel posthog amplitude bugsnag heap logrocket');

function isForBrowsers(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last !== 'key' && last !== 'token') return false;
  if (words.at(-2) === 'anon') return true;
  return (
    words.some((word) => browserServices.has(word)) &&
    !words.some((word) => strongKeyWords.has(word) || word === 'personal' || word === 'master' || word === 'access')
  );
}

function classifySecret(words: readonly string[]): NameVerdict {
  const valued = words.slice(0, -1).some((word) => secretValueWords.has(word));
  if (words.at(-1) === 'secrets') return { class: 'secret', strength: 'weak', what: 'secret' };
  return {
    class: 'secret',
    strength: valued ? 'strong' : 'medium',
    what: valued ? labelled(words, 'secret') : 'secret',
  };
}

const acronyms = set('api jwt jwe jws hmac aes rsa ssh pgp gpg otp totp mfa csrf');

/** `JWT secret`, `client secret`. */
function labelled(words: readonly string[], noun: string): string {
  const before = words.at(-2) ?? '';
  if (!/^[a-z]{2,}$/.test(before)) return noun;
  return `${acronyms.has(before) ? before.toUpperCase() : before} ${noun}`;
}

function classifyToken(words: readonly string[], last: string): NameVerdict | undefined {
  const before = words.at(-2);
  if (before !== undefined && notATokenBefore.has(before)) return undefined;
  if (last === 'tokens') return { class: 'token', strength: 'weak', what: 'token' };
  return { class: 'token', strength: 'medium', what: before === 'secret' ? 'secret token' : 'token' };
}

function classifyKey(words: readonly string[], last: string): NameVerdict | undefined {
  const before = words.at(-2);
  if (before === undefined) return undefined;
  const what = keyWords.has(before) ? labelled(words, 'key') : 'key';
  if (last === 'key' && strongKeyWords.has(before)) return { class: 'key', strength: 'strong', what };
  if (keyWords.has(before)) return { class: 'key', strength: last === 'keys' ? 'weak' : 'medium', what };
  // KMS_MASTER_KEY names a key; MEILI_MASTER_KEY is one.
  if (before === 'master')
    return words.includes('kms') ? undefined : { class: 'key', strength: 'medium', what: 'master key' };
  if (plainKeyWords.has(before) || /^[0-9]+$/.test(before)) return undefined;
  return { class: 'key', strength: 'weak', what: 'key' };
}

/** Sections whose entries inherit the name of the section: `secrets: { stripe: ... }`. */
const containers: Readonly<Record<string, KeyClass>> = {
  secret: 'secret',
  secrets: 'secret',
  password: 'password',
  passwords: 'password',
  token: 'token',
  tokens: 'token',
  credential: 'credential',
  credentials: 'credential',
  creds: 'credential',
};

/**
 * Classifies the last key of a path in the light of the keys above it. An entry that only says which copy it is (`dev`, a list
 * index) takes the name above: `jwtSecret: { dev: ..., prod: ... }`.
 */
export function classifyPath(path: readonly string[]): NameVerdict | undefined {
  let index = path.length - 1;
  while (index > 0 && isCopy(path[index] ?? '')) index -= 1;
  const leaf = path[index] ?? '';
  const words = wordsOf(leaf);
  const own = leaf.includes('/') ? classifyName(leaf) : classifyWords(words);
  let above = index - 1;
  while (above > 0 && isCopy(path[above] ?? '')) above -= 1;
  const parent = path[above];
  // `jwt: { secret: ... }` is a JWT secret.
  if (own && (leaf !== 'secret' || parent === undefined)) return own;
  if (own) return classifyWords([...wordsOf(parent ?? ''), 'secret']) ?? own;
  const tail = withoutCopyWords(words).at(-1);
  if (parent === undefined || tail === undefined || pointerTails.has(tail)) return undefined;
  const parentWords = wordsOf(parent);
  // `stripe: { key: ..., secret: ... }`: a key of something that is not data.
  if (leaf === 'key' && above === index - 1) {
    const joined = classifyWords([...parentWords, 'key']);
    return joined && { ...joined, strength: joined.strength === 'strong' ? 'medium' : 'weak' };
  }
  const container = containers[parentWords.at(-1) ?? ''];
  return container ? { class: container, strength: 'weak', what: container } : undefined;
}

/** The same few keys stand above thousands of values. */
const copies = new Map<string, boolean>();
const mostCopies = 4096;

function isCopy(key: string): boolean {
  const known = copies.get(key);
  if (known !== undefined) return known;
  const answer = saysWhichCopy(key);
  if (key.length <= 64) {
    if (copies.size >= mostCopies) copies.clear();
    copies.set(key, answer);
  }
  return answer;
}

function saysWhichCopy(key: string): boolean {
  if (/^[0-9]+$/.test(key)) return true;
  const words = wordsOf(key);
  return (
    words.length > 0 &&
    words.length < 3 &&
    words.every((word) => stageWords.has(word) || copyWords.has(word) || /^[0-9]+$/.test(word))
  );
}

const stores = set(
  'database mongo mongodb mongoose atlas postgres postgresql pg mysql mariadb db sql amqp rabbitmq cloudamqp neo4j',
);

/** Names of addresses that carry their password: DATABASE_URL, MONGO_URI, a connection string, the address of a webhook. */
export function isConnectionName(name: string): boolean {
  const words = withoutCopyWords(wordsOf(name));
  const last = words.at(-1);
  const before = words.at(-2);
  if (last === 'dsn') return !words.includes('sentry');
  if (last === 'string' || last === 'str' || last === 'uri' || last === 'url')
    return (
      before !== undefined &&
      (before === 'connection' ||
        before === 'conn' ||
        before === 'connect' ||
        stores.has(before) ||
        ((before === 'webhook' || before === 'hook') &&
          words.some((word) => word === 'slack' || word === 'discord' || word === 'teams')))
    );
  return false;
}
