import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue';
import { useFeed } from '../live/feed';

export interface Loaded<T> {
  data: ShallowRef<T | null>;
  failure: Ref<unknown>;
  loading: Ref<boolean>;
  reload: () => void;
}

/**
 * Fetches now, whenever a source changes, and after the live stream came back. An answer that is overtaken by a newer
 * question is dropped; while the newer one is under way the old data stays on screen.
 */
export function useLoaded<T>(fetchIt: (signal: AbortSignal) => Promise<T>, sources: WatchSource[] = []): Loaded<T> {
  const data = shallowRef<T | null>(null);
  const failure = ref<unknown>(null);
  const loading = ref(false);
  let current: AbortController | null = null;

  async function run(): Promise<void> {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    loading.value = true;
    try {
      const answer = await fetchIt(mine.signal);
      if (mine !== current) return;
      data.value = answer;
      failure.value = null;
    } catch (problem) {
      if (mine !== current || mine.signal.aborted) return;
      failure.value = problem;
      data.value = null;
    }
    loading.value = false;
  }

  const reload = () => void run();
  watch(sources, reload, { immediate: true });
  useFeed().onConnect(reload);
  onScopeDispose(() => current?.abort());
  return { data, failure, loading, reload };
}

/** Replaces records by id and adds the unknown ones in front. */
export function merge<T extends { id: string }>(list: readonly T[], batch: readonly T[]): T[] {
  const newest = new Map(batch.map((item) => [item.id, item]));
  const kept = list.map((item) => {
    const update = newest.get(item.id);
    newest.delete(item.id);
    return update ?? item;
  });
  return [...newest.values(), ...kept];
}
