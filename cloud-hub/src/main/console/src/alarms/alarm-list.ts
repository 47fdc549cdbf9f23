import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import * as hub from '../api/calls';
import type { Alarm, Priority } from '../api/types';
import { useQuery } from '../app/query';
import { useScope } from '../app/scope';
import { useFeed } from '../live/feed';
import { merge } from '../shared/load';
import { isActive, isUnacknowledged, useAlarms } from './alarm-store';

export const STATES = ['open', 'active', 'unacknowledged', 'all'] as const;
const PAGE = 200;

export interface AlarmFilters {
  state: Ref<string>;
  priority: Ref<string>;
  text: Ref<string>;
}

export function useAlarmFilters(): AlarmFilters {
  return { state: useQuery('state', 'open'), priority: useQuery('priority'), text: useQuery('text') };
}

function matcher({ state, priority, text }: AlarmFilters): (alarm: Alarm) => boolean {
  const priorities = priority.value ? (priority.value.split(',') as Priority[]) : null;
  const wanted = text.value.trim().toLowerCase();
  return (a) =>
    (!priorities || priorities.includes(a.priority)) &&
    (state.value !== 'active' || isActive(a)) &&
    (state.value !== 'unacknowledged' || isUnacknowledged(a)) &&
    (!wanted || [a.title, a.equipmentName, a.siteName].some((t) => `${t.zh} ${t.en}`.toLowerCase().includes(wanted)));
}

export interface AlarmList {
  rows: ComputedRef<Alarm[]>;
  failure: ComputedRef<unknown>;
  loading: ComputedRef<boolean>;
  hasMore: ComputedRef<boolean>;
  more: () => Promise<void>;
  retry: () => void;
}

/**
 * The alarms of the table. Open ones come from the live store and are filtered here, at once; "all" is history, asked
 * from the hub page by page and then kept up to date by the stream as well.
 */
export function useAlarmList(filters: AlarmFilters): AlarmList {
  const store = useAlarms();
  const scope = useScope();
  const history = shallowRef<Alarm[]>([]);
  const before = ref<string | null>(null);
  const failure = ref<unknown>(null);
  const loading = ref(false);
  const isHistory = computed(() => filters.state.value === 'all');
  let round = 0;

  async function page(from: string | null): Promise<void> {
    const mine = ++round;
    loading.value = true;
    try {
      const answer = await hub.alarms({
        state: 'all', site: scope.siteQuery, priority: filters.priority.value, text: filters.text.value, limit: PAGE, before: from,
      });
      if (mine !== round) return;
      history.value = from ? [...history.value, ...answer.items] : answer.items;
      before.value = answer.nextBefore;
      failure.value = null;
    } catch (problem) {
      if (mine === round) failure.value = problem;
    }
    if (mine === round) loading.value = false;
  }

  const restart = () => void (isHistory.value && page(null));
  watch([isHistory, filters.priority, filters.text, () => scope.siteQuery], restart, { immediate: true });
  const feed = useFeed();
  feed.onConnect(restart);
  feed.on('alarm', (batch) => {
    if (isHistory.value) history.value = merge(history.value, batch.slice().reverse());
  });

  return {
    rows: computed(() => {
      const fits = matcher(filters);
      return isHistory.value ? history.value.filter((a) => scope.has(a.siteId) && fits(a)) : store.open.filter(fits);
    }),
    failure: computed(() => (isHistory.value ? failure.value : store.failure)),
    loading: computed(() => (isHistory.value ? loading.value : !store.loaded)),
    hasMore: computed(() => isHistory.value && before.value !== null),
    more: () => page(before.value),
    retry: () => (isHistory.value ? restart() : void store.load()),
  };
}
