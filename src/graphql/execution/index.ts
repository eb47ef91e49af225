import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type CoercedVariables, coerceVariables } from '../limits/index.ts';
import type { CompiledOperation, compileOperation } from './compiled-operation.ts';
import { conditionsOf, definitionsOf, type OperationPart, partOf } from './operation-part.ts';

export { reportedErrorsMax } from './located-errors.ts';
export { paceFields } from './pace-fields.ts';
export { settleLists } from './settle-lists.ts';
export { createTurns, type Turns } from './turns.ts';

/** A validated operation and what it runs with. */
export interface ValidatedOperation {
  /** Usually the same object for the same text: it is the key for what is known about the document. */
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  /** As the caller sent them. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** The same variables, if they have already been coerced. */
  readonly coerced?: CoercedVariables | undefined;
  readonly context: unknown;
}

/** Runs operations. */
export interface OperationExecutor {
  /** Returns what `execute` of graphql-js would return, with the same errors. */
  execute(asked: ValidatedOperation): ExecutionResult | Promise<ExecutionResult>;
}

/** Compiles an operation. */
export type CompileOperation = typeof compileOperation;

export interface ExecutionOptions {
  /** Returns the compiler; null while it has not loaded, and graphql-js runs everything. Default: no compiler. */
  readonly compiler?: () => CompileOperation | null;
  /** How often graphql-js runs an operation, with the compiler loaded, before it is compiled. */
  readonly runsBeforeCompiling?: number;
  /** Total fields of all cached compiled operations; the least recently used ones are evicted. */
  readonly fieldsKeptMax?: number;
}

/**
 * Compiling costs about as much as this many runs of the same operation (docs/adr/0006), so a caller who keeps sending
 * new documents can at most double the work.
 */
const runsBeforeCompiling = 8;
/** Each takes about 2 KB of code. */
const fieldsKeptMax = 10_000;
/** Characters of a cached operation's text that take as much memory as the code of one field. */
const charactersPerField = 1_000;
/** Larger operations are not compiled: compiling would delay other requests for longer than it saves. */
const fieldsMax = 300;
/**
 * The most variables in `@skip` and `@include` that a compiled operation may have; each doubles the number of variants.
 */
const conditionsMax = 4;

/** One operation of a document with one set of skipped and included fields. */
interface Variant {
  /** Cache key of the compiled form. */
  readonly key: string;
  runs: number;
  /** Whether it has been compiled; the compiled form may have been evicted since. */
  isCompiled: boolean;
  isCompilable: boolean;
}

/** What is known about one operation of a document. */
interface KnownOperation {
  readonly part: OperationPart;
  /** Variables used by `@skip` and `@include`. */
  readonly conditions: readonly string[];
  /** The operation's name followed by the document's text. */
  readonly text: string;
  readonly variants: Map<string, Variant>;
}

/**
 * Loads the compiler on its own, because graphql-jit and its dependencies are a sixth of all files that a start loads.
 */
export async function loadCompiler(): Promise<CompileOperation> {
  const { compileOperation } = await import('./compiled-operation.ts');
  return compileOperation;
}

/**
 * Creates the executor. graphql-js runs operations at first; those that recur run as code compiled by graphql-jit. What
 * graphql-jit cannot run according to the specification stays with graphql-js.
 */
export function createOperationExecutor(
  schema: GraphQLSchema,
  options: ExecutionOptions = {},
): OperationExecutor {
  const runsBefore = options.runsBeforeCompiling ?? runsBeforeCompiling;
  // Only the server's bounded document store keeps documents alive.
  const documents = new WeakMap<DocumentNode, Map<string | null, KnownOperation | null>>();
  // Keyed by text, because a document that was evicted and parsed again is a new object.
  const compiledOperations = new LRUCache<string, CompiledOperation>({
    maxSize: options.fieldsKeptMax ?? fieldsKeptMax,
    sizeCalculation: ({ fieldCount }, key) =>
      Math.max(1, fieldCount) + Math.floor(key.length / charactersPerField),
  });

  function knownOperation({ document, operationName = null }: ValidatedOperation): KnownOperation | null {
    const operations = documents.get(document);
    const known = operations?.get(operationName);
    if (known !== undefined) return known;
    const part = partOf(document, operationName);
    // Names that the document does not contain are not cached: callers could invent any number of them.
    if (part === null) return null;
    const conditions = conditionsOf(definitionsOf(part));
    const text = `${operationName ?? ''} ${document.loc?.source.body ?? print(document)}`;
    const operation =
      conditions.length > conditionsMax ? null : { part, conditions, text, variants: new Map() };
    if (operations === undefined) documents.set(document, new Map([[operationName, operation]]));
    else operations.set(operationName, operation);
    return operation;
  }

  /** Returns the compiled form for these variables; null when graphql-js must run the operation. */
  function compiledFor(
    compile: CompileOperation,
    { part, conditions, variants, text }: KnownOperation,
    variables: Readonly<Record<string, unknown>>,
  ): CompiledOperation | null {
    const values = conditions.map((name) => variables[name]);
    // The only other possible value is null, and graphql-js reports what is wrong with it.
    if (!values.every((value) => typeof value === 'boolean')) return null;
    const settled = values.join();
    let variant = variants.get(settled);
    if (variant === undefined) {
      variant = { key: `${settled} ${text}`, runs: 0, isCompiled: false, isCompilable: true };
      variants.set(settled, variant);
    }
    const known = compiledOperations.get(variant.key);
    if (known !== undefined) return known;
    if (variant.isCompiled) {
      // It was evicted. Compiling it again at once would evict the next one.
      variant.isCompiled = false;
      variant.runs = 0;
    }
    variant.runs += 1;
    if (!variant.isCompilable || variant.runs <= runsBefore) return null;
    const compiled = compile(schema, part, variables, fieldsMax);
    variant.isCompilable = compiled !== null;
    if (compiled === null) return null;
    compiledOperations.set(variant.key, compiled);
    variant.isCompiled = true;
    return compiled;
  }

  function interpret({ document, operationName, variables, context }: ValidatedOperation) {
    return execute({
      schema,
      document,
      contextValue: context,
      variableValues: variables ?? null,
      operationName: operationName ?? null,
    });
  }

  return {
    execute(asked) {
      if (asked.coerced?.errors !== undefined) return { errors: asked.coerced.errors };
      const compile = options.compiler?.() ?? null;
      const known = compile === null ? null : knownOperation(asked);
      if (compile === null || known === null) return interpret(asked);
      const { values, errors } =
        asked.coerced ?? coerceVariables(schema, known.part.operation, asked.variables ?? {});
      if (errors !== undefined) return { errors };
      return compiledFor(compile, known, values)?.run(asked.context, values) ?? interpret(asked);
    },
  };
}
