/** What the place that shows the text can do. Width in columns. */
export interface Screen {
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly width: number;
}

type Ink = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';
export type Paint = Readonly<Record<Ink, (text: string) => string>>;

const codes: Readonly<Record<Ink, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

export function createPaint(colour: boolean): Paint {
  const ink = ([on, off]: readonly [number, number]) =>
    colour ? (text: string) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`) : (text: string) => text;
  return Object.fromEntries(Object.entries(codes).map(([name, code]) => [name, ink(code)])) as Paint;
}
