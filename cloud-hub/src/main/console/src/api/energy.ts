import { API, fetchJson, post, put } from './client';
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

/** The first rule that names a minute decides; without months or days a rule holds in all of them. */
export interface TariffRule { band: string; from: string; to: string; months?: number[]; days?: string[] }
export interface TariffPlan { medium: string; validFrom: string; otherwise: string; rules: TariffRule[]; withdrawn?: boolean }
export interface TariffVersion { plan: TariffPlan; version: number; author: string; putAt: string; standing: boolean }

export interface PumpGroup {
  key: string;
  name: Bilingual;
  energy?: string[];
  volume?: string[];
  running?: { pointId: string; codes: number[] }[];
  ratedKw?: number;
}
/** Put back as it came: the version says what it was made from. */
export interface AnalysisSettings { subMeters?: string[]; behind?: { meter: string; main: string }[]; pumpGroups?: PumpGroup[]; version?: number }
export interface AnalysisPoint {
  id: string;
  equipmentId: string;
  equipmentName: Bilingual;
  name: string;
  title: Bilingual;
  use: 'energy' | 'volume' | 'running';
  unit?: string;
  states?: { code: number; title: Bilingual }[];
}

export const tariffVersions = (site: string, signal?: AbortSignal) => fetchJson<TariffVersion[]>(path(site, 'tariffs'), { versions: 'all' }, signal);
/** Answers with all plans that stand now. */
export const putTariff = (site: string, plan: TariffPlan) => post<TariffVersion[]>(path(site, 'tariffs'), plan);
export const analysisSettings = (site: string, signal?: AbortSignal) => fetchJson<AnalysisSettings>(path(site, 'analysis'), undefined, signal);
export const putAnalysisSettings = (site: string, settings: AnalysisSettings) => put<AnalysisSettings>(path(site, 'analysis'), settings);
export const analysisPoints = (site: string, signal?: AbortSignal) => fetchJson<AnalysisPoint[]>(path(site, 'analysis/points'), undefined, signal);

/** Where the same answer is a file. */
export function fileAddress(site: string, what: string, question: Question, format: 'csv' | 'xlsx', english: boolean): string {
  const parameters = new URLSearchParams({ format, language: english ? 'en' : 'zh' });
  for (const [name, value] of Object.entries(question)) if (value) parameters.set(name, value);
  return `${API}${path(site, what)}?${parameters}`;
}
