import { API, fetchJson } from './client';
import type { Bilingual } from './types';

export interface Use { amount: string | null; coverage: number; estimatedShare: number; resets: number }
export interface Before { amount: string | null; days: number; percent: number | null }
export type Step = 'hour' | 'day' | 'month';

interface Subject { id: string; name: Bilingual; medium: string; unit: string; obis?: string }
interface Answer<T> { siteId: string; timeZone: string; from: string; to: string; rows: T[] }
interface Bucketed<T> extends Answer<T> { step: Step; buckets: string[] }

export interface ConsumptionRow extends Subject { band?: string; total: Use; values: Use[] }
export type Consumption = Bucketed<ConsumptionRow>;

export interface ComparisonDay { day: string; use: Use; weekdays: Before; month: Before; year: Before }
export interface ComparisonRow extends Subject { total: Use; weekdays: Before; month: Before; year: Before; days: ComparisonDay[] }

export interface WaterRow extends Subject {
  equipmentId: string;
  leastNight?: string;
  average?: string;
  nightShare?: number;
  runningHours: number;
  runningSince?: string;
  signs: string[];
}

export interface PumpUse {
  energy: Use;
  volume: Use;
  specific: string | null;
  runningShare: number | null;
  runningHours: number;
  load: number | null;
}
export interface PumpRow { key: string; name: Bilingual; total: PumpUse; values: PumpUse[]; specificBefore?: string; percent?: number; drifted: boolean }

export type Question = Record<string, string | undefined>;

const path = (site: string, what: string) => `/sites/${encodeURIComponent(site)}/${what}`;

export const consumption = (site: string, question: Question, signal?: AbortSignal) =>
  fetchJson<Consumption>(path(site, 'consumption'), question, signal);
export const comparison = (site: string, question: Question, signal?: AbortSignal) =>
  fetchJson<Answer<ComparisonRow>>(path(site, 'consumption/comparison'), question, signal);
export const waterFlow = (site: string, question: Question, signal?: AbortSignal) =>
  fetchJson<Answer<WaterRow> & { start: string; end: string; hours: number }>(path(site, 'water-flow'), question, signal);
export const pumps = (site: string, question: Question, signal?: AbortSignal) =>
  fetchJson<Bucketed<PumpRow>>(path(site, 'pumps'), question, signal);

/** Where the same answer is a file. */
export function fileAddress(site: string, what: string, question: Question, format: 'csv' | 'xlsx', english: boolean): string {
  const parameters = new URLSearchParams({ format, language: english ? 'en' : 'zh' });
  for (const [name, value] of Object.entries(question)) if (value) parameters.set(name, value);
  return `${API}${path(site, what)}?${parameters}`;
}
