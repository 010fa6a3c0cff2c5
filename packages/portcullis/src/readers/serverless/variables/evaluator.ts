import {
  get,
  type InputError,
  type MapNode,
  type Node,
  type Provenance,
  type ScalarNode,
  type SourceFile,
  type Span,
  textOf,
} from '../../../project/index.ts';
import type { ReadContext } from '../../options.ts';
import type { Programs } from '../../program/index.ts';
import { answersFrom } from './answers.ts';
import { Budget } from './budget.ts';
import { prepareCall } from './calls.ts';
import { openingOf } from './custom-syntax.ts';
import { EnvironmentVariables } from './environment.ts';
import { circular, leadsToNull, notText, unreadable } from './errors.ts';
import { IncludedFiles } from './files.ts';
import { type Place, placesIn } from './places.ts';
import { type Call, type Missing, type Outcome, type Scope, scalar, undecided } from './scope.ts';
import { valueFrom } from './sources.ts';
import { parseVariables, type Template, type Variable, VariableSyntaxError } from './syntax.ts';
import { isNull, notSet, TextBuilder, withSources } from './text.ts';

interface Settings {
  readonly root: MapNode;
  readonly file: SourceFile;
  /** Absolute path of the service file. */
  readonly path: string;
  readonly directory: string;
  readonly context: ReadContext;
  readonly programs: Programs;
  readonly dotenvAlways: boolean;
  readonly report: (error: InputError) => void;
}

interface Frame {
  /** The source that is being followed, for the chain of a circle. */
  label: string;
  isCircular: boolean;
}

/** Replaces the variables of one value at a time, each value once; what lies below a map or a list waits until somebody asks. */
export class Evaluator implements Scope {
  readonly root: MapNode;
  readonly directory: string;
  readonly context: ReadContext;
  readonly report: (error: InputError) => void;
  readonly budget: Budget;
  readonly #included: IncludedFiles;
  readonly #environment: EnvironmentVariables;
  readonly #values = new Map<Node, Node>();
  readonly #labels = new Map<Node, string>();
  readonly #open = new Map<Node, Frame>();
  readonly #indices = new Map<MapNode['entries'], Map<string, Node>>();
  /** What a variable begins with. */
  #mark = '${';
  #depth = 0;
  #stage: Node | undefined;
  #region: Node | undefined;

