import { shannon } from './entropy.ts';
import { isMarkedPlaceholder } from './placeholders.ts';

/** A value whose own form says who issued it. Every expression is anchored by fixed text and has bounded repetition. */
interface Provider {
  readonly what: string;
  /** Lower-case text without which the expression cannot match; checked first because it is cheap. */
  readonly hint: string;
  readonly pattern: RegExp;
  /** Shannon bits per character that the variable part must reach; keeps `sk_live_xxxxxxxxxxxxxxxxxxxxxxxx` out. */
  readonly bits?: number;
}

// A match starts only where no character of a token stands before, so that scans from two starts never cover the same text.
const start = '(?<![A-Za-z0-9_-])';
const end = '(?![A-Za-z0-9_])';

function provider(what: string, hint: string, body: string, bits = 2.5): Provider {
  return { what, hint, bits, pattern: new RegExp(`${start}(?:${body})${end}`) };
}

const providers: readonly Provider[] = [
  provider('AWS access key id', 'a', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}', 2.8),
  provider('Alibaba Cloud access key id', 'ltai', 'LTAI[A-Za-z0-9]{12,24}', 2.8),
  provider('GitHub token', 'gh', 'gh[pousr]_[A-Za-z0-9]{36,251}'),
  provider('GitHub token', 'github_pat_', 'github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}'),
  provider('GitLab token', 'gl', 'gl(?:pat|ptt|dt|rt|cbt|soat|imt|agent|oas|ft)-[A-Za-z0-9_.-]{20,150}'),
  provider('Slack token', 'xox', 'xox[abeoprs]-(?:[A-Za-z0-9.-]{10,250})'),
  provider('Slack app token', 'xapp-', 'xapp-\\d-[A-Z0-9]{6,20}-\\d{6,20}-[a-f0-9]{32,128}'),
  provider(
    'Slack webhook address',
    'hooks.slack.com',
    'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{23,90}',
    3,
  ),
  provider(
    'Discord webhook address',
    'webhooks/',
    'discord(?:app)?\\.com/api/(?:v\\d{1,2}/)?webhooks/\\d{17,20}/[A-Za-z0-9_-]{60,80}',
    3,
  ),
  provider(
    'Teams webhook address',
    'webhookb2/',
    'webhook\\.office\\.com/webhookb2/[a-f0-9-]{36}@[a-f0-9-]{36}/IncomingWebhook/[a-f0-9]{32}/[a-f0-9-]{36}',
  ),
  provider(
    'Zapier webhook address',
    'hooks.zapier.com',
    'hooks\\.zapier\\.com/hooks/catch/\\d{3,12}/[A-Za-z0-9]{5,20}',
  ),
  provider('Stripe secret key', '_live_', '(?:sk|rk)_live_[A-Za-z0-9]{16,247}'),
  provider('Stripe test secret key', '_test_', '(?:sk|rk)_test_[A-Za-z0-9]{16,247}'),
  provider('Stripe webhook secret', 'whsec_', 'whsec_[A-Za-z0-9+/=]{24,100}'),
  provider('SendGrid API key', 'sg.', 'SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}', 3),
  provider('Twilio API key', 'sk', 'SK[a-f0-9]{32}', 3),
  provider('Mailgun API key', 'key-', 'key-[a-f0-9]{32}', 3),
  provider('Mailchimp API key', '-us', '[a-f0-9]{32}-us\\d{1,2}', 3),
  provider('Google API key', 'aiza', 'AIza[A-Za-z0-9_-]{35}', 3),
  provider('Google OAuth client secret', 'gocspx-', 'GOCSPX-[A-Za-z0-9_-]{24,32}'),
  provider('Google OAuth token', 'ya29.', 'ya29\\.[A-Za-z0-9_-]{30,300}', 3),
  provider('Firebase server key', 'aaaa', 'AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{130,160}', 3),
  provider('npm token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  provider('PyPI token', 'pypi-', 'pypi-AgE[A-Za-z0-9_-]{50,1000}'),
  provider('RubyGems API key', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  provider('Anthropic API key', 'sk-ant-', 'sk-ant-[a-z0-9]{3,8}-[A-Za-z0-9_-]{32,120}', 3),
  provider('OpenAI API key', 'sk-', 'sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{20,200}', 3),
  provider('OpenAI API key', 'sk-', 'sk-[A-Za-z0-9]{32,64}', 3.3),
  provider('OpenRouter API key', 'sk-or-', 'sk-or-v1-[a-f0-9]{64}'),
  provider('Hugging Face token', 'hf_', 'hf_[A-Za-z0-9]{30,40}'),
  provider('Groq API key', 'gsk_', 'gsk_[A-Za-z0-9]{48,56}'),
  provider('Replicate token', 'r8_', 'r8_[A-Za-z0-9]{37,40}'),
  provider('Telegram bot token', ':aa', '\\d{8,10}:AA[A-Za-z0-9_-]{32,34}', 3),
  provider('Shopify token', 'shp', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  provider('Square token', 'sq0', 'sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}'),
  provider('Square token', 'eaaa', 'EAAA[A-Za-z0-9_-]{56,64}', 3.5),
  provider('DigitalOcean token', 'v1_', 'do[opr]_v1_[a-f0-9]{64}'),
  provider('Databricks token', 'dapi', 'dapi[a-f0-9]{32}(?:-\\d)?', 3),
  provider('HashiCorp Vault token', 'hv', 'hv[sbr]\\.[A-Za-z0-9_-]{24,250}', 3),
  provider('Terraform Cloud token', '.atlasv1.', '[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}'),
  provider('Doppler token', 'dp.', 'dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{40,60}'),
  provider('Linear API key', 'lin_', 'lin_(?:api|oauth)_[A-Za-z0-9]{32,64}'),
  provider('Notion token', 'secret_', 'secret_[A-Za-z0-9]{43}', 3.5),
  provider('Notion token', 'ntn_', 'ntn_[A-Za-z0-9]{46}'),
  provider('Postman API key', 'pmak-', 'PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  provider('Pulumi token', 'pul-', 'pul-[a-f0-9]{40}'),
  provider('New Relic key', 'nr', 'NR(?:AK|JS|II|BR)-[A-Za-z0-9]{19,32}'),
  provider('New Relic license key', 'nral', '[a-f0-9]{36}NRAL', 3),
  provider('Grafana token', 'gl', 'glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}'),
  provider('Grafana token', 'glc_', 'glc_[A-Za-z0-9+/=]{32,400}'),
  provider('Sentry token', 'sntry', 'sntry[su]_[A-Za-z0-9+/=_]{40,300}'),
  provider('PlanetScale secret', 'pscale_', 'pscale_(?:pw|tkn|oauth)_[A-Za-z0-9_.-]{32,64}'),
  provider('Supabase secret key', 'sb', 'sb(?:p_[a-f0-9]{40}|_secret_[A-Za-z0-9_-]{20,60})'),
  provider('Sendinblue API key', 'xkeysib-', 'xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}'),
  provider('Mapbox secret token', 'sk.eyj', 'sk\\.eyJ[A-Za-z0-9_-]{20,200}\\.[A-Za-z0-9_-]{20,40}'),
  provider('Contentful token', 'cfpat-', 'CFPAT-[A-Za-z0-9_-]{43}'),
  provider('Airtable token', 'pat', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}'),
  provider('Atlassian token', 'atatt3', 'ATATT3[A-Za-z0-9_=-]{100,250}'),
  provider('Figma token', 'figd_', 'figd_[A-Za-z0-9_-]{36,60}'),
  provider('Dropbox token', 'sl.', 'sl\\.(?:u\\.)?[A-Za-z0-9_-]{130,1400}', 3.5),
  provider('Facebook token', 'eaa', 'EAA[A-Za-z0-9]{80,300}', 3.5),
  provider(
    'Plaid token',
    'access-',
    'access-(?:sandbox|development|production)-[a-f0-9]{8}(?:-[a-f0-9]{4}){3}-[a-f0-9]{12}',
  ),
  provider('Braintree token', 'access_token$', 'access_token\\$(?:production|sandbox)\\$[a-z0-9]{16}\\$[a-f0-9]{32}'),
  provider('Artifactory token', 'akcp', 'AKCp[A-Za-z0-9]{60,75}', 3),
  provider('age secret key', 'age-secret-key-1', 'AGE-SECRET-KEY-1[A-Z0-9]{58}'),
  provider('JSON Web Token', 'eyj', 'eyJ[A-Za-z0-9_-]{10,4000}\\.eyJ[A-Za-z0-9_-]{10,8000}\\.[A-Za-z0-9_-]{20,1500}'),
];

/** Text that ends in EXAMPLE is what AWS prints in its documentation. */
const documented = /example|EXAMPLE|1234567890abcdef|0123456789abcdef|abcdefghijklmnop|ABCDEFGHIJKLMNOP/i;

const privateKey = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----([\s\S]{0,120})/;

export interface ProviderMatch {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/** The first part of the text that has the form of an issued token or of a private key. Linear in the length of the text. */
export function findProvider(text: string): ProviderMatch | undefined {
  // No token is shorter, and most texts are words with something between them.
  if (!/[A-Za-z0-9_+/=.:$-]{18}/.test(text)) return undefined;
  const block = findPrivateKey(text);
  if (block) return block;
  const lower = text.toLowerCase();
  for (const { what, hint, pattern, bits = 0 } of providers) {
    if (!lower.includes(hint)) continue;
    const match = pattern.exec(text);
    if (!match || documented.test(match[0]) || isMarkedPlaceholder(match[0])) continue;
    const { index } = match;
    const token = match[0];
    const variable = token.slice(Math.min(hint.length, token.length - 8));
    if (shannon(variable) < bits || /(.)\1{6}/.test(variable)) continue;
    if (hint === 'eyj' && isForEverybody(token)) continue;
    return { what, start: index, end: index + token.length };
  }
  return undefined;
}

/** Supabase gives pages a token with the role `anon`, which opens what everybody may see. */
function isForEverybody(token: string): boolean {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('latin1');
  return /"role"\s{0,4}:\s{0,4}"anon"/.test(claims);
}

function findPrivateKey(text: string): ProviderMatch | undefined {
  if (!text.includes('PRIVATE KEY')) return undefined;
  const match = privateKey.exec(text);
  if (!match) return undefined;
  // A block without a key in it (`...`, a variable) is a template.
  const body = (match[1] ?? '').replaceAll(/\\n|\s/g, '');
  const material = /^[A-Za-z0-9+/=:,-]{16}/.exec(body.replace(/^Proc-Type[^A-Z]{0,40}/, ''));
  if (!material || /(.)\1{6}/.test(material[0])) return undefined;
  const close = text.indexOf('-----END', match.index);
  return { what: 'private key', start: match.index, end: close === -1 ? text.length : close };
}
