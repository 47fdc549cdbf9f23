import type { TariffPlan, TariffRule } from '../../api/energy';
import { language, t } from '../../i18n';

export const BANDS = ['sharp', 'peak', 'flat', 'valley', 'deep-valley'] as const;
export const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const;

/** A part of a day in one band, in minutes since midnight. */
export interface Stretch { band: string; from: number; to: number }
/** Days that are all alike. */
export interface Pattern { months: number[]; days: string[]; stretches: Stretch[] }

const DAY = 1440;

/** 08:30 and 24:00 as minutes of the day. */
export function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

function holds(rule: TariffRule, month: number, day: string): boolean {
  return (!rule.months?.length || rule.months.includes(month)) && (!rule.days?.length || rule.days.includes(day));
}

/** Number of the rule that decides a minute, -1 for none. The first one does, as in the hub. */
const decides = (rules: readonly TariffRule[], minute: number) => rules.findIndex((r) => minuteOf(r.from) <= minute && minute < minuteOf(r.to));

function edges(rules: readonly TariffRule[]): number[] {
  const all = rules.flatMap((r) => [minuteOf(r.from), minuteOf(r.to)]).filter((m) => m > 0 && m < DAY);
  return [...new Set([0, ...all])].sort((a, b) => a - b);
}

/** The bands of a day, one behind the other. */
export function dayOf(plan: TariffPlan, month: number, day: string): Stretch[] {
  const mine = plan.rules.filter((r) => holds(r, month, day));
  const stretches: Stretch[] = [];
  for (const from of edges(mine)) {
    const band = mine[decides(mine, from)]?.band ?? plan.otherwise;
    const before = stretches.at(-1);
    if (before?.band === band) continue;
    if (before) before.to = from;
    stretches.push({ band, from, to: DAY });
  }
  return stretches;
}

function grouped<T>(items: readonly T[], sign: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(sign(item), [...(groups.get(sign(item)) ?? []), item]);
  return [...groups.values()];
}

/** The different days of a year: months whose weeks are alike together, and days of the week that are alike. */
export function patternsOf(plan: TariffPlan): Pattern[] {
  const sign = (month: number, day: string) => JSON.stringify(dayOf(plan, month, day));
  return grouped(MONTHS, (month) => WEEK.map((day) => sign(month, day)).join()).flatMap((months) =>
    grouped(WEEK, (day) => sign(months[0]!, day)).map((days) => ({ months, days, stretches: dayOf(plan, months[0]!, days[0]!) })),
  );
}

/** Numbers of rules that never decide anything, because others before them do. */
export function idleRules(plan: TariffPlan): number[] {
  const used = new Set<TariffRule | undefined>();
  for (const month of MONTHS) {
    for (const day of WEEK) {
      const mine = plan.rules.filter((r) => holds(r, month, day));
      for (const from of edges(mine)) used.add(mine[decides(mine, from)]);
    }
  }
  return plan.rules.flatMap((rule, i) => (used.has(rule) ? [] : [i]));
}

/** Minutes of a day by band, in the order of the bands. */
export function totalsOf(stretches: readonly Stretch[]): { band: string; minutes: number }[] {
  return BANDS.map((band) => ({ band, minutes: stretches.filter((s) => s.band === band).reduce((sum, s) => sum + s.to - s.from, 0) })).filter((b) => b.minutes);
}

export function hoursText(minutes: number): string {
  return `${Math.round(minutes / 6) / 10} h`;
}

const named = (at: Date, part: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language(), { ...part, timeZone: 'UTC' }).format(at);
export const monthName = (month: number) => named(new Date(Date.UTC(2026, month - 1, 1)), { month: 'short' });
/** 5 January 2026 is a Monday. */
export const dayName = (day: string) => named(new Date(Date.UTC(2026, 0, 5 + WEEK.indexOf(day as (typeof WEEK)[number]))), { weekday: 'short' });

/** Neighbours as a span: 7月–9月、12月. */
function spans<T>(all: readonly T[], chosen: readonly T[], name: (item: T) => string): string {
  const runs: T[][] = [];
  for (const item of all) {
    if (!chosen.includes(item)) continue;
    const last = runs.at(-1);
    if (last && all.indexOf(last.at(-1)!) + 1 === all.indexOf(item)) last.push(item);
    else runs.push([item]);
  }
  return runs.map((run) => (run.length > 2 ? `${name(run[0]!)}–${name(run.at(-1)!)}` : run.map(name).join(t('setting.comma')))).join(t('setting.comma'));
}

export function monthsText(months: readonly number[] | null | undefined): string {
  return !months?.length || months.length === MONTHS.length ? t('setting.allYear') : spans(MONTHS, months as (typeof MONTHS)[number][], monthName);
}

export function daysText(days: readonly string[] | null | undefined): string {
  return !days?.length || days.length === WEEK.length ? t('setting.everyDay') : spans<string>(WEEK, days, dayName);
}
