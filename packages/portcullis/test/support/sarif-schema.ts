/**
 * The part of SARIF 2.1.0 (OASIS, errata 01) that Portcullis writes, as JSON Schema: written by hand after the properties tables of
 * the specification, stricter than the published schema where Portcullis always writes a property. Every object is closed, so that a
 * misspelt property fails.
 */
const closed = (properties: Readonly<Record<string, unknown>>, required: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required,
  properties,
});
const text = { type: 'string', minLength: 1 };
const position = { type: 'integer', minimum: 1 };
const message = closed({ text }, ['text']);
const multiformat = closed({ text, markdown: text }, ['text']);
const level = { enum: ['none', 'note', 'warning', 'error'] };
const bag = { type: 'object', properties: { tags: { type: 'array', uniqueItems: true, items: text } } };

const artifactLocation = closed({ uri: { type: 'string', format: 'uri-reference', minLength: 1 }, uriBaseId: text }, [
  'uri',
]);
const region = closed({ startLine: position, startColumn: position, endLine: position, endColumn: position }, [
  'startLine',
]);
const location = closed({
  id: { type: 'integer', minimum: -1 },
  physicalLocation: closed({ artifactLocation, region }, ['artifactLocation']),
  logicalLocations: {
    type: 'array',
    uniqueItems: true,
    items: closed({ fullyQualifiedName: text, name: text, kind: text }),
  },
  message,
});

const rule = closed(
  {
    id: text,
    name: text,
    shortDescription: multiformat,
    fullDescription: multiformat,
    helpUri: { type: 'string', format: 'uri' },
    help: { ...multiformat, required: ['text', 'markdown'] },
    defaultConfiguration: closed({ level }),
    properties: bag,
  },
  ['id', 'shortDescription', 'help', 'helpUri', 'defaultConfiguration', 'properties'],
);

const result = closed(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: 0 },
    level,
    message,
    locations: { type: 'array', minItems: 1, items: location },
    relatedLocations: { type: 'array', uniqueItems: true, items: location },
    partialFingerprints: { type: 'object', additionalProperties: text, minProperties: 1 },
    suppressions: {
      type: 'array',
      uniqueItems: true,
      items: closed({ kind: { enum: ['inSource', 'external'] }, justification: text, location }, ['kind']),
    },
    properties: bag,
  },
  ['ruleId', 'level', 'message', 'locations', 'partialFingerprints'],
);

const notification = closed(
  { level, descriptor: closed({ id: text }, ['id']), message, locations: { type: 'array', items: location } },
  ['message'],
);

export const sarifSubset = {
  ...closed(
    {
      $schema: { type: 'string', format: 'uri' },
      version: { const: '2.1.0' },
      runs: {
        type: 'array',
        minItems: 1,
        items: closed(
          {
            tool: closed(
              {
                driver: closed(
                  {
                    name: text,
                    version: text,
                    semanticVersion: text,
                    rules: { type: 'array', uniqueItems: true, items: rule },
                  },
                  ['name'],
                ),
              },
              ['driver'],
            ),
            columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
            originalUriBaseIds: { type: 'object', additionalProperties: closed({ description: message }) },
            invocations: {
              type: 'array',
              items: closed(
                {
                  executionSuccessful: { type: 'boolean' },
                  toolExecutionNotifications: { type: 'array', items: notification },
                },
                ['executionSuccessful'],
              ),
            },
            results: { type: 'array', items: result },
          },
          ['tool', 'results'],
        ),
      },
    },
    ['version', 'runs'],
  ),
};
