/** One GraphQL request, with the members of its body. */
export interface OperationRequest {
  readonly query?: string;
  readonly operationName?: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** One error of a response. */
export interface OperationError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?:
    | { readonly code?: string | undefined; readonly retryAfterSeconds?: number | null | undefined }
    | undefined;
}

/** A GraphQL response, parsed from its JSON. */
export interface OperationAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly OperationError[] | undefined;
}

/**
 * Runs one operation for one caller, within all limits of that caller. A refused operation is a response with errors;
 * rejects only if the caller has disconnected.
 */
export type RunOperation = (request: OperationRequest) => Promise<OperationAnswer>;
