/**
 * Half bits by which a letter is unexpected after another (row: boundary, a-z; column: boundary, a-z; base 36), counted over
 * the words of public documentation and type declarations. Short secrets and short words have the same Shannon
 * entropy; how letters follow each other tells them apart.
 */
const surprise = [
  'x797889bb9eea9ba7f879acbhgh',
  'ah979ieamaje6a7n9k685bcehcg',
  '86cbc6fkj7ch5dg7ek88d7mklbi',
  '86hbf6hm79k89fl5fj9c6ajjldl',
  '39ffc4feh6ihcfg9gocahaghjfn',
  '5af86ccchfhjaa7hbe569hceagk',
  '77fcd67lm4rh9gf6jr9ca9mkjak',
  '39hhj6iba7mlae9aik8af9gjshh',
  '65fih4rmk6lkece6gj9d9amhrck',
  'cac899a9olkg9946bjb87kaoeqb',
  '97fdf5glcblcflh6blc4d7dbglg',
  '49eec4bdg6kkdebcdpe6dcjejci',
  '67ffb5fhk5ig7ih7emiabaeju8i',
  '75age4ghl6ghcah76lhahaksjgh',
  '68g888c6g9hdegcaflg76ccjnei',
  'acb99fdcncic984b9u5998baffj',
  '86ife6ghb9lg7fg68t5a8ajkkfn',
  '7lleflllgelfaldglfdcl1gdlll',
  '66fbc4fck7odeac7fmb89bdhqbm',
  '3bjah6fna8ledefaajh869hgido',
  '57icg5gh95lmchh8fn88bbngkam',
  'c999b8dbn9si785e8s676hkmgki',
  '85gej2lfl5hiiii9fjhehehqghq',
  '65fid6je87khbp77gp87ehkefjg',
  '58g7f7dhc7oidcod5ihe5hhhcdh',
  '1cdcgaeglajfbbab8qg9bigelef',
  '76ied3ghf6mdadf7fifemfmhmc9',
] as const;

/** Bits per letter above which a run of letters is not a word: 3 % of words lie above, 7 % of random runs of 8 letters below. */
const wordLimit = 5;

/** Mean bits per letter of a lower-case run of letters a-z, boundaries included. */
export function surpriseOf(word: string): number {
  let before = 0;
  let halfBits = 0;
  for (let index = 0; index < word.length; index += 1) {
    const letter = word.charCodeAt(index) - 96;
    halfBits += Number.parseInt(surprise[before]?.[letter] ?? 'z', 36);
    before = letter;
  }
  halfBits += Number.parseInt(surprise[before]?.[0] ?? 'z', 36);
  return halfBits / 2 / (word.length + 1);
}

/** Shannon entropy in bits per character of the text's own characters. */
export function shannon(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

const runs = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g;

export interface Texture {
  readonly letters: number;
  readonly digits: number;
  readonly lower: boolean;
  readonly upper: boolean;
  /** Letters that stand in runs that read like words (of three letters or more), as a share of all letters. */
  readonly wordShare: number;
  /** Changes between letters and digits with nothing in between: `a1b2` has three. */
  readonly changes: number;
  /** Mean length of the runs of letters. */
  readonly meanRun: number;
}

export function textureOf(text: string): Texture {
  let letters = 0;
  let digits = 0;
  let worded = 0;
  let letterRuns = 0;
  let changes = 0;
  let lastEnd = -1;
  let lastWasDigits = false;
  for (const match of text.matchAll(runs)) {
    const [run] = match;
    const isDigits = run.charCodeAt(0) < 58;
    if (match.index === lastEnd && isDigits !== lastWasDigits) changes += 1;
    lastEnd = match.index + run.length;
    lastWasDigits = isDigits;
    if (isDigits) {
      digits += run.length;
      continue;
    }
    letters += run.length;
    letterRuns += 1;
    if (run.length >= 3 && run.length <= 24 && surpriseOf(run.toLowerCase()) <= wordLimit) worded += run.length;
  }
  return {
    letters,
    digits,
    lower: /[a-z]/.test(text),
    upper: /[A-Z]/.test(text),
    wordShare: letters === 0 ? 0 : worded / letters,
    changes,
    meanRun: letterRuns === 0 ? 0 : letters / letterRuns,
  };
}

/**
 * True when the text reads as made by a machine: hexadecimal, or letters and digits in an order that words and names do not
 * have. Texts shorter than 8 characters are never random.
 */
export function looksRandom(text: string): boolean {
  if (text.length < 8 || /\s/.test(text)) return false;
  const texture = textureOf(text);
  if (texture.letters + texture.digits < 8) return false;
  if (/^[0-9a-fA-F]+$/.test(text))
    return text.length >= 16 && texture.digits > 0 && texture.letters > 0 && shannon(text) >= 2.5;
  if (texture.letters === 0) return text.length >= 20 && shannon(text) >= 2.5;
  if (shannon(text) < 2.7) return false;
  if (texture.wordShare >= 0.7) return false;
  if (texture.digits > 0 && texture.changes >= 2) return texture.wordShare < 0.6 || texture.changes >= 4;
  if (texture.lower && texture.upper) return texture.meanRun < 3.4 && texture.wordShare < 0.5;
  return texture.wordShare < 0.25 && text.length >= 10;
}

/**
 * True for one run of letters and digits, six or more, in which no part reads like a word: short values that people or machines
 * chose, for which `looksRandom` has too little to go by. Some abbreviations are taken for such values.
 */
export function isUnreadable(text: string): boolean {
  if (!/^[A-Za-z0-9]{6,64}$/.test(text)) return false;
  const { letters, wordShare, changes, meanRun } = textureOf(text);
  return letters >= 3 && wordShare === 0 && (changes >= 2 || meanRun >= 5);
}
