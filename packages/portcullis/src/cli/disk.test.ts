import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { disk, writeFileAtomically } from './disk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portcullis-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the disk', () => {
  it('tells files, folders and nothing apart, and lists links as other', () => {
    writeFileSync(join(folder, 'b.yml'), 'b');
    mkdirSync(join(folder, 'a'));
    symlinkSync(join(folder, 'a'), join(folder, 'link'));
    expect(disk.list(folder)).toEqual([
      { name: 'a', kind: 'directory' },
      { name: 'b.yml', kind: 'file' },
      { name: 'link', kind: 'other' },
    ]);
    expect(['a', 'b.yml', 'c'].map((name) => disk.kind(join(folder, name)))).toEqual(['directory', 'file', undefined]);
    expect(disk.kind(join(folder, 'b.yml', 'below'))).toBeUndefined();
    expect(disk.size(join(folder, 'b.yml'))).toBe(1);
    expect(disk.real(join(folder, 'nothing'))).toBe(join(folder, 'nothing'));
  });
});

describe('writing a report', () => {
  it('replaces the file and leaves nothing beside it', () => {
    const path = join(folder, 'report.json');
    writeFileSync(path, 'a much longer report from last time');
    writeFileAtomically(path, ['grö', 'ßer\n'], '1');
    expect(readFileSync(path, 'utf8')).toBe('größer\n');
    expect(readdirSync(folder)).toEqual(['report.json']);
  });

  it('writes through a link', () => {
    writeFileSync(join(folder, 'target'), 'old');
    symlinkSync(join(folder, 'target'), join(folder, 'link'));
    writeFileAtomically(join(folder, 'link'), ['new'], '1');
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('new');
    expect(disk.list(folder).map((entry) => entry.kind)).toEqual(['other', 'file']);
  });

  it('leaves what was there when it fails', () => {
    mkdirSync(join(folder, 'taken'));
    expect(() => writeFileAtomically(join(folder, 'taken'), ['x'], '1')).toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('writes to a device', () => {
    expect(() => writeFileAtomically('/dev/null', ['x'], '1')).not.toThrow();
  });
});
