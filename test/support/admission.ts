import { createAdmission } from '../../src/server/admission/index.ts';
import { createCallerKey } from '../../src/server/rate-limit/index.ts';

/** What a server needs to admit requests, with callers distinguished by their name. */
export const openAdmission = () => ({
  admission: createAdmission({ operationsMax: 64 }),
  callerKey: createCallerKey(true),
});
