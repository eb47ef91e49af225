/**
 * Loads the modules that a gateway loads after its start, or only in other configurations, so that Node's compile cache
 * contains them.
 */
export async function loadLateModules(): Promise<void> {
  await Promise.all([
    import('./start-up-lines.ts'),
    import('./redis-parts.ts'),
    import('../graphql/execution/compiled-operation.ts'),
    import('../server/auth/jwt.ts'),
    import('../telemetry/tracing/index.ts'),
  ]);
}
