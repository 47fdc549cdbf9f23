import { onScopeDispose, ref, type Ref } from 'vue';

/** True on a phone, where tables become cards. The same width stands in console.css. */
export function useNarrow(): Ref<boolean> {
  const query = matchMedia('(max-width: 640px)');
  const narrow = ref(query.matches);
  const follow = () => (narrow.value = query.matches);
  query.addEventListener('change', follow);
  onScopeDispose(() => query.removeEventListener('change', follow));
  return narrow;
}
