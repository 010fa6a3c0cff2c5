import { resolve } from 'node:path';
import { SourceFile } from '../project/index.ts';
import type { Io } from './io.ts';

/** Files held for code frames; a run over many projects must not keep all their texts. */
const HELD = 16;

/**
 * Reads a file again by the path that reports show. Undefined when it is gone or is no text any more.
 * @param onRead sees each file before anything of it is shown
 */
export function createSources(
  { disk, environment }: Pick<Io, 'disk' | 'environment'>,
  onRead: (file: SourceFile) => void,
) {
  const held = new Map<string, SourceFile | undefined>();
  return (file: string): SourceFile | undefined => {
    if (held.has(file)) return held.get(file);
    const [oldest] = held.keys();
    if (held.size >= HELD && oldest !== undefined) held.delete(oldest);
    const source = read(file);
    if (source) onRead(source);
    held.set(file, source);
    return source;
  };

  function read(file: string): SourceFile | undefined {
    try {
      return new SourceFile(file, new TextDecoder().decode(disk.read(resolve(environment.directory, file))));
    } catch {
      return undefined;
    }
  }
}
