import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import * as hub from '../api/calls';
import type { Alarm, Priority } from '../api/types';
import { useScope } from '../app/scope';
import { useFeed } from '../live/feed';
import { merge } from '../shared/load';

export const PRIORITIES: Priority[] = ['critical', 'high', 'medium', 'low'];
const PAGE = 500;
const MOST = 10_000;

export const isOpen = (alarm: Alarm) => alarm.state !== 'cleared-acknowledged';
export const isUnacknowledged = (alarm: Alarm) => alarm.state.endsWith('-unacknowledged');
export const isActive = (alarm: Alarm) => alarm.state.startsWith('active');

async function everyOpen(): Promise<Alarm[]> {
  let before: string | null = null;
  let all: Alarm[] = [];
  do {
    const page: { items: Alarm[]; nextBefore: string | null } = await hub.alarms({ state: 'open', limit: PAGE, before });
    all = all.concat(page.items);
    before = page.nextBefore;
  } while (before && all.length < MOST);
  return all;
}

/** Every open alarm the user may see, newest first, kept up to date by the live stream. */
export const useAlarms = defineStore('alarms', () => {
  const open = shallowRef<Alarm[]>([]);
  const failure = ref<unknown>(null);
  const loaded = ref(false);
  /** When alarms came in by the stream, so that new ones can be marked for a while. */
  const arrived = new Map<string, number>();
  /** Events that come in while a snapshot is being fetched wait here; null when none is. */
  let early: Alarm[] | null = null;
  const scope = useScope();
  const feed = useFeed();

  function apply(batch: Alarm[]): void {
    if (early) {
      early.push(...batch);
      return;
    }
    const known = new Set(open.value.map((a) => a.id));
    for (const alarm of batch) if (!known.has(alarm.id) && isOpen(alarm)) arrived.set(alarm.id, Date.now());
    open.value = merge(open.value, batch.slice().reverse()).filter(isOpen);
  }

  async function load(): Promise<void> {
    const mine = (early = []) as Alarm[];
    try {
      const all = await everyOpen();
      if (mine !== early) return; // A newer snapshot is under way.
      open.value = all;
      failure.value = null;
      loaded.value = true;
    } catch (problem) {
      if (mine !== early) return;
      failure.value = problem;
    }
    early = null;
    apply(mine);
  }

  feed.on('alarm', apply);
  feed.onConnect(() => void load());

  const inScope = computed(() => open.value.filter((a) => scope.has(a.siteId)));
  return {
    open: inScope,
    failure,
    loaded,
    arrived,
    apply,
    load,
    counts: computed(() => {
      const counts: Record<Priority, number> = { critical: 0, high: 0, medium: 0, low: 0 };
      for (const alarm of inScope.value) counts[alarm.priority]++;
      return counts;
    }),
  };
});
