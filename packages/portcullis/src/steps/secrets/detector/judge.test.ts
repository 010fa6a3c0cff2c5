import { describe, expect, it } from 'vitest';
import { judge } from './judge.ts';

/** Issued tokens are put together here, so that no scanner of this repository takes them for live ones. */
const token = (...parts: readonly string[]) => parts.join('');

type Row = readonly [path: string, value: string, context?: { deployed?: boolean; environment?: boolean }];

const secrets: readonly Row[] = [
  // Beside the keys that services give to pages are those that they do not.
  ['provider.environment.PUSHER_SECRET', '7c1d09be2f84a6593a1b'],
  ['provider.environment.AMPLITUDE_SECRET_KEY', '4f8b2c6d9a1e3f7b5c0d8e2a6f4b1c9d'],
  [
    'provider.environment.SUPABASE_SERVICE_ROLE_KEY',
    `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from('{"iss":"supabase","ref":"qwkzpdmx","role":"service_role","iat":1700000000}').toString('base64url')}.k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sL`,
  ],
  // Forms that say who issued them, under any name.
  ['provider.environment.ID', token('AK', 'IAZ5GX2LMQW3YTR7KD')],
  ['custom.x', token('AS', 'IAV4HW7NPQS2RTU6KD')],
  ['custom.deploy', token('gh', 'p_k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo')],
  [
    'custom.deploy',
    token('github', '_pat_11ABCDE5Y0kq9Zr3Lm7TnX', '_b8Wd2Hs4Vf6Kj1Pg9Qc3Rz5Xt7Ny0Ml2Ua4Ei6Oo8Ss1Dd3Ff5Gg7Hh9JjK'),
  ],
  ['custom.ci', token('gl', 'pat-x9Kd2Lm4Qp7Rt1Vw3Zy8')],
  [
    'provider.environment.HOOK',
    token('https://hooks.sl', 'ack.com/services/', 'T03KX9QZP/B04MNTR7Y/k2Jd8sLq5Pz7XvBn1Mw3Rt9Y'),
  ],
  ['provider.environment.SLACK', token('xo', 'xb-730191371696-1413868247813-IG7Z8nJ9pxEfSXq3wkV8T5Lp')],
  ['provider.environment.STRIPE', token('sk_', 'live_9dK2mQ4xT7vB1nL8sW5yR3zP')],
  ['provider.environment.STRIPE', token('rk_', 'live_9dK2mQ4xT7vB1nL8sW5yR3zP')],
  ['custom.stripe.dev', token('sk_', 'test_9dK2mQ4xT7vB1nL8sW5yR3zP')],
  ['custom.hook', token('wh', 'sec_9dK2mQ4xT7vB1nL8sW5yR3zPqF6hJ0aC')],
  ['provider.environment.MAIL', token('S', 'G.k2Jd8sLq5Pz7XvBn1Mw3Rt.9YcGaHfUeZo4Vb6Nm8Qw0Er2Ty5Ui7Op1As3Df9Gh')],
  ['provider.environment.TWILIO', token('S', 'K0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b')],
  ['provider.environment.MAILGUN', token('ke', 'y-0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b')],
  ['provider.environment.CHIMP', token('0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b', '-us14')],
  ['provider.environment.MAPS', token('AI', 'zaSyB7kQ2mX9vL4nT1sW8yR3zP6hJ0aCdEfG2')],
  ['provider.environment.GOOGLE', token('GOC', 'SPX-k2Jd8sLq5Pz7XvBn1Mw3Rt9YcGaH')],
  ['custom.npm', token('np', 'm_k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo')],
  ['provider.environment.AI', token('sk-', 'proj-k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo')],
  ['provider.environment.AI', token('sk-', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZoT2BlbkFJk3Jd')],
  ['provider.environment.AI', token('sk-', 'ant-api03-k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo')],
  ['provider.environment.BOT', token('7301913716:', 'AAHk3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6')],
  ['provider.environment.SHOP', token('shp', 'at_0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b')],
  ['provider.environment.DO', token('do', 'p_v1_0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b')],
  ['provider.environment.BRICKS', token('da', 'pi0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b')],
  ['provider.environment.VAULT', token('hv', 's.CAESIJ3k9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6')],
  ['provider.environment.RELIC', token('NR', 'AK-K3JD9SLQ0PZ8XVBN2MW7RT5YC1G')],
  [
    'custom.jwt',
    token(
      'ey',
      'JhbGciOiJIUzI1NiJ9.',
      'eyJzdWIiOiJvcmRlcnMiLCJyb2xlIjoiYWRtaW4ifQ.',
      'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo',
    ),
  ],
  [
    'custom.pem',
    token(
      '-----BEGIN RSA PRI',
      'VATE KEY-----\nMIIEowIBAAKCAQEAx7kQ2mX9vL4nT1sW8yR3zP6hJ0aC\n-----END RSA PRI',
      'VATE KEY-----',
    ),
  ],
  [
    'custom.pem',
    token('-----BEGIN PRI', 'VATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRI', 'VATE KEY-----'),
  ],
  ['custom.age', token('AGE-SECRET', '-KEY-1QQPQZ9DK2MQ4XT7VB1NL8SW5YR3ZPQF6HJ0AC9DK2MQ4XT7VB1NL8SW5YR')],
  ['resources.X.UserData', token('#!/bin/bash\nexport TOKEN=gh', 'p_k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo\nrun')],
  // Addresses.
  ['provider.environment.DATABASE_URL', 'postgres://orders:Tr4ck-9sLq@db.orders.internal:5432/orders'],
  ['provider.environment.MONGO', 'mongodb+srv://orders:hV7kQ2mX9v@cluster0.ab1cd.mongodb.net/orders?retryWrites=true'],
  ['provider.environment.REDIS_URL', 'redis://:p4f8c7b5d1e8f2a4c6b8@redis.orders.internal:6379'],
  ['provider.environment.AMQP', 'amqps://guest1:Zx81mmQq@rabbit.orders.io/vhost'],
  ['resources.Db.Url', 'mysql://root:${Stage}Xk29dLm4Qp7@10.0.0.4/orders'],
  ['custom.sentry', 'https://0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b:9b8d7f6a5c4e3d2b1a0f9e8d7c6b5a4f@sentry.io/12345'],
  ['custom.repo', 'https://0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7bdeadbeef@github.com/acme/orders.git'],
  ['provider.environment.CALLBACK', 'https://func.azurewebsites.net/api/hook?code=k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6=='],
  ['provider.environment.FEED', 'https://feeds.acme.io/v1/list?format=json&api_key=0a9f3c7b5d1e8f2a4c6b8d0e'],
  [
    'provider.environment.SQL',
    'Server=tcp:orders.database.windows.net,1433;Database=orders;User ID=app;Password=Wq8Zt2Lm;Encrypt=True',
  ],
  [
    'provider.environment.BLOB',
    'DefaultEndpointsProtocol=https;AccountName=orders;AccountKey=k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6==;EndpointSuffix=core.windows.net',
  ],
  ['provider.environment.PG', 'host=db.internal user=orders password=Wq8Zt2Lm dbname=orders'],
  // Names.
  ['provider.environment.DB_PASSWORD', 'Winter2024!'],
  ['provider.environment.DB_PASSWORD', 'correcthorse'],
  ['provider.environment.DB_PASS', 'Sup3rS3cr3t'],
  ['functions.a.environment.DBPASS', 'Wq8Zt2Lm'],
  ['provider.environment.MYSQL_PWD', 'or2ders!'],
  ['provider.environment.dbPassword', 'orders4ever'],
  ['provider.environment.DBPASSWORD', 'orders4ever'],
  ['provider.environment.PGPASSWORD', 'orders4ever'],
  ['provider.environment.SMTP_PASSWORD_PROD', 'orders4ever'],
  ['custom.db.password', '40817263'],
  ['custom.password.prod', 'or2ders!'],
  ['custom.prod.password', 'or2ders!'],
  ['custom.secrets.prod.stripe', '0a9f3c7b5d1e8f2a4c6b'],
  ['provider.environment.CERT_PASSPHRASE', 'blue-otter-drinks-tea'],
  ['provider.environment.SENHA', 'or2ders!'],
  [
    'provider.environment.WALLET_MNEMONIC',
    'legal winner thank year wave sausage worth useful legal winner thank yellow',
  ],
  ['provider.environment.JWT_SECRET', 'orders-signing-phrase'],
  ['provider.environment.JWT_SECRET', 'k3Jd9sLq0Pz8XvBn'],
  ['provider.environment.jwtSecret', 'kq84hdnv02jd'],
  ['provider.environment.SESSION_SECRET', 'keyboard panther 12', { environment: true }],
  ['provider.environment.COOKIE_SECRET', 'c0ffee-is-good'],
  ['provider.environment.CLIENT_SECRET', '8f2a4c6b8d0e1f3a5c7b0a9f'],
  ['provider.environment.AUTH0_CLIENT_SECRET', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga'],
  ['provider.environment.COGNITO_APP_SECRET', '1h2k3j4l5m6n7p8q9r0s1t2u3v4w5x6y7z8'],
  ['provider.environment.AWS_SECRET_ACCESS_KEY', 'k3Jd9sLq0Pz8XvBn2Mw7/t5Yc1Ga4Hf6UeZo+k3J'],
  ['provider.environment.SECRET_ACCESS_KEY', 'k3Jd9sLq0/z8XvBn2Mw7/t5Yc1Ga4Hf6UeZo+k3J'],
  ['custom.aws.secretAccessKey', 'k3Jd9sLq0Pz8XvBn2Mw7/t5Yc1Ga4Hf6UeZo+k3J'],
  ['provider.environment.API_KEY', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.apiKey', 'k3Jd9sLq0Pz8XvBn'],
  ['provider.environment.apikey', 'kjs82jdn27dhs71h'],
  ['provider.environment.X_API_KEY', 'b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55'],
  ['provider.environment.HEROKU_API_KEY', 'b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55'],
  ['provider.environment.DD_API_KEY', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.DATADOG_APP_KEY', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b0a9f3c7b'],
  ['provider.environment.NEW_RELIC_LICENSE_KEY', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7bdeadbeef'],
  ['provider.environment.ALGOLIA_ADMIN_KEY', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.STRIPE_KEY', 'a91kd82ms0fh27dk29'],
  ['custom.mailchimp.key', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.ENCRYPTION_KEY', 'orders-are-private'],
  ['provider.environment.ENCRYPTION_KEY', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6'],
  ['provider.environment.HASH_SALT', '$2a$10$k3Jd9sLq0Pz8XvBn2Mw7Ru'],
  ['provider.environment.SALT', 'x8Fj2kQ0'],
  ['provider.environment.ACCESS_TOKEN', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6'],
  ['provider.environment.VERIFY_TOKEN', 'k3Jd9sLq0Pz8'],
  [
    'provider.environment.LINE_CHANNEL_ACCESS_TOKEN',
    'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo/k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZo=',
  ],
  ['provider.environment.TOKEN', '4f9d0c8b-1111-4b2a-9d3e-77aa01bcdf42'],
  ['provider.environment.CONTENTFUL_TOKEN', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.TWILIO_AUTH_TOKEN', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['provider.environment.BASIC_AUTH', 'Basic b3JkZXJzOldxOFp0Mkxt'],
  ['provider.environment.AUTHORIZATION', 'Bearer k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6'],
  ['custom.basicAuth', 'orders:Wq8Zt2Lm!x'],
  ['provider.environment.API_TOKEN', 'Bearer k3Jd9sLq0Pz8XvBn2Mw7Rt5Y'],
  ['provider.environment.SECRET_KEY_BASE', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['custom.jdbc', 'jdbc:mysql://db.orders.io:3306/orders?user=app&password=Tr4ckless'],
  ['resources.X.Properties.SecretString', '{"username":"orders","password":"Wq8Zt2Lm"}'],
  ['resources.X.Properties.Environment.0', 'DB_PASSWORD=Wq8Zt2Lm'],
  [
    'resources.X.Properties.UserData',
    '#!/bin/bash\napt-get install -y mysql\nmysqladmin --password "Wq8Zt2Lm" status\n',
  ],
  [
    'resources.X.Properties.Command',
    '["run","--api-key","k3Jd9sLq0Pz8XvBn2Mw7"]'.replaceAll('","--', ' --').replaceAll('","', ' '),
  ],
  [
    'custom.bundle',
    Buffer.from('{"client_secret": "k3Jd9sLq0Pz8XvBn2Mw7Rt5Y", "project": "orders"}').toString('base64'),
  ],
  ['provider.environment.MYSTERY', 'k3Jd9sLq0Pz8XvBn2Mw7/t5Yc1Ga4Hf6UeZo+k3Jd9sLq', { environment: true }],
  [
    'provider.environment.FIREBASE_PRIVATE_KEY_ID',
    token('-----BEGIN PRI', 'VATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC'),
  ],
  ['custom.webpush.vapidPrivateKey', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sL'],
  ['provider.environment.SECRET', 'k3Jd9sLq0Pz8XvBn'],
  ['provider.deploymentBucket.sseCustomerKey', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6'],
  ['provider.environment.APP_SECRET', 'orders-app-phrase-1'],
  // Entries of lists that are a name and a value, arguments of programs.
  ['services.db.environment.0', 'MYSQL_ROOT_PASSWORD=rootpass'],
  ['services.db.environment.0', 'JWT_SECRET=somelongsentencewithoutspaces'],
  ['spec.containers.0.args.2', '--redis-password=bunnyhop'],
  ['services.cache.command', 'redis-server --requirepass bunnyhop7'],
  ['deploy.script.0', 'sshpass -p kd82mzQ1 ssh deploy@orders.io'],
  ['deploy.script.0', 'curl -u robot:kd82mzQ1 https://ci.orders.io/job'],
  ['services.lab.environment.CONFIG', 'mail[\'smtp_password\'] = "Gk39dmwQ"'],
  // Values of a Kubernetes Secret, in base64.
  ['data.password', 'cmVwb3J0aW5nOQ=='],
  ['data.api-key', 'a2V5LTc4OTI0NzE='],
  ['data.token', 'kX82msJdk10PzqWe93bnTT4c'],
  // Names that only ever mean a secret.
  ['rabbitmq_erlang_cookie', 'XPVTRGPZHAQYKQHKEBUF'],
  ['production.otp_key_base', 'long-words-of-my-own-make'],
  ['environment.KIBANA_ENCRYPTIONKEY', 'words-that-are-32-bytes-long-or-so'],
  ['wifi.psk', 'bluehorse'],
  ['jwt.secret', 'sentenceOfMyOwn'],
  // Short values that read like nothing.
  ['auth.token', 'vkqzxw'],
  ['encrypt.key', 'ty49xv49'],
  ['aws.access_key_id', 'TPZC8Q4XSJ42CFJUU1CZ'],
];

const weak: readonly Row[] = [
  ['provider.environment.DB_PASSWORD', 'root'],
  ['provider.environment.DB_PASSWORD', 'postgres'],
  ['provider.environment.DB_PASSWORD', 'admin123'],
  ['provider.environment.DB_PASSWORD', 'password123'],
  ['provider.environment.DB_PASSWORD', 'Password1!'],
  ['provider.environment.DB_PASSWORD', '123456'],
  ['Parameters.DbPassword.Default', 'admin', { deployed: true }],
  ['Parameters.DbPassword', 'changeme', { deployed: true }],
  ['Resources.Db.Properties.MasterUserPassword', 'password', { deployed: true }],
  ['Resources.Db.Properties.MasterUserPassword', 'Password', { deployed: true }],
  ['Resources.Db.Url', 'postgres://orders:orders@db.orders.io/orders', { deployed: true }],
].map(([path, value, context]) => {
  // A parameter's default stands under the name of the parameter.
  return [String(path).replace(/\.Default$/, ''), value, context] as Row;
});

const ordinary: readonly Row[] = [
  // References.
  ['provider.environment.DB_PASSWORD', '${ssm:/orders/db/password}'],
  ['provider.environment.DB_PASSWORD', '${env:DB_PASSWORD}'],
  ['provider.environment.DB_PASSWORD', "${self:custom.secrets.${opt:stage, 'dev'}.password}"],
  ['provider.environment.DB_PASSWORD', '{{resolve:secretsmanager:orders/db:SecretString:password}}'],
  ['provider.environment.DB_PASSWORD', '{{resolve:secretsmanager:${DbSecret}::password}}'],
  ['provider.environment.DB_PASSWORD', '$DB_PASSWORD'],
  ['provider.environment.DB_PASSWORD', '<%= password %>'],
  ['provider.environment.DB_PASSWORD', '{{ vault.password }}'],
  ['provider.environment.DATABASE_URL', 'postgres://orders:${DbPassword}@${Db.Endpoint.Address}:5432/orders'],
  [
    'provider.environment.DATABASE_URL',
    'postgres://${User}:{{resolve:secretsmanager:db:SecretString:password}}@db.internal/orders',
  ],
  ['provider.environment.SECRET_NAME', 'orders/db'],
  ['provider.environment.API_KEY_NAME', 'orders-${stage}-key'],
  ['provider.environment.API_KEY', '${stage}-orders-key'],
  // Places and names of secrets.
  ['provider.environment.DB_PASSWORD', '/orders/dev/db/password'],
  ['provider.environment.DB_PASSWORD_PATH', '/orders/dev/db/password'],
  ['provider.environment.DB_SECRET', 'orders-db-secret'],
  ['provider.environment.DB_SECRET', 'prod/orders/db'],
  ['provider.environment.DB_SECRET', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-db-Ab12Cd'],
  ['provider.environment.SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-db-Ab12Cd'],
  ['provider.environment.SECRETS_BUCKET', 'orders-secrets'],
  ['provider.environment.SECRET_ID', 'orders/db'],
  ['provider.environment.KMS_KEY', 'alias/orders'],
  ['provider.environment.KMS_KEY_ID', 'b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55'],
  ['provider.environment.KMS_KEY_ARN', 'arn:aws:kms:eu-west-1:123456789012:key/b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55'],
  ['provider.environment.PRIVATE_KEY_PATH', './keys/private.pem'],
  ['provider.environment.PRIVATE_KEY', 'keys/private.pem'],
  ['provider.environment.PASSWORD_KEY', 'DB_PASSWORD'],
  ['provider.environment.SECRET_KEY', 'DB_SECRET_KEY'],
  ['provider.environment.VAULT_TOKEN', 'vault:secret/data/orders#token'],
  // Rules, life times, addresses.
  ['provider.environment.TOKEN_TTL', '3600'],
  ['provider.environment.TOKEN_EXPIRY', '15m'],
  ['provider.environment.JWT_SECRET_ROTATION', '30d'],
  ['provider.environment.ACCESS_TOKEN_EXPIRES_IN', '3600'],
  ['provider.environment.ACCESS_TOKEN', '3600'],
  ['provider.environment.MAX_TOKENS', '4096'],
  ['custom.ai.max_tokens', '4096'],
  ['provider.environment.TOKEN_URL', 'https://auth.orders.io/oauth/token'],
  ['provider.environment.AUTH_TOKEN', 'https://auth.orders.io/oauth/token'],
  ['provider.environment.tokenUrl', 'https://auth.orders.io/oauth/token?grant_type=client_credentials'],
  ['provider.environment.TOKEN_ISSUER', 'https://orders.eu.auth0.com/'],
  ['provider.environment.PASSWORD_RESET_URL', 'https://orders.io/reset'],
  ['provider.environment.PASSWORD_RESET_TOPIC', 'orders-password-reset'],
  ['Resources.Pool.Properties.Policies.PasswordPolicy.MinimumLength', '12'],
  ['provider.environment.passwordPolicy', 'strict-12-A'],
  ['provider.environment.PASSWORD_REGEX', '^(?=.*[0-9])[A-Za-z0-9]{8,}$'],
  ['provider.environment.USE_PASSWORD', 'k3Jd9sLq0Pz8'],
  ['provider.environment.REQUIRE_TOKEN', 'true'],
  ['Resources.Api.Properties.ApiKeySourceType', 'AUTHORIZER'],
  ['Resources.Client.Properties.GenerateSecret', 'true'],
  ['Resources.Secret.Properties.GenerateSecretString.GenerateStringKey', 'password'],
  ['Resources.Secret.Properties.GenerateSecretString.SecretStringTemplate', '{"username": "orders"}'],
  ['Resources.Secret.Properties.GenerateSecretString.ExcludeCharacters', '"@/\\\''],
  ['Resources.Key.Properties.KeyPolicy.Statement.0.Action', 'secretsmanager:GetSecretValue'],
  ['Resources.Table.Properties.KeySchema.0.AttributeName', 'token'],
  ['Resources.Table.Properties.KeySchema.0.KeyType', 'HASH'],
  ['provider.environment.TOKENS_TABLE', 'orders-tokens-k3Jd9sLq0Pz8'],
  ['provider.environment.TABLE_KEY', 'orderId'],
  ['provider.environment.PARTITION_KEY', 'pk'],
  ['provider.environment.KEY_PREFIX', 'orders/'],
  ['provider.environment.S3_KEY', 'uploads/2024/k3Jd9sLq0Pz8XvBn2Mw7.zip'],
  ['provider.environment.CACHE_KEY', 'k3Jd9sLq0Pz8XvBn2Mw7'],
  ['provider.environment.PUBLIC_KEY', 'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx7kQ2mX9vL4nT1sW8yR3'],
  [
    'provider.environment.JWT_KEY',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----',
  ],
  [
    'provider.environment.SIGNING_KEY',
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0\n-----END CERTIFICATE-----',
  ],
  ['provider.environment.SSH_KEY', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGk3Jd9sLq0Pz8XvBn2Mw7 orders'],
  ['provider.environment.STRIPE_PUBLISHABLE_KEY', 'a91kd82ms0fh27dk29'],
  ['provider.environment.STRIPE_PUBLIC_KEY', token('pk_', 'live_9dK2mQ4xT7vB1nL8sW5yR3zP')],
  ['provider.environment.STRIPE_KEY', token('pk_', 'test_9dK2mQ4xT7vB1nL8sW5yR3zPq7Yw')],
  ['provider.environment.CAPTCHA_SITE_KEY', '6LdQx7ZtAbR9kVw3Pn8eYc5mHs2jUf4gXo1iTqLa'],
  [
    'provider.environment.DB_PASSWORD',
    'AQICAHhk3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6AAAAbjBsBgkq',
  ],
  ['provider.environment.SENTRY_DSN', 'https://0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b@o12345.ingest.sentry.io/67890'],
  // Ids.
  ['provider.environment.CLIENT_ID', '1h2k3j4l5m6n7p8q9r0s1t2u3v'],
  ['provider.environment.AUTH0_CLIENT_ID', 'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6'],
  ['provider.environment.USER_POOL_ID', 'eu-west-1_k3Jd9sLq0'],
  ['provider.environment.KEY_ID', 'b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55'],
  ['provider.environment.TENANT_ID', 'b2a7c1d0-93fe-4c1a-8f57-0d7e3b1a9c55', { environment: true }],
  [
    'provider.environment.IMAGE',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b',
    { environment: true },
  ],
  ['provider.environment.COMMIT_SHA', '0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7bdeadbeef', { environment: true }],
  ['Resources.Version.Properties.CodeSha256', 'k3Jd9sLq0Pz8XvBn2Mw7/t5Yc1Ga4Hf6UeZo+k3Jd9s='],
  ['provider.environment.ACCOUNT', '123456789012'],
  ['provider.environment.TWILIO_ACCOUNT_SID', 'AC0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  // Placeholders.
  ['provider.environment.API_KEY', 'YOUR-SECRET-HERE'],
  ['provider.environment.API_KEY', 'YOUR_API_KEY'],
  ['provider.environment.API_KEY', 'your-api-key-here-12345'],
  ['provider.environment.API_KEY', '<api-key>'],
  ['provider.environment.API_KEY', '<your token>'],
  ['provider.environment.API_KEY', 'xxxxxxxxxxxxxxxx'],
  ['provider.environment.API_KEY', 'XXXX-XXXX-XXXX'],
  ['provider.environment.API_KEY', '****************'],
  ['provider.environment.API_KEY', 'TODO'],
  ['provider.environment.API_KEY', 'REPLACE_ME'],
  ['provider.environment.API_KEY', 'insert-key-here'],
  ['provider.environment.API_KEY', 'dummy'],
  ['provider.environment.API_KEY', 'example-api-key'],
  ['provider.environment.API_KEY', 'abc123'],
  ['provider.environment.API_KEY', 'test'],
  ['provider.environment.API_KEY', 'n/a'],
  ['provider.environment.API_KEY', '[REDACTED]'],
  ['provider.environment.AWS_ACCESS_KEY_ID', token('AKIA', 'IOSFODNN7EXAMPLE')],
  ['provider.environment.AWS_SECRET_ACCESS_KEY', token('wJalrXUtnFEMI/K7MDENG/', 'bPxRfiCYEXAMPLEKEY')],
  ['provider.environment.STRIPE_KEY', token('sk_', 'test_xxxxxxxxxxxxxxxxxxxxxxxx')],
  ['provider.environment.DB_PASSWORD', 'password'],
  ['provider.environment.DB_PASSWORD', 'changeme'],
  ['provider.environment.DB_PASSWORD', 'test'],
  ['provider.environment.JWT_SECRET', 'secret'],
  ['provider.environment.JWT_SECRET', 'your-256-bit-secret'],
  ['provider.environment.JWT_SECRET', 'replace this with a real one'],
  ['provider.environment.DATABASE_URL', 'postgres://user:password@host:5432/db'],
  ['provider.environment.DATABASE_URL', 'postgres://postgres:postgres@localhost:5432/orders'],
  ['provider.environment.DATABASE_URL', 'mysql://user:<password>@db.orders.io/orders'],
  // Words in places where only names stand.
  ['functions.api.events.0.http.authorizer.identitySource', 'method.request.header.Authorization'],
  ['functions.api.events.0.http.request.parameters.headers.Authorization', 'true'],
  ['custom.cors.headers', 'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'],
  ['provider.apiKeys.0', 'orders-partner-key'],
  ['provider.apiKeys.0', '${stage}-partner'],
  ['custom.authToken', 'x-auth-token'],
  ['custom.schema.password.type', 'string'],
  ['custom.schema.properties.password', 'string'],
  ['functions.resetPassword.handler', 'src/reset.handler'],
  ['functions.resetPassword', 'src/reset.handler'],
  ['custom.description.password', 'The password of the database user'],
  ['custom.password.description', 'k3Jd9sLq0Pz8XvBn'],
  ['custom.dbPassword', 'The password of the database user'],
  ['custom.auth', 'none'],
  ['custom.auth.type', 'aws_iam'],
  ['custom.license', 'Apache-2.0'],
  ['Resources.X.Properties.Tags.0.Key', 'k3Jd9sLq0Pz8XvBn2Mw7'],
  [
    'Resources.Fn.Properties.Code.ZipFile',
    'const token = event.authorizationToken;\nconst password = process.env.PASSWORD;\nreturn auth(token);',
  ],
  [
    'Resources.M.Properties.Integration.RequestTemplates.application/json',
    '{"token": "$input.params(\'token\')", "password": $input.json("$.password")}',
  ],
  [
    'Resources.X.Properties.UserData',
    '#!/bin/bash\nexport DB_PASSWORD=$(aws ssm get-parameter --name /orders/db --with-decryption)\n',
  ],
  ['provider.environment.GREETING', 'hello world'],
  ['provider.environment.LOG_LEVEL', 'debug'],
  ['provider.environment.API_URL', 'https://api.orders.io/v1'],
  ['provider.environment.TABLE', 'orders-dev'],
  ['provider.environment.CRON', 'cron(0 12 * * ? *)'],
  ['provider.environment.EMAIL', 'orders@acme.io'],
  ['provider.environment.NEXT_TOKEN', 'k3Jd9sLq0Pz8XvBn2Mw7'],
  ['provider.environment.NODE_OPTIONS', '--enable-source-maps --max-old-space-size=4096', { environment: true }],
  ['provider.environment.PATHS', '/opt/bin:/usr/bin', { environment: true }],
  // Kept beside the code in encrypted form.
  [
    'db_password',
    '$ANSIBLE_VAULT;1.1;AES256\n62313365396662343061393464336163383764373764613633653634306231386433626436623361',
  ],
  [
    'stringData.password',
    'ENC[AES256_GCM,data:Tr7o1jVQ9g==,iv:1k3Jd9sLq0Pz8XvBn2Mw7Rt5=,tag:LnRfXpCrPcEpN2uN1w==,type:str]',
  ],
  ['spring.datasource.password', 'ENC(k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1)'],
  ['spring.datasource.password', '{cipher}0a9f3c7b5d1e8f2a4c6b8d0e1f3a5c7b'],
  ['spec.encryptedData.password', `AgBy3i4OJSWK${'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1'.repeat(4)}`],
  ['deploy.api_key.secure', `Mw6Rt9Yc3Ga5${'k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1'.repeat(4)}=`],
  ['encrypted_password', 'k3Jd9sLq0Pz8XvBn2Mw7'],
  // References to entries of secrets, labels, descriptions of what to fill in.
  ['spec.data.0.secretKey', 'db-password'],
  ['auth.adminPasswordSecretKey', 'admin-password'],
  ['spec.volumes.0.secret.secretName', 'orders-tls'],
  ['de.sessions.password', 'Passwort'],
  ['de.api_key', 'API-Schl\u00fcssel'],
  ['slack_token', token('xo', 'xp-replace-with-your-token')],
  ['environment.OTP_KEY_BASE', 'long-and-random-alphanumeric-string'],
  ['apt.gpg_key', '4EB27DB2A3B88B8B'],
  ['environment.RECAPTCHA_SITE_KEY', '6Lc8xQkUAAAAAN4mP2sW9yR3zPqF6hJ0aCdEfG2k'],
  ['services.db.environment.0', 'MYSQL_PASSWORD=${MYSQL_PASSWORD}'],
  ['services.db.environment.0', 'DB_PASSWORD_FILE=/run/secrets/db'],
  ['services.db.environment.0', 'TOKEN_EXPIRY=3600'],
  ['deploy.script.0', 'docker login -u robot -p $REGISTRY_PASSWORD registry.orders.io'],
  ['deploy.script.0', 'docker run -p 8080:80 orders'],
  ['healthcheck.test', 'curl -u robot:${PW} https://ci.orders.io/job'],
  ['data.password', 'Y2hhbmdlbWU='],
  ['data.username', 'cmVwb3J0aW5nOQ=='],
  ['data.cover', 'a2V5LTc4OTI0NzE='],
  // Keys that pages hand to everybody.
  ['environment.PUSHER_KEY', '1a2b3c4d5e6f7a8b9c0d'],
  ['environment.SEGMENT_WRITE_KEY', '5yGm3Xq0Z8r2w7VbN1cKdPfTtLjHsA9e'],
  ['environment.MIXPANEL_TOKEN', '4f8b2c6d9a1e3f7b5c0d8e2a6f4b1c9d'],
  ['environment.MAPBOX_TOKEN', 'pk.eyJ1IjoiYWNtZSIsImEiOiJja2V4YW1wbGUifQ.4dK8s0QpZr2mWvXy7uTnLe'],
  ['environment.POSTHOG_API_KEY', 'phc_8Kd2LqXv9RtYw3ZbNc5MhTfGjPs7AeUo1iB4xV6yD0k'],
  [
    'environment.SUPABASE_ANON_KEY',
    `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${Buffer.from('{"iss":"supabase","ref":"qwkzpdmx","role":"anon","iat":1700000000}').toString('base64url')}.k3Jd9sLq0Pz8XvBn2Mw7Rt5Yc1Ga4Hf6UeZok3Jd9sL`,
  ],
  // What templates of the CDK, SAM and the framework hold by the hundred.
  ['environment.GIT_SHA', '9fceb02d0ae598e95dc970b74767f19372d61af8'],
  ['environment.SRI', 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'],
  ['environment.ASSET', '4e26bf2d0a26f2097fb2b261f22bb51e3f6b4b52635777b1e54edbd8e2d58c35.zip'],
  ['environment.USER_POOL_CLIENT_ID', '6sv5hmq0v2a9kfq3l1r8tgdcn7'],
  ['environment.CLOUDFRONT_KEY_PAIR_ID', 'K2JCJMDEHXQW5F'],
  ['environment.DD_API_KEY_SECRET_ARN', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:dd-AbCdEf'],
  ['environment.GRAPHQL_URL', 'https://k7q2r3s4t5uabcdzx9w8v6y1m.appsync-api.eu-west-1.amazonaws.com/graphql'],
];

const line = ([path, value, context]: Row) => [path, value.replaceAll('\n', ' ').slice(0, 12), value, context] as const;

describe('judge', () => {
  it.each(secrets.map(line))('%s = %s… is a secret', (path, _start, value, context) => {
    expect(judge(path.split('.'), value, context)).toMatchObject({
      confidence: expect.stringMatching(/certain|likely/),
    });
  });

  it.each(weak.map(line))('%s = %s… is a weak secret', (path, _start, value, context) => {
    expect(judge(path.split('.'), value, context)).toMatchObject({ confidence: 'weak' });
  });

  it.each(ordinary.map(line))('%s = %s… is no secret', (path, _start, value, context) => {
    expect(judge(path.split('.'), value, context)).toBeUndefined();
  });

  it('takes annotations for names of the objects that hold secrets', () => {
    expect(judge(['metadata', 'annotations', 'nginx.ingress.kubernetes.io/auth-secret'], 'basic-auth')).toBeUndefined();
  });

  it('reports a chosen password on this machine as weak, except where it is known to be for local runs', () => {
    const path = ['jobs', 'test', 'env', 'DATABASE_URL'];
    const value = 'postgres://orders:bunnyhop@localhost:5432/test';
    expect(judge(path, value)).toMatchObject({ confidence: 'weak', evidence: 'address' });
    expect(judge(path, value, { deployed: false })).toBeUndefined();
  });

  it('is shown by at least 150 rows', () => {
    expect(secrets.length + weak.length + ordinary.length).toBeGreaterThanOrEqual(150);
  });

  it('never repeats the value in what it says', () => {
    for (const [path, value, context] of secrets) {
      expect(JSON.stringify(judge(path.split('.'), value, context))).not.toContain(value.slice(0, 6));
    }
  });
});