  constructor({ root, file, path, directory, context, programs, dotenvAlways, report }: Settings) {
    this.root = root;
    this.directory = directory;
    this.context = context;
    this.report = report;
    this.budget = new Budget(report);
    const answers = answersFrom(this);
    this.#included = new IncludedFiles({ directory, context, programs, answers, report });
    this.#included.add(path, file, root);
    this.#environment = new EnvironmentVariables({
      context,
      directory,
      setting: (key) => this.follow(root, [key]),
      stage: () => this.stage(),
      always: dotenvAlways,
      opened: (opened) => this.#included.files.push(opened),
      report,
    });
    this.#readSyntax();
  }

  get files(): readonly SourceFile[] {
    return this.#included.files;
  }

  /** The source that a value came from, as written, for the chain of a circle. */
  label(node: Node): string {
    return this.#labels.get(node) ?? 'a variable';
  }

  file(path: string, call: Call): Outcome {
    return this.#included.read(path, call);
  }

  environment(name: string) {
    return this.#environment.get(name);
  }

  stage(): Node {
    const given = this.context.options.stage;
    if (given !== undefined) return scalar(given, this.root.span);
    if (this.#stage) return this.#stage;
    // `provider.stage` may ask for itself through `opt:stage`; then nothing is written.
    this.#stage = scalar('dev', this.root.span);
    this.#stage = this.#setting(['provider', 'stage']) ?? this.#stage;
    return this.#stage;
  }

  region(): Node {
    if (this.#region) return this.#region;
    this.#region = scalar('us-east-1', this.root.span);
    this.#region = this.#setting(['provider', 'region']) ?? this.#region;
    return this.#region;
  }

  #setting(keys: readonly string[]): Node | undefined {
    const found = this.follow(this.root, keys);
    return found && (found.kind === 'unknown' || found.kind === 'text' || textOf(found) !== undefined)
      ? found
      : undefined;
  }

  follow(from: Node, keys: readonly string[]): Node | undefined {
    let current = this.shallow(from);
    const through: Provenance[] = [];
    for (const key of keys) {
      if (current.kind === 'unknown') return withSources(current, through);
      const child = this.#child(current, key);
      if (!child) return undefined;
      if (current.from) through.push(...current.from);
      current = this.shallow(child);
    }
    return withSources(current, through.slice(0, 8));
  }

  #child(node: Node, key: string): Node | undefined {
    if (node.kind === 'list') return /^\d{1,9}$/.test(key) ? node.items[Number(key)] : undefined;
    if (node.kind !== 'map') return undefined;
    if (node.entries.length < 16) return get(node, key);
    let index = this.#indices.get(node.entries);
    if (!index) {
      index = new Map(node.entries.map((entry) => [entry.key, entry.value]));
      this.#indices.set(node.entries, index);
    }
    return index.get(key);
  }

  shallow(node: Node): Node {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !node.value.includes(this.#mark)) return node;
    // A text that a variable produced is final, whatever it contains; one that a program made is as if it were written.
    if (node.from?.some(({ source }) => source !== 'code')) return node;
    const known = this.#values.get(node);
    if (known) return known;
    const frame = this.#open.get(node);
    if (frame) return this.#circle(node, frame);
    const opened: Frame = { label: '', isCircular: false };
    this.#open.set(node, opened);
    const result = this.#scalar(node, node.value, opened);
    this.#open.delete(node);
    const value = opened.isCircular
      ? undecided('self', 'is defined by itself', node.span)
      : withSources(result, result === node ? [] : (node.from ?? []));
    this.#values.set(node, value);
    this.#values.set(value, value);
    this.#labels.set(node, opened.label);
    return value;
  }

  #circle(node: Node, frame: Frame): Node {
    if (!frame.isCircular) {
      const frames = [...this.#open.values()];
      const chain = frames.slice(frames.indexOf(frame)).map(({ label }) => label);
      this.report(circular([...chain, chain[0] ?? ''], node.span));
    }
    frame.isCircular = true;
    return undecided('self', 'is defined by itself', node.span);
  }

  #scalar(node: ScalarNode, text: string, frame: Frame): Node {
    if (this.#mark !== '${')
      return undecided('other', 'uses the variableSyntax of this file, which is not read', node.span);
    const places = placesIn(node.span, text);
    let template: Template | undefined;
    try {
      template = parseVariables(text);
    } catch (error) {
      if (!(error instanceof VariableSyntaxError)) throw error;
      this.report(unreadable(error, places(error.offset, Math.min(text.length, error.offset + 2))));
      return undecided('other', 'holds a variable that cannot be read', node.span);
    }
    return template ? this.#template(template, node.span, places, frame) : node;
  }

  /** A single variable keeps the type of what it stands for; anything else is a text. */
  #template(template: Template, span: Span, places: Place, frame: Frame): Node {
    const [only] = template;
    if (template.length === 1 && typeof only === 'object') return this.#bounded(only, places, frame);
    const text = new TextBuilder();
    for (const piece of template) {
      if (typeof piece === 'string') {
        text.add(piece);
        continue;
      }
      const value = this.#bounded(piece, places, frame);
      if (!text.add(value)) text.add(this.#notText(value, places(piece.start, piece.end)));
      if (!this.budget.characters(text.length, span)) return this.budget.unread(span);
    }
    return text.node(span) ?? this.budget.tooMany(span);
  }

  #notText(value: Node, span: Span): Node {
    const what = isNull(value) ? 'null' : value.kind === 'list' ? 'a list' : 'a map';
    this.report(notText(what, span));
    return undecided('other', `stands for ${what} inside a text`, span);
  }

  /** Counts variables inside variables and variables behind variables alike: both take stack. */
  #bounded(variable: Variable, places: Place, frame: Frame): Node {
    if (this.#depth >= this.budget.maxDepth) return this.budget.tooDeep(places(variable.start, variable.end));
    this.#depth += 1;
    const value = this.#variable(variable, places, frame);
    this.#depth -= 1;
    return value;
  }

  #variable(variable: Variable, places: Place, frame: Frame): Node {
    const span = places(variable.start, variable.end);
    let absent: { missing: Missing; address: string } | undefined;
    // Where it is deployed these may well be set: what follows the comma is then not what ends there.
    const unset: Provenance[] = [];
    for (const [index, source] of variable.sources.entries()) {
      if (source.kind === 'literal') {
        const value = this.shallow(scalar(source.value, span));
        return unset.length > 0 ? withSources(value, unset) : value;
      }
      const resolve = (template: Template): Node => this.#template(template, span, places, frame);
      frame.label = source.raw;
      const call = prepareCall(source, span, index === variable.sources.length - 1, resolve);
      if ('undecided' in call) return call.undecided;
      frame.label = source.raw;
      const outcome = valueFrom(call, this);
      if ('value' in outcome && !isNull(outcome.value)) {
        const address = call.isPrivate ? source.raw : (outcome.address ?? call.address);
        return withSources(outcome.value, [{ source: outcome.source, address, span }, ...unset]);
      }
      if ('missing' in outcome && outcome.missing.source === 'env')
        unset.push(notSet({ source: 'env', address: call.isPrivate ? source.raw : call.address, span }));
      // Of several sources without a value, one that something outside the files can supply keeps the value open.
      if (absent && !absent.missing.error) continue;
      const missing = 'missing' in outcome ? outcome.missing : leadsToNull(call, outcome.source);
      absent = { missing, address: missing.error ? source.raw : call.shownAddress };
    }
    if (absent?.missing.error) this.report(absent.missing.error);
    const { source, reason } = absent?.missing ?? { source: 'other', reason: 'has no value' };
    return withSources(undecided(source, reason, span), [{ source, address: absent?.address ?? '', span }]);
  }

  #readSyntax(): void {
    const pattern = this.follow(this.root, ['provider', 'variableSyntax']);
    if (pattern?.kind !== 'scalar' || typeof pattern.value !== 'string') return;
    this.#values.set(pattern, pattern);
    this.#mark = openingOf(pattern.value) ?? this.#mark;
  }
}
