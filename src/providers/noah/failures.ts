import type { HttpReply } from '../../ports/http.ts';
import { judgeStatus, type ProviderRefusals, type StatusVerdict } from '../shared/status-failure.ts';

export const providerName = 'NOAH';

/** Members of an error body, all of them optional (reference section 6). */
const errorMembers: ReadonlySet<string> = new Set([
  ...['Type', 'Instance', 'Action', 'Detail', 'Extensions', 'RequestExtension', 'DenyExtension'],
]);

const refusals: ProviderRefusals = {
  providerName,
  authRemedy:
    'Check NOAH_API_KEY and NOAH_SIGNING_KEY (the private half of the key pair the API key was made with), ' +
    'that both belong to NOAH_BASE_URL, and the clock of this machine.',
  forbiddenRemedy: 'Check that NOAH has enabled this for the API key.',
  baseUrlVariable: 'NOAH_BASE_URL',
  baseUrlEnd: '/v1',
  isErrorBody: (body) => Object.keys(body).some((member) => errorMembers.has(member)),
  // "public key not found" comes with 401, in a form that is not documented.
  freeFormStatuses: new Set([401]),
};

/** Reads an unsuccessful reply. `name` names the call in messages. */
export function toVerdict(reply: HttpReply, name: string, nowMs: number): StatusVerdict {
  return judgeStatus(reply, { ...refusals, name, nowMs });
}
