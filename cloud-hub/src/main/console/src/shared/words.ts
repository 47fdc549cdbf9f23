import { ApiError } from '../api/client';
import { knows, language, say, t } from '../i18n';
import { usePreferences } from '../app/preferences';
import { useScope } from '../app/scope';
import type { PointValue } from '../api/types';

/** What went wrong, in the user's words. The hub's own text comes first: it knows the reason. */
export function problemText(failure: unknown): string {
  if (failure instanceof ApiError) {
    if (failure.text) return say(failure.text);
    if (failure.status === 0) return t('problem.unreachable');
    if (failure.status === 403) return t('problem.forbidden');
    if (failure.status === 404) return t('problem.notFound');
    return t('problem.status', { status: failure.status });
  }
  return t('problem.unexpected', { detail: String(failure) });
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string | undefined): Intl.DateTimeFormat {
  const key = zone ?? '';
  let found = formats.get(key);
  if (!found) {
    // sv-SE writes 2026-11-21 08:15:00, which both languages read.
    found = new Intl.DateTimeFormat('sv-SE', {
      ...(zone ? { timeZone: zone } : {}),
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    formats.set(key, found);
  }
  return found;
}

/** The zone in which times of a site are shown: the site's, or the browser's when the user prefers that. */
export function shownZone(siteId: string | undefined): string | undefined {
  if (usePreferences().zone === 'browser') return undefined;
  return siteId ? useScope().zoneOf(siteId) : 'Asia/Shanghai';
}

export function timeText(at: string | number | Date | null | undefined, siteId?: string): string {
  if (at === null || at === undefined || at === '') return '—';
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : format(shownZone(siteId)).format(date);
}

export function numberText(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString(language());
  return value.toLocaleString(language(), { maximumSignificantDigits: 6 });
}

/** A value as read; exact registers arrive as text and stay as they are. */
export function valueText(value: PointValue | undefined, unit?: string | null): string {
  if (value === null || value === undefined) return '—';
  const text = typeof value === 'number' ? numberText(value) : String(value);
  return unit ? `${text} ${unit}` : text;
}

/** A word of a closed list, written `cold-water` or `COLD_WATER`; what a newer hub may add is shown as it is. */
export function word(group: string, value: string): string {
  const key = `${group}.${value.toLowerCase().replaceAll('_', '-')}`;
  return knows(key) ? t(key) : value;
}
