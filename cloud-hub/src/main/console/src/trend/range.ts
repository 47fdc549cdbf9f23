import { computed, type ComputedRef } from 'vue';
import { useQuery } from '../app/query';

export const RELATIVE = { '1h': 3_600_000, '6h': 6 * 3_600_000, '24h': 24 * 3_600_000, '7d': 7 * 24 * 3_600_000, '30d': 30 * 24 * 3_600_000, '1y': 365 * 24 * 3_600_000 } as const;
export type Relative = keyof typeof RELATIVE;

export interface Span { from: Date; to: Date }

export interface TrendRange {
  /** The chosen relative range, or empty when two fixed times are shown. */
  relative: ComputedRef<Relative | ''>;
  /** The span to ask for now. */
  span: () => Span;
  /** Changes whenever the choice changes. */
  key: ComputedRef<string>;
  follow: (range: Relative) => void;
  fix: (from: Date, to: Date) => void;
  widen: () => void;
}

/** The time range of a trend, in the address: relative to now, or two fixed times. */
export function useTrendRange(): TrendRange {
  const range = useQuery('range', '6h');
  const from = useQuery('from');
  const to = useQuery('to');

  const fixed = computed<Span | null>(() => {
    const span = { from: new Date(from.value), to: new Date(to.value) };
    return span.to.getTime() > span.from.getTime() ? span : null;
  });
  const relative = computed<Relative | ''>(() => {
    if (fixed.value) return '';
    return range.value in RELATIVE ? (range.value as Relative) : '6h';
  });

  function span(): Span {
    if (fixed.value) return fixed.value;
    const now = Date.now();
    return { from: new Date(now - RELATIVE[relative.value || '6h']), to: new Date(now) };
  }
  function fix(start: Date, end: Date): void {
    from.value = start.toISOString();
    to.value = end.toISOString();
  }

  return {
    relative,
    span,
    key: computed(() => `${relative.value}|${from.value}|${to.value}`),
    fix,
    follow(choice) {
      range.value = choice;
      from.value = '';
      to.value = '';
    },
    widen() {
      const { from: start, to: end } = span();
      const half = (end.getTime() - start.getTime()) / 2;
      fix(new Date(start.getTime() - half), new Date(Math.min(end.getTime() + half, Date.now())));
    },
  };
}
