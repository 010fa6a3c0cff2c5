import { type Disk, InputError, SourceFile, type Span } from '../../project/index.ts';

/** CloudFormation itself takes at most 1 MB (from S3); a synthesized stack before minification stays well below this. */
export const MAX_BYTES = 8 * 1024 * 1024;

/** Reads a UTF-8 text file. Throws InputError FILE_MISSING, FILE_UNREADABLE, FILE_TOO_LARGE or NOT_TEXT. */
export function openText(disk: Disk, absolutePath: string, shownPath: string, from?: Span): SourceFile {
  const place = from ? { span: from } : { file: shownPath };
  const kind = disk.kind(absolutePath);
  if (kind !== 'file') {
    throw new InputError({
      code: 'FILE_MISSING',
      found: kind === 'directory' ? `${shownPath} is a directory` : `the file ${shownPath} does not exist`,
      expected: 'a file',
      next: 'Create the file or correct the path.',
      ...place,
    });
  }
  const size = disk.size(absolutePath);
  if (size > MAX_BYTES) {
    throw new InputError({
      code: 'FILE_TOO_LARGE',
      found: `${shownPath} has ${(size / 1024 / 1024).toFixed(1)} MB`,
      expected: `at most ${MAX_BYTES / 1024 / 1024} MB (CloudFormation takes 1 MB)`,
      next: 'Split the template into nested stacks, or leave the file out of the paths to check.',
      ...place,
    });
  }
  let bytes: Uint8Array;
  try {
    bytes = disk.read(absolutePath);
  } catch (error) {
    throw new InputError({
      code: 'FILE_UNREADABLE',
      found: `${shownPath} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
      next: 'Check the permissions of the file.',
      ...place,
    });
  }
  return new SourceFile(shownPath, decode(bytes, shownPath, place));
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(bytes: Uint8Array, shownPath: string, place: { span?: Span; file?: string }): string {
  const notText = (found: string) =>
    new InputError({
      code: 'NOT_TEXT',
      found: `${shownPath} ${found}`,
      expected: 'UTF-8 text',
      next: 'Save the file as UTF-8, or leave it out of the paths to check.',
      ...place,
    });
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) throw notText('is UTF-16');
  if (bytes.includes(0)) throw notText('is a binary file');
  try {
    // TextDecoder drops a byte order mark, which neither YAML nor JSON would accept.
    return utf8.decode(bytes);
  } catch {
    throw notText('is not valid UTF-8');
  }
}
