import type { Decision, RefusedDecision } from '../../project/index.ts';
import { judge, type Said } from './grammar.ts';
import { childOf, type Outline, type Piece, placeOf, textIn } from './outline.ts';
import { placePublic } from './placement.ts';

type Found = { readonly made?: Decision; readonly refused?: RefusedDecision };

const metadataForm =
  'Write `Metadata: {Portcullis: {public: {because: REASON}, allow: [{rule: RULE, because: REASON}]}}`';

/** Decisions in `Metadata: {Portcullis: ...}` of resources and templates, and in `x-portcullis` of OpenAPI documents. */
export function decisionsInMaps(outline: Outline): readonly Found[] {
  return outline.flat.flatMap((piece) => {
    if (piece.key === 'x-portcullis') return inOperation(outline, piece);
    if (piece.key !== 'Portcullis') return [];
    return inMetadata(outline, piece);
  });
}

function inMetadata(outline: Outline, piece: Piece): readonly Found[] {
  const metadata = piece.parent;
  const holder = metadata?.key === 'Metadata' ? metadata.parent : undefined;
  // A tag or a name is no decision.
  if (!holder) return looksLikeDecisions(piece) ? [refuse(outline, piece, 'it stands outside of `Metadata`')] : [];
  if (childOf(holder, 'Type')) {
    return [
      ...readAllow(outline, piece, holder),
      ...readOne(childOf(piece, 'public'), (value) => {
        const said = readWords('public', value, []);
        return conclude(outline, value, said, placePublic(holder), undefined);
      }),
      ...complaints(outline, piece),
    ];
  }
  const whole = { start: 0, end: outline.file.text.length + 1, place: '' };
  return [
    ...readAllow(outline, piece, undefined),
    ...readOne(childOf(piece, 'public'), (value) =>
      value.kind === 'map' && !isIntrinsic(value) && !childOf(value, 'because')
        ? value.pieces.map((route) =>
            route.key === undefined
              ? refuse(outline, route, 'a route of it has a name that is computed')
              : conclude(outline, route, readWords('public', route, []), whole, normalRoute(route.key)),
          )
        : refuse(
            outline,
            value,
            'a template is not public as a whole',
            'Name the routes: `public: {GET /health: REASON}`',
          ),
    ),
    ...complaints(outline, piece),
  ];
}

function inOperation(outline: Outline, piece: Piece): readonly Found[] {
  const holder = piece.parent;
  if (!holder) return [];
  return [
    ...readAllow(outline, piece, holder.parent ? holder : undefined),
    ...readOne(childOf(piece, 'public'), (value) =>
      conclude(outline, value, readWords('public', value, []), placePublic(holder), undefined),
    ),
    ...complaints(outline, piece),
  ];
}

/** `GET /health` with one blank and an upper-case method. */
function normalRoute(label: string): string {
  const [method = '', ...rest] = label.trim().split(/\s+/);
  return rest.length === 0 ? method : `${method.toUpperCase()} ${rest.join(' ')}`;
}

function readOne(value: Piece | undefined, read: (value: Piece) => Found | readonly Found[]): readonly Found[] {
  return value ? [read(value)].flat() : [];
}

function readAllow(outline: Outline, piece: Piece, holder: Piece | undefined): readonly Found[] {
  const allow = childOf(piece, 'allow');
  if (!allow) return [];
  const covers = holder
    ? { start: holder.start, end: holder.end, place: placeOf(holder) }
    : { start: 0, end: outline.file.text.length + 1, place: '' };
  if (isIntrinsic(allow) || (allow.kind !== 'list' && allow.kind !== 'map'))
    return [refuse(outline, allow, valueProblem(allow, 'a list'), metadataForm)];
  return (allow.kind === 'list' ? allow.pieces : [allow]).map((item) => {
    const rule = childOf(item, 'rule');
    const named = textIn(rule)
      ?.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
    if (rule && named === undefined && !isIntrinsic(item))
      return refuse(outline, item, `its \`rule\` ${valueProblem(rule, 'a text')}`, metadataForm);
    return conclude(outline, item, readWords('allow', item, named ?? []), covers, undefined);
  });
}

/** `{because, until}`, or the reason alone. */
function readWords(kind: 'public' | 'allow', value: Piece, rules: readonly string[]): Said {
  const short = kind === 'public' ? textIn(value) : undefined;
  if (short !== undefined) return judge({ kind, rules, reason: short, until: undefined });
  const refusal = (problem: string): Said => ({ refusal: { kind, rules, problem, instead: metadataForm } });
  if (value.kind !== 'map' || isIntrinsic(value)) return refusal(valueProblem(value, 'a map'));
  const because = childOf(value, 'because');
  const until = childOf(value, 'until');
  if (!because) return refusal('it gives no reason');
  const reason = textIn(because);
  if (reason === undefined) return refusal(`its reason ${valueProblem(because, 'a text')}`);
  const day = until && textIn(until);
  if (until && day === undefined) return refusal(`its \`until\` ${valueProblem(until, 'a day such as 2027-01-31')}`);
  const known = new Set(['because', 'until', ...(kind === 'allow' ? ['rule'] : [])]);
  const strange = value.pieces.find(({ key }) => key === undefined || !known.has(key));
  if (strange) return refusal('it has a key that has no meaning');
  return judge({ kind, rules, reason, until: day });
}

function isIntrinsic({ pieces }: Piece): boolean {
  return pieces.some(({ key }) => key !== undefined && (key.startsWith('Fn::') || key === 'Ref'));
}

function valueProblem(value: Piece, expected: string): string {
  if (isIntrinsic(value) || value.kind === 'other') return 'is decided elsewhere, not by what is written here';
  return `is not ${expected}`;
}

/** Keys beside `public` and `allow`, and values that cannot hold either. */
function complaints(outline: Outline, piece: Piece): readonly Found[] {
  if (piece.kind !== 'map' || isIntrinsic(piece))
    return [refuse(outline, piece, valueProblem(piece, 'a map'), metadataForm)];
  return piece.pieces
    .filter(({ key }) => key !== 'public' && key !== 'allow')
    .map((strange) => refuse(outline, strange, 'it is neither `public` nor `allow`', metadataForm));
}

function looksLikeDecisions(piece: Piece): boolean {
  return childOf(piece, 'public') !== undefined || childOf(piece, 'allow') !== undefined;
}

function spanIn({ file }: Outline, { start, end }: Piece) {
  return { file, start, end: Math.min(end, file.text.length) };
}

function refuse(outline: Outline, piece: Piece, problem: string, instead = metadataForm): Found {
  const subject = problem.startsWith('is ') ? `${piece.key ?? 'an item'} ${problem}` : problem;
  return { refused: { span: spanIn(outline, piece), kind: 'unknown', rules: [], problem: subject, instead } };
}

function conclude(
  outline: Outline,
  piece: Piece,
  said: Said,
  covers: ReturnType<typeof placePublic>,
  route: string | undefined,
): Found {
  const span = spanIn(outline, piece);
  if ('refusal' in said) {
    const { refusal } = said;
    const problem = refusal.problem.startsWith('is ') ? `its value ${refusal.problem}` : refusal.problem;
    return { refused: { span, ...refusal, problem } };
  }
  const { words } = said;
  if ('problem' in covers) return { refused: { span, kind: words.kind, rules: words.rules, ...covers } };
  const { start, end, place } = covers;
  return { made: { ...words, span, covers: { file: outline.file, start, end }, route, place } };
}
