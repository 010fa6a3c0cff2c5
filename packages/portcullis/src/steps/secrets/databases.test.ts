import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../test/support/template.ts';
import { databasesOf, isForDatabase, tlsDemandOf, writtenJson } from './databases.ts';

const databaseOf = (properties: string, group = '{}', type = 'AWS::RDS::DBInstance') => {
  const { databases } = readTemplate(`
Parameters:
  Version: { Type: String }
  Switch: { Type: String }
Conditions:
  Prod: !Equals [!Ref Version, prod]
Resources:
  Group: { Type: AWS::RDS::DBParameterGroup, Properties: { Family: f, Parameters: ${group} } }
  Db: { Type: '${type}', Properties: ${properties} }
`);
  const [database] = databases ?? [];
  if (!database) throw new Error('no database');
  return database;
};

describe('tlsDemandOf', () => {
  it.each([
    ['{ Engine: postgres, EngineVersion: 15.2 }', '{}', 'on'],
    ['{ Engine: postgres, EngineVersion: "16" }', '{}', 'on'],
    ['{ Engine: postgres, EngineVersion: "14.9" }', '{}', 'default-off'],
    ['{ Engine: aurora-postgresql, EngineVersion: "16.1" }', '{}', 'default-off'],
    ['{ Engine: aurora-postgresql, EngineVersion: "17.4" }', '{}', 'on'],
    ['{ Engine: MariaDB, EngineVersion: 11.4.3 }', '{}', 'default-off'],
    ['{ Engine: mariadb, EngineVersion: 11.8.2 }', '{}', 'on'],
    ['{ Engine: mysql, EngineVersion: "8.4" }', '{}', 'default-off'],
    ['{ Engine: mysql }', '{}', 'default-off'],
    ['{ Engine: postgres }', '{}', 'undecided'],
    ['{ Engine: postgres, EngineVersion: !Ref Version }', '{}', 'undecided'],
    ['{ Engine: oracle-ee }', '{}', 'undecided'],
    ['{ DBParameterGroupName: !Ref Group }', '{}', 'undecided'],
    ['{ Engine: mysql, DBParameterGroupName: !Ref Group }', '{ require_secure_transport: ON }', 'on'],
    ['{ Engine: mysql, DBParameterGroupName: !Ref Group }', '{ require_secure_transport: "1" }', 'on'],
    ['{ Engine: mysql, DBParameterGroupName: !Ref Group }', '{ require_secure_transport: 0 }', 'off'],
    ['{ Engine: postgres, DBParameterGroupName: !Ref Group }', '{ rds.force_ssl: !If [Prod, "1", "0"] }', 'off'],
    ['{ Engine: postgres, DBParameterGroupName: !Ref Group }', '{ rds.force_ssl: !Ref Switch }', 'undecided'],
    ['{ Engine: mysql, DBParameterGroupName: default.mysql8.0 }', '{ require_secure_transport: ON }', 'default-off'],
  ])('%s with %s: %s', (properties, group, expected) => {
    expect(tlsDemandOf(databaseOf(properties, group))).toBe(expected);
  });

  it('knows that DocumentDB demands it', () => {
    expect(tlsDemandOf(databaseOf('{ StorageEncrypted: true }', '{}', 'AWS::DocDB::DBCluster'))).toBe('on');
    expect(
      tlsDemandOf(
        databaseOf('{ DBClusterParameterGroupName: !Ref Group }', '{ tls: disabled }', 'AWS::DocDB::DBCluster'),
      ),
    ).toBe('off');
  });
});

describe('secrets of databases', () => {
  const { secrets = [], ...project } = readTemplate(`
Parameters:
  Host: { Type: String }
Resources:
  Attached: { Type: AWS::SecretsManager::Secret, Properties: { GenerateSecretString: { SecretStringTemplate: '{"ssl": true}' } } }
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: { SecretId: !Ref Attached, TargetId: !Ref Db, TargetType: AWS::RDS::DBInstance }
  Referred: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: !Sub '{"host": "\${Host}"}' } }
  Other: { Type: AWS::SecretsManager::Secret, Properties: { SecretString: !Ref Host } }
  Db: { Type: AWS::RDS::DBInstance, Properties: { Engine: mysql, MasterUserPassword: !Sub '{{resolve:secretsmanager:\${Referred}}}' } }
`);
  const all = { ...project, secrets };
  const named = (id: string) => {
    const found = secrets.find((secret) => secret.id === id);
    if (!found) throw new Error(id);
    return found;
  };

  it('are those that are attached or named by its password', () => {
    expect(secrets.filter((secret) => isForDatabase(all, secret)).map(({ id }) => id)).toEqual([
      'Attached',
      'Referred',
    ]);
    expect(databasesOf(all, named('Attached')).map(({ id }) => id)).toEqual(['Db']);
    expect(databasesOf(all, named('Referred'))).toEqual([]);
  });

  it('have what is written of their text', () => {
    expect(writtenJson(named('Attached'))).toBe('{"ssl": true}');
    expect(writtenJson(named('Referred'))).toBe('{"host": ""}');
    expect(writtenJson(named('Other'))).toBeUndefined();
  });
});
