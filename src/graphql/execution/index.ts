import { type DocumentNode, type ExecutionResult, execute, type GraphQLSchema, print } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type CoercedVariables, coerceVariables } from '../limits/index.ts';
import type { CompiledOperation, compileOperation } from './compiled-operation.ts';
import { conditionsOf, definitionsOf, type OperationPart, partOf } from './operation-part.ts';

export { errorsToldMax } from './located-errors.ts';
export { paceFields } from './pace-fields.ts';
export { settleLists } from './settle-lists.ts';
export { createTurns, type Turns } from './turns.ts';

/** One validated operation, and what it is run with. */
export interface OperationAsked {
  /** The same object nearly each time the same text is asked: what is known of it is found by it. */
  readonly document: DocumentNode;
  readonly operationName: string | null | undefined;
  /** As they were sent. */
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  /** The same, where they were coerced before. */
  readonly coerced?: CoercedVariables | undefined;
  readonly context: unknown;
}

/** Runs operations. */
export interface OperationExecutor {
  /** Answers what `execute` of graphql-js answers, with the same errors. */
  execute(asked: OperationAsked): ExecutionResult | Promise<ExecutionResult>;
}

/** What turns an operation into code. */
export type CompileOperation = typeof compileOperation;

export interface ExecutionOptions {
  /** What compiles; null: it is not there (yet), and graphql-js runs everything. Default: it never is. */
  readonly compiler?: () => CompileOperation | null;
  /** Runs of an operation that graphql-js does, with the compiler there, before it is compiled. */
  readonly runsBeforeCompiling?: number;
  /** Fields that all compiled operations together may come to; those asked longest ago go. */
  readonly fieldsKeptMax?: number;
}

/**
 * Compiling costs about as much as this many runs of the same operation (docs/adr/0006), so that a caller with ever
 * new documents makes us pay at most twice.
 */
const runsBeforeCompiling = 8;
/** About 2 KB of code each. */
const fieldsKeptMax = 10_000;
/** Characters of a kept operation's text that take as much room as the code of a field. */
const charactersPerField = 1_000;
/** A larger operation is not compiled: it would hold up everybody else for longer than it saves. */
const fieldsMax = 300;
/** Most variables of `@skip` and `@include` that an operation may have and be compiled; each doubles the variants. */
const conditionsMax = 4;

/** What is known of one operation of a document with one set of fields skipped and included. */
interface Variant {
  /** What its compiled form is kept by. */
  readonly key: string;
  runs: number;
  /** Whether its compiled form is kept, unless it had to go meanwhile. */
  isCompiled: boolean;
  isCompilable: boolean;
}

/** What is known of one operation of a document. */
interface KnownOperation {
  readonly part: OperationPart;
  /** Variables that `@skip` and `@include` look at. */
  readonly conditions: readonly string[];
  /** Its name and its document's text. */
  readonly text: string;
  readonly variants: Map<string, Variant>;
}

/** Loads what compiles. Not loaded with the rest: graphql-jit and its packages are a sixth of all files of a start. */
export async function loadCompiler(): Promise<CompileOperation> {
  const { compileOperation } = await import('./compiled-operation.ts');
  return compileOperation;
}

/**
 * Runs operations through graphql-js, and those that come again and again through code that graphql-jit made of
 * them. What graphql-jit cannot run as the specification says stays with graphql-js.
 */
export function createOperationExecutor(
  schema: GraphQLSchema,
  options: ExecutionOptions = {},
): OperationExecutor {
  const runsBefore = options.runsBeforeCompiling ?? runsBeforeCompiling;
  // Documents are held by the server's bounded store alone.
  const documents = new WeakMap<DocumentNode, Map<string | null, KnownOperation | null>>();
  // By text, because a document that was forgotten and is parsed again is another object.
  const kept = new LRUCache<string, CompiledOperation>({
    maxSize: options.fieldsKeptMax ?? fieldsKeptMax,
    sizeCalculation: ({ fieldCount }, key) =>
      Math.max(1, fieldCount) + Math.floor(key.length / charactersPerField),
  });

  function knownOperation({ document, operationName = null }: OperationAsked): KnownOperation | null {
    const operations = documents.get(document);
    const known = operations?.get(operationName);
    if (known !== undefined) return known;
    const part = partOf(document, operationName);
    // Names that the document does not have are not remembered: callers may make up any number of them.
    if (part === null) return null;
    const conditions = conditionsOf(definitionsOf(part));
    const text = `${operationName ?? ''} ${document.loc?.source.body ?? print(document)}`;
    const operation =
      conditions.length > conditionsMax ? null : { part, conditions, text, variants: new Map() };
    if (operations === undefined) documents.set(document, new Map([[operationName, operation]]));
    else operations.set(operationName, operation);
    return operation;
  }

  /** The compiled form for these variables; null where graphql-js is to run it. */
  function compiledFor(
    compile: CompileOperation,
    { part, conditions, variants, text }: KnownOperation,
    variables: Readonly<Record<string, unknown>>,
  ): CompiledOperation | null {
    const values = conditions.map((name) => variables[name]);
    // Only null can be here beside true and false, and graphql-js says what is wrong with it.
    if (!values.every((value) => typeof value === 'boolean')) return null;
    const settled = values.join();
    let variant = variants.get(settled);
    if (variant === undefined) {
      variant = { key: `${settled} ${text}`, runs: 0, isCompiled: false, isCompilable: true };
      variants.set(settled, variant);
    }
    const known = kept.get(variant.key);
    if (known !== undefined) return known;
    if (variant.isCompiled) {
      // It had to make room: compiling it again at once would push out the next.
      variant.isCompiled = false;
      variant.runs = 0;
    }
    variant.runs += 1;
    if (!variant.isCompilable || variant.runs <= runsBefore) return null;
    const compiled = compile(schema, part, variables, fieldsMax);
    variant.isCompilable = compiled !== null;
    if (compiled === null) return null;
    kept.set(variant.key, compiled);
    variant.isCompiled = true;
    return compiled;
  }

  function interpret({ document, operationName, variables, context }: OperationAsked) {
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
