import { onScopeDispose } from 'vue';

/** Runs at most once per interval, and always once more after the last call. */
export function throttled(action: () => void, everyMs: number): () => void {
  let timer = 0;
  let next = 0;
  onScopeDispose(() => clearTimeout(timer));
  return () => {
    if (timer) return;
    timer = window.setTimeout(() => {
      timer = 0;
      next = Date.now() + everyMs;
      action();
    }, Math.max(0, next - Date.now()));
  };
}
