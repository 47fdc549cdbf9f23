import { ref } from 'vue';
import * as hub from '../api/calls';
import { ApiError } from '../api/client';
import { useAlarms } from './alarm-store';
import { t } from '../i18n';
import { problemText } from '../shared/words';

const AT_ONCE = 6;

/** Acknowledges alarms and says how it went. Somebody else having been faster is not a failure. */
export function useAcknowledging() {
  const busy = ref(false);
  const outcome = ref<{ ok: boolean; text: string } | null>(null);

  async function acknowledge(ids: readonly string[], note: string): Promise<void> {
    const store = useAlarms();
    const queue = [...ids];
    const problems: unknown[] = [];
    let done = 0;
    busy.value = true;
    outcome.value = null;

    async function worker(): Promise<void> {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        try {
          store.apply([await hub.acknowledge(id, note)]);
          done++;
        } catch (failure) {
          if (failure instanceof ApiError && failure.status === 409 && ids.length > 1) done++;
          else problems.push(failure);
        }
      }
    }

    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    busy.value = false;
    outcome.value = problems.length
      ? { ok: false, text: t('alarm.ackFailed', { failed: problems.length, reason: problemText(problems[0]) }) }
      : { ok: true, text: t('alarm.ackDone', { count: done }) };
  }

  return { busy, outcome, acknowledge };
}
