import { describe, expect, it } from 'vitest';
import { nowMs, publicJwk } from '../../test/support/tokens.ts';
import { fetchedKeys } from './key-source.ts';

const lifetimes = { refreshAfterMs: 900_000, lifetimeMs: 3_600_000, staleMs: 3_600_000, coolDownMs: 10_000 };
const second = 1_000;

/** An issuer and a clock under the test's control. */
function scene() {
  let time = nowMs;
  let answer: unknown = { keys: [publicJwk('ES256', 'a')] };
  let fetches = 0;
  let gate: Promise<void> | undefined;
  const source = fetchedKeys(
    async () => {
      fetches++;
      const given = answer;
      await gate;
      if (given instanceof Error) throw given;
      return given;
    },
    lifetimes,
    () => time,
  );
  return {
    find: async (kid = 'a') => {
      const key = await source.find(kid, 'ES256');
      return typeof key === 'string' ? key : `key ${key.kid}`;
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    publish: (...kids: string[]) => {
      answer = { keys: kids.map((kid) => publicJwk('ES256', kid)) };
    },
    answer: (value: unknown) => {
      answer = value;
    },
    hold: () => {
      let open = () => {};
      gate = new Promise((resolve) => {
        open = () => {
          gate = undefined;
          resolve();
        };
      });
      return open;
    },
    settle: () => new Promise((resolve) => setImmediate(resolve)),
    fetches: () => fetches,
  };
}

describe('the keys of an issuer', () => {
  it('are fetched once for many tokens at a time, and kept', async () => {
    const { find, fetches } = scene();
    expect(await Promise.all([find(), find(), find()])).toEqual(['key a', 'key a', 'key a']);
    expect(await find()).toBe('key a');
    expect(fetches()).toBe(1);
  });

  it('are renewed in the background, while the old ones answer', async () => {
    const { find, fetches, pass, publish, hold, settle } = scene();
    await find();
    publish('b');
    pass(900 * second);
    const open = hold();
    expect(await find()).toBe('key a');
    expect(fetches()).toBe(2);
    open();
    await settle();
    expect(await find()).toBe('key_unknown');
    expect(await find('b')).toBe('key b');
  });

  it('are waited for once their lifetime is over', async () => {
    const { find, pass, publish } = scene();
    await find();
    publish('b');
    pass(3600 * second);
    expect(await find('b')).toBe('key b');
  });

  it('serve while the issuer is away, and not for ever', async () => {
    const { find, pass, answer, publish } = scene();
    await find();
    answer(new Error('away'));
    pass(3600 * second);
    expect(await find()).toBe('key a');
    pass(3599 * second);
    expect(await find()).toBe('key a');
    pass(second);
    expect(await find()).toBe('keys_unavailable');
    publish('a');
    expect(await find()).toBe('keys_unavailable');
    pass(10 * second);
    expect(await find()).toBe('key a');
  });

  it('that never came are asked for again a second later', async () => {
    const { find, pass, answer, publish, fetches } = scene();
    answer(undefined);
    expect(await find()).toBe('keys_unavailable');
    publish('a');
    expect(await find()).toBe('keys_unavailable');
    expect(fetches()).toBe(1);
    pass(second);
    expect(await find()).toBe('key a');
  });

  it.each([['garbage'], [{}], [{ keys: 'a' }], [[]], [null], [{ keys: Array(201).fill({}) }]])(
    'are not replaced by %j',
    async (garbage) => {
      const { find, pass, answer } = scene();
      await find();
      answer(garbage);
      pass(3600 * second);
      expect(await find()).toBe('key a');
    },
  );

  it('are all gone when the issuer publishes an empty set', async () => {
    const { find, pass, publish } = scene();
    await find();
    publish();
    pass(3600 * second);
    expect(await find()).toBe('key_unknown');
  });

  it('of a new name are looked for at once, without a second fetch for the first token', async () => {
    const { find, fetches, pass, publish } = scene();
    expect(await find('b')).toBe('key_unknown');
    expect(fetches()).toBe(1);
    publish('a', 'b');
    pass(1);
    expect(await find('b')).toBe('key b');
    expect(fetches()).toBe(2);
  });
});

describe('a flood of unknown names', () => {
  it('causes one fetch per cool-down, and a new key is found when it is over', async () => {
    const { find, fetches, pass, publish } = scene();
    await find();
    for (let i = 0; i < 500; i++) {
      await find(`forged-${i}`);
      pass(10);
    }
    expect(fetches()).toBe(2);
    publish('a', 'new');
    expect(await find('new')).toBe('key_unknown');
    pass(5 * second);
    expect(await find('new')).toBe('key new');
  });

  it('never keeps the set from being renewed on time', async () => {
    const { find, fetches, pass, publish, settle } = scene();
    await find();
    pass(899 * second);
    await find('forged');
    publish('b');
    pass(900 * second);
    await find('a');
    await settle();
    expect(fetches()).toBe(3);
    expect(await find('b')).toBe('key b');
  });

  it('does not block either while the issuer is away', async () => {
    const { find, pass, answer, publish } = scene();
    await find();
    answer(new Error('away'));
    for (let i = 0; i < 100; i++) {
      expect(await find(`forged-${i}`)).toBe('key_unknown');
      expect(await find()).toBe('key a');
      pass(second);
    }
    publish('a', 'new');
    pass(10 * second);
    expect(await find('new')).toBe('key new');
  });
});

describe('a clock that is set back', () => {
  it('makes keys older, never younger', async () => {
    const { find, pass, publish } = scene();
    await find();
    publish('b');
    pass(-7200 * second);
    expect(await find('b')).toBe('key b');
  });
});
