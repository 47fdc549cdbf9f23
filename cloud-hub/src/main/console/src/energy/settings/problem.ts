import { ApiError } from '../../api/client';
import { problemText } from '../../shared/words';

/** What the hub said is wrong, and where; no field when it is about all of it. Overtaken by what somebody else saved. */
export interface Problem { field: string; text: string; overtaken?: boolean }

export const NO_PROBLEM: Problem = { field: '', text: '' };

export function problemOf(failure: unknown): Problem {
  const text = problemText(failure);
  const field = failure instanceof ApiError ? failure.field : '';
  // The text begins with the name of the field, for those who call the API; here it stands at the field.
  const overtaken = failure instanceof ApiError && failure.status === 409;
  return { field, overtaken, text: field && text.startsWith(field) ? text.slice(field.length).replace(/^[：:]\s*/, '') : text };
}
