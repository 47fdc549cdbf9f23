import type { Bilingual } from './types';

/** What the hub said when it refused, or that it could not be reached (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly text: Bilingual | null,
    /** What of the request is wrong, when it is one part of it, such as `rules[2]`. */
    readonly field = '',
  ) {
    super(code);
  }
}

type Query = Record<string, string | number | null | undefined>;

let onSignedOut: () => void = () => {};

/** Called when the hub no longer knows the session, so that the console can say so and ask to sign in. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export const API = '/api/v1';

export function address(path: string, query?: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return `${API}${path}${text ? `?${text}` : ''}`;
}

async function refusal(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: { code?: string; message?: Bilingual; field?: string } };
    return new ApiError(response.status, body.error?.code ?? 'unknown', body.error?.message ?? null, body.error?.field);
  } catch {
    return new ApiError(response.status, 'unknown', null);
  }
}

async function call<T>(method: string, path: string, init: { query?: Query; body?: unknown; signal?: AbortSignal | undefined }): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (method !== 'GET') headers['x-requested-with'] = 'plantroom';
  if (init.body !== undefined) headers['content-type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(address(path, init.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
      ...(init.signal ? { signal: init.signal } : {}),
    });
  } catch (failure) {
    if (init.signal?.aborted) throw failure;
    throw new ApiError(0, 'unreachable', null);
  }
  if (!response.ok) {
    if (response.status === 401 && path !== '/session') onSignedOut();
    throw await refusal(response);
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export function fetchJson<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', path, { ...(query ? { query } : {}), signal });
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return call<T>('POST', path, { body });
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return call<T>('PUT', path, { body });
}

export function remove(path: string): Promise<void> {
  return call<void>('DELETE', path, {});
}
