import { hasWildcard, matches } from './glob.ts';

export type Access = 'read' | 'write';

const readVerbs =
  /^(?:batchget|batchdescribe|get|list|describe|query|scan|select|head|receive|search|lookup|read|view|check(?!point)|conditioncheck|partiqlselect|adminget|adminlist|simulate|eshttpget|eshttphead|preview|validate|verify|subscribetoshard)/;

const both: readonly Access[] = ['read', 'write'];

/** Actions (lower case) whose verb says something else than what they do. */
const exceptions: ReadonlyMap<string, readonly Access[]> = new Map([
  ['kms:decrypt', ['read']],
  // The statement that is sent decides what it does.
  ['rds-data:executestatement', both],
  ['rds-data:batchexecutestatement', both],
  ['rds-data:executesql', both],
  ['rds-db:connect', both],
  ['redshift-data:executestatement', both],
  ['redshift-data:batchexecutestatement', both],
  ['redshift:getclustercredentials', both],
  ['redshift:getclustercredentialswithiam', both],
  ['neptune-db:connect', both],
  ['elasticache:connect', both],
  ['aoss:apiaccessall', both],
  ['appsync:graphql', both],
  ['athena:startqueryexecution', both],
  // Searches are sent with POST as well as GET.
  ['es:eshttppost', both],
  ['elasticfilesystem:clientmount', ['read']],
  ['elasticfilesystem:clientrootaccess', both],
  // Returns credentials of whoever is asked for.
  ['sts:getfederationtoken', ['write']],
  ['dynamodb:partiqlselect', ['read']],
  ['s3:restoreobject', ['write']],
]);

/** Actions that stand for a service when a pattern is looked at: enough to tell which kinds of access the pattern includes. */
const representatives: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'dynamodb',
    [
      'getitem',
      'batchgetitem',
      'query',
      'scan',
      'describetable',
      'listtables',
      'getrecords',
      'conditioncheckitem',
      'partiqlselect',
      'putitem',
      'updateitem',
      'deleteitem',
      'batchwriteitem',
      'createtable',
      'deletetable',
      'updatetable',
      'partiqlinsert',
      'partiqlupdate',
      'partiqldelete',
    ],
  ],
  [
    's3',
    [
      'getobject',
      'getobjectversion',
      'getobjectacl',
      'listbucket',
      'listallmybuckets',
      'getbucketlocation',
      'putobject',
      'putobjectacl',
      'deleteobject',
      'deleteobjectversion',
      'createbucket',
      'deletebucket',
      'putbucketpolicy',
      'abortmultipartupload',
      'restoreobject',
    ],
  ],
  [
    'sqs',
    [
      'receivemessage',
      'getqueueattributes',
      'listqueues',
      'sendmessage',
      'deletemessage',
      'purgequeue',
      'createqueue',
      'deletequeue',
    ],
  ],
  ['sns', ['gettopicattributes', 'listtopics', 'publish', 'subscribe', 'createtopic', 'deletetopic']],
  [
    'secretsmanager',
    [
      'getsecretvalue',
      'describesecret',
      'listsecrets',
      'putsecretvalue',
      'createsecret',
      'updatesecret',
      'deletesecret',
    ],
  ],
  [
    'ssm',
    [
      'getparameter',
      'getparameters',
      'getparametersbypath',
      'describeparameters',
      'putparameter',
      'deleteparameter',
      'sendcommand',
    ],
  ],
  [
    'kms',
    [
      'decrypt',
      'describekey',
      'listkeys',
      'encrypt',
      'generatedatakey',
      'reencryptfrom',
      'reencryptto',
      'sign',
      'createkey',
      'schedulekeydeletion',
    ],
  ],
  [
    'lambda',
    [
      'getfunction',
      'listfunctions',
      'invokefunction',
      'invokeasync',
      'updatefunctioncode',
      'createfunction',
      'deletefunction',
    ],
  ],
  [
    'rds-data',
    ['executestatement', 'batchexecutestatement', 'begintransaction', 'committransaction', 'rollbacktransaction'],
  ],
  ['rds-db', ['connect']],
  [
    'es',
    [
      'eshttpget',
      'eshttphead',
      'eshttppost',
      'eshttpput',
      'eshttpdelete',
      'eshttppatch',
      'describedomain',
      'createdomain',
      'deletedomain',
    ],
  ],
  ['execute-api', ['invoke', 'invalidatecache']],
  ['sts', ['assumerole', 'assumerolewithsaml', 'assumerolewithwebidentity']],
  [
    'cognito-idp',
    [
      'admingetuser',
      'adminlistgroupsforuser',
      'listusers',
      'admincreateuser',
      'adminsetuserpassword',
      'admindeleteuser',
      'adminupdateuserattributes',
      'admininitiateauth',
      'signup',
    ],
  ],
  [
    'iam',
    [
      'getrole',
      'listroles',
      'passrole',
      'createrole',
      'putrolepolicy',
      'attachrolepolicy',
      'createuser',
      'createaccesskey',
    ],
  ],
  [
    'states',
    [
      'describeexecution',
      'listexecutions',
      'startexecution',
      'startsyncexecution',
      'stopexecution',
      'sendtasksuccess',
      'sendtaskfailure',
    ],
  ],
  [
    'kinesis',
    [
      'getrecords',
      'getsharditerator',
      'describestream',
      'liststreams',
      'putrecord',
      'putrecords',
      'createstream',
      'deletestream',
    ],
  ],
  ['firehose', ['describedeliverystream', 'listdeliverystreams', 'putrecord', 'putrecordbatch']],
  [
    'ses',
    ['getsendquota', 'listidentities', 'sendemail', 'sendrawemail', 'sendtemplatedemail', 'sendbulktemplatedemail'],
  ],
  ['events', ['describerule', 'listrules', 'putevents', 'putrule', 'puttargets', 'deleterule']],
]);

const anyService = [
  'getresource',
  'listresources',
  'describeresource',
  'createresource',
  'putresource',
  'updateresource',
  'deleteresource',
];

export function representativesOf(service: string): readonly string[] {
  return representatives.get(service) ?? anyService;
}

/** What an action does. `service` and `name` in lower case; the name may be a pattern with a verb before its first wildcard. */
export function classify(service: string, name: string): readonly Access[] {
  const exception = exceptions.get(`${service}:${name}`);
  if (exception) return exception;
  return readVerbs.test(name) ? ['read'] : ['write'];
}

/** The actions that a pattern stands for, in lower case: itself without wildcards, else the representatives that it matches. */
export function expand(service: string, pattern: string): readonly string[] {
  if (!hasWildcard(pattern)) return [pattern];
  const found = representativesOf(service).filter((name) => matches(pattern, name));
  if (found.length > 0) return found;
  return [pattern.replaceAll('*', '').replaceAll('?', '')];
}
