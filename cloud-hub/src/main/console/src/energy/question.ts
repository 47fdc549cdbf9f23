import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useQuery } from '../app/query';
import { useScope } from '../app/scope';

/** Today at the site, as 2026-11-21, moved by some days. */
export function dayAt(zone: string, move = 0): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone }).format(new Date(Date.now() + move * 86_400_000));
}

export interface EnergyQuestion {
  /** The site that is asked about: the chosen one, else the only one there is. */
  site: ComputedRef<string | undefined>;
  from: WritableComputedRef<string>;
  to: WritableComputedRef<string>;
}

/** Site and days of all screens about energy, in the address. */
export function useEnergyQuestion(usualDays = 7): EnergyQuestion {
  const scope = useScope();
  const site = computed(() => scope.siteQuery ?? (scope.siteList.length === 1 ? scope.siteList[0]?.id : undefined));
  const from = useQuery('from');
  const to = useQuery('to');
  const zone = () => scope.zoneOf(site.value ?? '');
  return {
    site,
    from: computed({ get: () => from.value || dayAt(zone(), 1 - usualDays), set: (value) => (from.value = value) }),
    to: computed({ get: () => to.value || dayAt(zone()), set: (value) => (to.value = value) }),
  };
}

/** A share as percent; what is not all of it never reads as 100. */
export function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '—' : `${Math.floor(share * 1000) / 10} %`;
}

/** A difference in percent, with its sign. */
export function difference(value: number | null | undefined): string {
  return value === null || value === undefined ? '—' : `${value > 0 ? '+' : ''}${value} %`;
}
