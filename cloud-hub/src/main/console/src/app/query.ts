import { computed, nextTick, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type Router } from 'vue-router';

let waiting: Record<string, string | undefined> | null = null;

/** Several filters may change in one go; they become one replacement of the address. */
function put(router: Router, name: string, value: string | undefined): void {
  if (waiting) {
    waiting[name] = value;
    return;
  }
  waiting = { [name]: value };
  void nextTick(() => {
    const changes = waiting;
    waiting = null;
    const query = { ...router.currentRoute.value.query, ...changes };
    for (const key of Object.keys(query)) if (!query[key]) delete query[key];
    void router.replace({ query });
  });
}

/** One filter that lives in the address, so that every view can be linked to. */
export function useQuery(name: string, initial = ''): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get() {
      const value = route.query[name];
      return typeof value === 'string' && value ? value : initial;
    },
    set(value) {
      put(router, name, value && value !== initial ? value : undefined);
    },
  });
}
