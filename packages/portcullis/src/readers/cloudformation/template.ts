import type { Entry, Format, MapNode, Node, SourceFile, Span, Unread } from '../../project/index.ts';

/**
 * The common form that every reader lowers to: CloudFormation resources with spans in the user's own files. serverless.yml
 * becomes the resources that osls would compile, so that one builder (build/) turns every format into the model.
 */
export interface Template {
  readonly file: SourceFile;
  readonly format: Format;
  /** Logical id -> resource. Insertion order is the order of the file. */
  readonly resources: Map<string, TemplateResource>;
  readonly parameters: Map<string, TemplateParameter>;
  /** Name -> definition, unevaluated. */
  readonly conditions: Map<string, Node>;
  readonly mappings: MapNode | undefined;
  readonly outputs: readonly Entry[];
  readonly transforms: readonly string[];
  /** `Globals` of a SAM template, as written. */
  readonly globals?: Node | undefined;
  readonly unread: Unread[];
  /** Keys of environment entries that the notation sets for all functions at once, however many there are. */
  readonly sharedEnvironment?: ReadonlySet<Span>;
  /** Templates of the AWS::CloudFormation::Stack resources that were found on disk. */
  readonly nested?: readonly NestedTemplate[];
}

export interface NestedTemplate {
  /** Logical id of the AWS::CloudFormation::Stack resource in the outer template. */
  readonly stackId: string;
  readonly template: Template;
}

export interface TemplateResource {
  readonly id: string;
  readonly type: string;
  /** As written: intrinsics in their long form (`{Ref: X}`, `{Fn::GetAtt: [X, Arn]}`), or already resolved nodes from lowering. */
  readonly properties: MapNode;
  /** Where a person would look for it: the key of the resource, the event of a function. */
  readonly span: Span;
  readonly condition: string | undefined;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: string | undefined;
  readonly updateReplacePolicy: string | undefined;
  /** What people call it, when that is not the logical id: the key under `functions`. */
  readonly label: string | undefined;
  /** True when it was lowered from a shorter notation. */
  readonly generated: boolean;
  /** The resource's `Metadata`, as written. */
  readonly metadata?: Node | undefined;
  /** SAM: `Connectors` of the resource, as written. */
  readonly connectors?: Node | undefined;
  /** SAM: `IgnoreGlobals` of the resource, as written. */
  readonly ignoreGlobals?: Node | undefined;
}

export interface TemplateParameter {
  readonly name: string;
  readonly type: string;
  readonly default: Node | undefined;
  readonly noEcho: boolean;
  readonly span: Span;
}
