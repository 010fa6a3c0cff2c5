import type { Observation, Rule } from '../../../contract/index.ts';
import type { PackedFile, Project } from '../../../project/index.ts';

export const secretFilesArePacked: Rule = {
  id: 'secrets/secret-files-are-packed',
  step: 'secrets',
  severity: 'warning',
  title: 'File with secrets is packed with the code',
  attack:
    'The whole folder goes into the archive of the function unless something is left out. Whoever may call lambda:GetFunction downloads it, and so does whoever reads the deployment bucket: the passwords of the developer in `.env`, a private key, the token of a registry. One hole that reads files in the function gives them away as well.',
  fix: {
    serverless: `package:
  patterns:
    - '!**/.env*'
    - '!**/*.{pem,key,p12,pfx}'
    - '!**/.npmrc'
# or pack only what is used: '!**' first, then the files of the functions`,
    cloudformation: `OrdersFunction:
  Type: AWS::Lambda::Function
  Properties:
    Code: ./dist   # a folder with nothing but the code, made by the build`,
    sam: `OrdersFunction:
  Type: AWS::Serverless::Function
  Metadata: { BuildMethod: esbuild }   # packs what the code imports
  Properties:
    CodeUri: src/`,
  },
  docs: [
    {
      title: 'Serverless Framework: packaging (patterns)',
      url: 'https://www.serverless.com/framework/docs/providers/aws/guide/packaging',
    },
    {
      title: 'Deploying Lambda functions as .zip file archives',
      url: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-zip.html',
    },
  ],
  mappings: { fsbp: [], owasp: ['API8:2023'], cwe: ['CWE-538', 'CWE-540'] },
  *check(project: Project): Iterable<Observation> {
    // One finding for each package: the remedy is one list of patterns.
    const groups = new Map<string, PackedFile[]>();
    for (const file of project.packedFiles ?? []) {
      const weight = file.undecided !== undefined ? 'undecided' : file.kind === 'registry' ? 'registry' : 'certain';
      const key = `${file.owner ?? ''} ${weight}`;
      const same = groups.get(key);
      if (same) same.push(file);
      else groups.set(key, [file]);
    }
    for (const [key, files] of groups) {
      const [first] = files;
      if (!first) continue;
      const names = listed(files);
      const into = first.owner === undefined ? 'the package of the functions' : `the package of ${first.owner}`;
      const place = { span: first.span, subject: `package ${key}` };
      if (first.undecided !== undefined) {
        yield {
          ...place,
          severity: 'note',
          state: 'unknown',
          message: `Whether ${names} goes into ${into} is not decided: ${first.undecided}.`,
        };
      } else if (first.kind === 'registry') {
        yield {
          ...place,
          severity: 'note',
          message: `${names} goes into ${into}.`,
          question: `Does ${names} hold the token of a registry?`,
        };
      } else {
        yield { ...place, message: `${names} ${files.length === 1 ? 'goes' : 'go'} into ${into}.` };
      }
    }
  },
};

function listed(files: readonly PackedFile[]): string {
  const shown = files.slice(0, 3).map(({ path }) => path);
  const more = files.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(' and ');
}
