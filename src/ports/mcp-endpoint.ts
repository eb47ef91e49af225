import type { RunOperation } from './operation-runner.ts';

/** A message of the Model Context Protocol, from a caller who was admitted. */
export interface McpExchange {
  /** The request with its headers; its body has been read. */
  readonly request: Request;
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown;
  /** What the caller may read. */
  readonly scopes: readonly string[];
  readonly run: RunOperation;
}

/** Answers messages of the Model Context Protocol. */
export interface McpEndpoint {
  /** Resolves with a response whose body is complete. Rejects only for bugs of the gateway. */
  answer(exchange: McpExchange): Promise<Response>;
}
