import type { Rule } from '../../../contract/index.ts';
import { outcomes } from '../../../project/index.ts';

export const oldTlsIsAccepted: Rule = {
  id: 'authorization/old-tls-is-accepted',
  step: 'authorization',
  severity: 'warning',
  title: 'Custom domain accepts TLS 1.0',
  attack:
    'TLS 1.0 and 1.1 allow ciphers with known weaknesses and were retired by RFC 8996. Whoever sits between a client and the domain can steer old clients to them and works on tokens, keys and cookies that the connection carries.',
  fix: {
    serverless: `custom:
  customDomain:
    domainName: api.example.com
    securityPolicy: tls_1_2`,
    cloudformation: `ApiDomain:
  Type: AWS::ApiGateway::DomainName
  Properties:
    SecurityPolicy: TLS_1_2`,
    sam: `Api:
  Type: AWS::Serverless::Api
  Properties:
    Domain:
      SecurityPolicy: TLS_1_2`,
  },
  docs: [
    {
      title: 'API Gateway: choose a security policy for your custom domain',
      url: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html',
    },
    { title: 'RFC 8996: Deprecating TLS 1.0 and TLS 1.1', url: 'https://www.rfc-editor.org/rfc/rfc8996' },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-326', 'CWE-327'] },
  *check(project) {
    for (const { id, name, securityPolicy, securityPolicySpan } of project.customDomains) {
      const old = securityPolicy
        ? outcomes(securityPolicy).find((policy) => policy.kind === 'known' && policy.value.toUpperCase() === 'TLS_1_0')
        : undefined;
      if (old?.kind !== 'known') continue;
      yield {
        message: `The custom domain ${name ?? id} accepts TLS 1.0 (security policy ${old.value}).`,
        span: securityPolicySpan,
        subject: id,
      };
    }
  },
};
